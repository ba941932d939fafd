"""What a city is to the rest of the program."""

import csv
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dispatch.cities import hours, public_holidays
from dispatch.cities.telephones import grouped


class Centre(NamedTuple):
    """The middle of a city in degrees (WGS 84); what lies far from it is asked about."""

    latitude: float
    longitude: float


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Holidays(_Part):
    """Whose public holidays are kept: ISO 3166 country and subdivision.

    `school` names the file of the school holidays beside this one; without one nobody knows them.
    """

    country: str
    subdivision: str | None = None
    school: str | None = None

    @model_validator(mode="after")
    def _are_known(self) -> "Holidays":
        public_holidays.require_known(self.country, self.subdivision)
        if self.school is not None and not _school_file(self.school).is_file():
            raise ValueError(f"there is no file of school holidays {self.school}")
        return self


class Office(_Part):
    """Who sends the messages and answers the telephone (`phone` in E.164)."""

    name: str
    phone: str
    sms_sender: str = Field(pattern=r"^[A-Za-z0-9 ]{1,11}$")
    """What a telephone shows as the sender; more than eleven letters no network carries."""


def _is_one_line(text: str) -> str:
    if text != " ".join(text.split()) or not text.isprintable():
        raise ValueError(f"“{text}” is to be one line, without blanks around it")
    return text


_Line = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_is_one_line)]


class Imprint(_Part):
    """Who is answerable for what is sent, as each mail says below: name, seat, how to reach them.

    `contact` is an e-mail address or the https address of a page.
    """

    name: _Line
    address: _Line
    contact: Annotated[_Line, Field(pattern=r"^(https://\S+\.\S+|[^\s@]+@[^\s@]+\.[^\s@]+)$")]


class Agency(_Part):
    """A partner whom the office calls when nobody of its own pool comes (`phone` in E.164).

    `languages` are those it has, as tags; without any it is called for all.
    """

    name: str
    phone: str
    languages: tuple[str, ...] = ()


class Substitution(_Part):
    """A variety that may do `instead` of the one asked for, where those who ask agree; as tags.

    `labels` say by locale what is to be known of it; an English one stands for all others.
    """

    asked: str
    instead: str
    labels: dict[str, str]

    @model_validator(mode="after")
    def _is_labelled(self) -> "Substitution":
        if not self.labels.get("en"):
            raise ValueError(f"{self.instead} instead of {self.asked} needs an English label")
        return self


class Policies(_Part):
    """What a city has decided.

    `notice_working_days`: so long before, requests are to be sent in; whatever comes later has to
    be urgent, and is asked by `urgent_strategy` at once, by itself, where one is given.
    Where a talk is longer than `two_above_minutes`, two interpret it in turn.
    `urgent_below_working_days`: what begins sooner is urgent. `withdrawal_ends_hours`: so many
    hours before the start who has accepted can only withdraw by calling. `far_away_km`: a place
    farther from the centre is asked about before it is kept. `wait_for_a_tier_minutes`: so long,
    in answering hours, a tier is asked alone before the next is asked as well.
    `partners_read_numbers`: two interpreters who share a talk read each other's number.
    A way from home longer than `longest_way_minutes` or, as the crow flies, `longest_way_km` is
    approved by the office before the interpreter is asked, within `way_approved_within_minutes` of
    office hours.
    """

    notice_working_days: int = Field(ge=0, le=20)
    urgent_strategy: Literal["cascade", "broadcast", "tiers", "interest"] | None = None
    two_above_minutes: int | None = Field(None, ge=15, le=600)
    urgent_below_working_days: int = Field(ge=1, le=20)
    withdrawal_ends_hours: int = Field(ge=0, le=24 * 14)
    far_away_km: int = Field(ge=10, le=2000)
    wait_for_a_tier_minutes: int = Field(ge=15, le=26 * 60)
    partners_read_numbers: bool = False
    longest_way_minutes: int | None = Field(None, ge=10, le=600)
    longest_way_km: int | None = Field(None, ge=1, le=1000)
    way_approved_within_minutes: int = Field(240, ge=30, le=5 * 480)

    def withdrawal_ends(self, starts_at: datetime) -> datetime:
        """Return until when whoever has accepted may take it back without calling the office."""
        return starts_at - timedelta(hours=self.withdrawal_ends_hours)


