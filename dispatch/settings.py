"""How this installation is set up: instance/config.toml and DRAGOMAN_ variables."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

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

from dispatch import cities
from dispatch.cities import City
from dispatch.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
_active: "Settings | None" = None


def _city(value: object) -> object:
    """Return the city of a name; what is a city already stays it."""
    try:
        return cities.named(value) if isinstance(value, str) else value
    except Refusal as unknown:
        raise ValueError(str(unknown).rstrip(".")) from unknown


class Settings(BaseSettings):
    """Every setting with its default; a wrong value stops the start with its name."""

    model_config = SettingsConfigDict(
        env_prefix="DRAGOMAN_", toml_file=INSTANCE / "config.toml", extra="forbid", frozen=True
    )

    database_url: str = f"sqlite:///{INSTANCE / 'dragoman.sqlite'}"
    public_base_url: HttpUrl = HttpUrl("http://127.0.0.1:8000")
    secret_key_file: Path = INSTANCE / "secret_key"
    sink_dir: Path = INSTANCE / "sink"
    smtp_url: str | None = None
    imap_url: str | None = None
    mail_from: str = "einsatz@dragoman.example"
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_from: str | None = None
    twilio_base_url: HttpUrl | None = None
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    routing_url: HttpUrl | None = None
    plan_in_parts_above: int = Field(default=2500, ge=1)
    city: Annotated[City, NoDecode, BeforeValidator(_city)] = cities.named("dortmund")
    now: AwareDatetime | None = None
    egress_allow: str | None = None

    @field_validator("database_url")
    @classmethod
    def _database_is_supported(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("it begins with sqlite:/// or postgresql+psycopg://")
        return value

    @model_validator(mode="after")
    def _set_clock_only_without_real_transports(self) -> Self:
        if self.now is not None and (self.smtp_url or self.twilio_account_sid):
            raise ValueError(
                "DRAGOMAN_NOW sets the clock for demonstrations and cannot be combined with a "
                "real mail or SMS transport; remove DRAGOMAN_NOW or the transport"
            )
        if self.twilio_account_sid and not (self.twilio_auth_token and self.twilio_from):
            raise ValueError(
                "DRAGOMAN_TWILIO_ACCOUNT_SID needs DRAGOMAN_TWILIO_AUTH_TOKEN and "
                "DRAGOMAN_TWILIO_FROM beside it"
            )
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
    def base_url(self) -> str:
        """The public address of this installation without a slash at the end."""
        return str(self.public_base_url).rstrip("/")

    @property
    def time_zone(self) -> str:
        """The time zone of the city."""
        return self.city.zone_name

    def secret_key(self) -> str:
        """Return the key that signs sessions; made once, readable by the owner only."""
        if not self.secret_key_file.exists():
            self.secret_key_file.parent.mkdir(parents=True, exist_ok=True)
            self.secret_key_file.touch(mode=0o600)
            self.secret_key_file.write_text(secrets.token_urlsafe(48))
        return self.secret_key_file.read_text().strip()

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
