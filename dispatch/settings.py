"""How this installation is set up: instance/config.toml and DRAGOMAN_ variables."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    HttpUrl,
    IPvAnyNetwork,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dispatch import carriers, cities, keys, servers
from dispatch.carriers import Carrier
from dispatch.cities import City
from dispatch.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
PREFIX = "DRAGOMAN_"
FOR_TESTS = "DRAGOMAN_TEST_"
ROUTED = ("car", "bicycle", "on_foot")
"""Ways of travelling that a routing engine may know."""

MAILBOX = re.compile(r"[^@\s,;:<>\"]+@[^@\s,;:<>\"]+\.[^@\s,;:<>\"]+", re.ASCII)
_active: "Settings | None" = None


def _city(value: object) -> object:
    """Return the city of a name; what is a city already stays it."""
    try:
        return cities.named(value) if isinstance(value, str) else value
    except Refusal as unknown:
        raise ValueError(str(unknown).rstrip(".")) from unknown


Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(servers.networks_of)]


class Settings(BaseSettings):
    """Every setting with its default; a wrong value stops the start with its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=INSTANCE / "config.toml", extra="forbid", frozen=True
    )

    database_url: str = f"sqlite:///{INSTANCE / 'dragoman.sqlite'}"
    public_base_url: HttpUrl = HttpUrl("http://127.0.0.1:8000")
    secret_key_file: Path = INSTANCE / "secret_key"
    sink_dir: Path = INSTANCE / "sink"
    smtp_url: str | None = None
    imap_url: str | None = Field(default=None, repr=False)
    mail_from: str = "einsatz@dragoman.example"
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_second_auth_token: str | None = Field(default=None, repr=False)
    twilio_from: str | None = None
    twilio_base_url: HttpUrl | None = None
    seven_api_key: str | None = Field(default=None, repr=False)
    seven_from: str | None = None
    seven_signing_key: str | None = Field(default=None, repr=False)
    seven_base_url: HttpUrl | None = None
    sms_first: Literal["twilio", "seven"] | None = None
    routing_url: str | None = None
    mails_at_once: int = Field(default=20, ge=2, le=50)
    sms_at_once: int = Field(default=20, ge=2, le=50)
    mails_per_second: float | None = Field(default=None, gt=0)
    sms_per_second: float | None = Field(default=None, gt=0)
    sms_per_day: int | None = Field(default=None, ge=1)
    trusted_proxies: Networks = ()
    egress_allow: Networks = ()
    plan_in_parts_above: int = Field(default=2500, ge=1)
    city: Annotated[City, NoDecode, BeforeValidator(_city)] = cities.named("dortmund")
    now: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_unknown_or_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        # An unknown variable of the environment is not among `given`: pydantic reads known ones.
        known = {PREFIX + name.upper() for name in cls.model_fields}
        for name in sorted(os.environ):
            ours = name.startswith(PREFIX) and not name.startswith(FOR_TESTS)
            if ours and name.upper() not in known:
                raise ValueError(f"There is no setting {name}; remove it or correct its name")
        for name, value in given.items():
            if value == "":
                named = PREFIX + name.upper()
                raise ValueError(f"The setting {named} is empty; give it a value or remove it")
        return given

    @field_validator("database_url")
    @classmethod
    def _database_is_supported(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("it begins with sqlite:/// or postgresql+psycopg://")
        if not value.startswith("sqlite"):
            servers.parts_of(
                value, "write it like postgresql+psycopg://user:password@127.0.0.1:5432/name"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server_can_be_called(cls, value: str | None) -> str | None:
        if value is not None:
            right = "write it like smtp://user:password@mail.example:587 or smtps://…"
            parts = servers.parts_of(value, right)
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
                raise ValueError(right)
        return value

    @field_validator("imap_url")
    @classmethod
    def _mailbox_can_be_opened(cls, value: str | None) -> str | None:
        if value is not None:
            right = "write it like imaps://user:password@mail.example/INBOX, with %40 for an @"
            parts = servers.parts_of(value, right)
            whole = parts.hostname and parts.username and parts.password
            if parts.scheme not in {"imap", "imaps"} or not whole:
                raise ValueError(right)
        return value

    @field_validator("routing_url")
    @classmethod
    def _routing_engine_can_be_called(cls, value: str | None) -> str | None:
        for name, address in servers.routing_of(value).items():
            right = "write it like http://127.0.0.1:8002"
            parts = servers.parts_of(address, right)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
                raise ValueError(f"“{address}” is no address; {right}")
            if name and name not in ROUTED:
                raise ValueError(f"“{name}” is none of {', '.join(ROUTED)}")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender_is_an_address(cls, value: str) -> str:
        if not MAILBOX.fullmatch(value):
            raise ValueError(f"“{value}” is no address; write it like einsatz@stadt.example")
        return value

    @field_validator("secret_key_file", "sink_dir")
    @classmethod
    def _place_can_be_written(cls, value: Path) -> Path:
        above = value.absolute().parent
        while not above.exists():
            above = above.parent
        if not above.is_dir():
            raise ValueError(f"{above} is no folder")
        if not os.access(above, os.W_OK | os.X_OK):
            raise ValueError(f"the folder {above} cannot be written")
        return value

    @field_validator("secret_key_file")
    @classmethod
    def _key_is_a_file(cls, value: Path) -> Path:
        if value.is_dir():
            raise ValueError(f"{value} is a folder; name a file in it")
        return value

    @field_validator("sink_dir")
    @classmethod
    def _sink_is_a_folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError(f"{value} is no folder")
        return value

    @model_validator(mode="after")
    def _set_clock_only_without_real_transports(self) -> Self:
        if self.now is not None and (self.smtp_url or self.has_sms_provider or self.imap_url):
            raise ValueError(
                "DRAGOMAN_NOW sets the clock for demonstrations and cannot be combined with a "
                "real mail or SMS transport or mailbox; remove DRAGOMAN_NOW or the transport"
            )
        return self

    @model_validator(mode="after")
    def _twilio_is_complete(self) -> Self:
        if self.twilio_account_sid and not self.twilio_auth_token:
            raise ValueError(
                "DRAGOMAN_TWILIO_ACCOUNT_SID needs DRAGOMAN_TWILIO_AUTH_TOKEN beside it"
            )
        if self.twilio_auth_token and not self.twilio_account_sid:
            raise ValueError("DRAGOMAN_TWILIO_AUTH_TOKEN needs DRAGOMAN_TWILIO_ACCOUNT_SID")
        return self

    @model_validator(mode="after")
    def _one_provider_carries_sms(self) -> Self:
        carriers.require_sound(self.sms_carriers, self.sms_first)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then instance/config.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def emergency_list(self) -> Path:
        """Where the list for the day when nothing works is written: beside the sink."""
        return self.sink_dir.parent / "emergency-list.html"

    @property
    def proofs(self) -> Path:
        """The folder of what proves qualifications: beside the sink."""
        return self.sink_dir.parent / "proofs"

    @property
    def base_url(self) -> str:
        """The public address of this installation without a slash at the end."""
        return str(self.public_base_url).rstrip("/")

    @property
    def routing(self) -> dict[str, str]:
        """The addresses of routing engines by way of travelling; "" is whatever it knows."""
        return servers.routing_of(self.routing_url)

    @property
    def sms_sender(self) -> str:
        """Whom a telephone shows as the sender: a number of the provider's, or the city's name."""
        usual = next(iter(self.sms_carriers), None)
        return usual.sender if usual else self.twilio_from or self.city.office.sms_sender

    @property
    def sms_carriers(self) -> tuple[Carrier, ...]:
        """The providers of SMS that are set up; the second takes over what is urgent."""
        name, found = self.city.office.sms_sender, []
        if self.twilio_account_sid:
            found.append(Carrier("twilio", self.twilio_from or name, reads=True))
        if self.seven_api_key:
            reads = bool(self.seven_signing_key)
            found.append(Carrier("seven", self.seven_from or name, reads=reads))
        return carriers.in_order(found, self.sms_first)

    @property
    def has_sms_provider(self) -> bool:
        """Whether SMS really leave."""
        return bool(self.sms_carriers)

    @property
    def takes_sms(self) -> bool:
        """Whether people can answer an SMS: its sender is a number or a service, not a name.

        What comes in by seven is taken where the key is known that it is signed with.
        """
        usual = Carrier("sink", self.sms_sender, reads=True)
        return next(iter(self.sms_carriers), usual).can_be_answered

    @property
    def time_zone(self) -> str:
        """The time zone of the city."""
        return self.city.zone_name

    def secret_key(self) -> str:
        """Return the key that signs sessions; made once, readable by the owner only.

        Raises `Refusal` for a file that holds no key: with an empty one anybody signs sessions.
        """
        return keys.read(self.secret_key_file)

    @property
    def frozen_now(self) -> datetime | None:
        """The instant at which the clock stands still, if it does."""
        return self.now


def use(settings: Settings) -> None:
    """Make these the settings of this process; done once, when the application is made."""
    global _active
    _active = settings


def active() -> Settings:
    """Return the settings of this process, read from file and environment at the first call."""
    global _active
    if _active is None:
        _active = Settings()
    return _active