class Cancellation(_Part):
    """What is owed to an interpreter whose assignment is cancelled late.

    Late is what is told on the day itself or one of so many working days before it; told is what
    the office can read: a mail on Sunday is told on Monday. Then the agreed time is paid, but no
    more than `most_minutes`, to those who are `paid` by the job.
    """

    late_working_days: int = Field(ge=0, le=20)
    most_minutes: int = Field(ge=0, le=600)
    paid: tuple[Literal["staff", "freelance", "volunteer"], ...]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name}") from None
    return name


_Week = Annotated[hours.Week, BeforeValidator(hours.week)]
_Hours = Annotated[hours.Hours, BeforeValidator(hours.between)]
Span = tuple[datetime, datetime]
"""A half-open interval of instants, in UTC."""


class City(_Part):
    """A city: its language, clock, calendar, telephone and what it has decided.

    `locales` are those the pages speak there, the first where nobody has chosen. Working days are
    days with office hours that are no public holidays; answering hours are when people answer
    offers.
    """

    key: str
    name: str
    zone_name: Annotated[str, AfterValidator(_zone)]
    locales: tuple[str, ...] = Field(min_length=1)
    reference_prefix: str = Field(pattern=r"^[A-Z]{2,3}$")
    phone_region: str = Field(pattern=r"^[A-Z]{2}$")
    centre: Centre
    office: Office
    imprint: Imprint
    holidays: Holidays
    office_hours: _Week
    answering_hours: _Week
    quiet_hours: _Hours
    policies: Policies
    cancellation: Cancellation
    agencies: tuple[Agency, ...] = ()
    substitutions: tuple[Substitution, ...] = ()

    @model_validator(mode="after")
    def _telephones_can_be_called(self) -> "City":
        for phone in (self.office.phone, *(one.phone for one in self.agencies)):
            try:
                number = phonenumbers.parse(phone, self.phone_region)
            except phonenumbers.NumberParseException:
                number = None
            if number is None or not phonenumbers.is_valid_number(number):
                raise ValueError(f"{phone} is no telephone number of {self.phone_region}")
        return self

    @property
    def office_phone(self) -> str:
        """The telephone of the office as people read it in a message, such as 030 23125000."""
        return grouped(self.office.phone, self.phone_region)

    def locales_for(self, own: str) -> tuple[str, ...]:
        """Return what is offered to somebody who reads `own`: that as well, until they change."""
        return self.locales if own in self.locales else (*self.locales, own)

    def agencies_for(self, language: str) -> tuple[Agency, ...]:
        """Return the partners the office may call for a language, in the order to call them."""
        return tuple(one for one in self.agencies if language in (one.languages or (language,)))

    @property
    def zone(self) -> ZoneInfo:
        """The city's clock."""
        return ZoneInfo(self.zone_name)

    def is_holiday(self, day: date) -> bool:
        """Tell whether the day is a public holiday."""
        kept = self.holidays
        return day in public_holidays.days(kept.country, kept.subdivision, day.year)

    def holiday_name(self, day: date, locale: str) -> str | None:
        """Return what a public holiday is called, in the locale where that is known."""
        if not self.is_holiday(day):
            return None
        language = {"de": "de", "en": "en_US", "el": "el"}.get(locale[:2])
        kept = self.holidays
        named = public_holidays.names(kept.country, kept.subdivision, day.year, language)
        return named[day]

    def is_school_holiday(self, day: date) -> bool:
        """Tell whether the schools are closed for holidays; False where nobody knows."""
        return self.holidays.school is not None and any(
            first <= day <= last for first, last in _school_holidays(self.holidays.school)
        )

    def is_working_day(self, day: date) -> bool:
        """Tell whether the offices of the city are open on the day."""
        return self.office_hours[day.weekday()] is not None and not self.is_holiday(day)

    def office_span(self, day: date) -> Span | None:
        """Return when the office is open on a local day, None when it is not."""
        return self._span(self.office_hours, day)

    def answering_span(self, day: date) -> Span | None:
        """Return when people answer on a local day, None on days they are left alone."""
        return self._span(self.answering_hours, day)

    def _span(self, week: hours.Week, day: date) -> Span | None:
        opened = week[day.weekday()]
        if opened is None or self.is_holiday(day):
            return None
        first = datetime.combine(day, opened.first, self.zone).astimezone(UTC)
        return first, datetime.combine(day, opened.last, self.zone).astimezone(UTC)


def _school_file(name: str) -> Path:
    return Path(__file__).parent / "school_holidays" / f"{name}.csv"


@cache
def _school_holidays(name: str) -> tuple[tuple[date, date], ...]:
    """Return the first and last days of the holidays in a file."""
    with _school_file(name).open(encoding="utf-8", newline="") as file:
        return tuple(
            (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
            for row in csv.DictReader(file)
        )
