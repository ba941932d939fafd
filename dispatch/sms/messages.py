"""What is sent back to somebody who wrote an SMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch import settings
from dispatch.accounts.models import Account
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.languages.rules import name_of
from dispatch.messaging.codes import Codes
from dispatch.sms.models import InboundSms
from dispatch.web.formats import short_date_in, time_in

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SAID_FOR = timedelta(hours=12)
"""How long after an SMS an answer to it is of any use."""


@dataclass(frozen=True)
class OpenQuestion:
    """A question that an SMS may have answered, as the SMS that asks back names it."""

    short_day: str
    start: str
    yes_code: str
    no_code: str


@dataclass(frozen=True)
class AskedBackFacts:
    """The questions that are open to somebody, where all of them are answered, and whom to call.

    `nothing_open`: there is none that what they wrote could answer.
    """

    each: tuple[OpenQuestion, ...]
    link: str
    phone: str
    nothing_open: bool


@dataclass(frozen=True)
class HelpFacts:
    """Who writes, and whom to call."""

    office: str
    phone: str


@dataclass(frozen=True)
class NotTakenFacts:
    """The question whose answer does not count, and where it says how it stands.

    Why: they had said no before (`has_declined`), or yes (`has_agreed`); else it came too late.
    """

    short_day: str
    start: str
    end: str
    language: str
    link: str
    phone: str
    has_declined: bool
    has_agreed: bool


@dataclass(frozen=True)
class Asked:
    """A question as far as an SMS names it."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    language: str
    codes: Codes
    path: str


def who_wrote(sms: InboundSms, account: Account) -> Person:
    """Return whoever wrote, at the number they wrote from."""
    return Person(account.name, account.locale, account.email, sms.sender)


def ask_back(sms: InboundSms, person: Person, questions: Sequence[Asked], now: datetime) -> None:
    """Ask which of the open questions is meant, or what."""
    each = tuple(
        OpenQuestion(
            short_day=short_date_in(one.starts_at, one.time_zone, person.locale),
            start=time_in(one.starts_at, one.time_zone, person.locale),
            yes_code=one.codes.yes_code,
            no_code=one.codes.no_code,
        )
        for one in questions
    )
    _tell(Event.SMS_UNCLEAR, sms, person, _asked_back(each), now)


def answers_nothing(sms: InboundSms, person: Person, now: datetime) -> None:
    """Say that no question is open that an SMS could answer, and whom to call."""
    _tell(Event.SMS_UNCLEAR, sms, person, _asked_back((), nothing_open=True), now)


def help_with(sms: InboundSms, person: Person, now: datetime) -> None:
    """Say who writes these SMS, whom to call, and how to end them."""
    city = settings.active().city
    _tell(Event.SMS_HELP, sms, person, HelpFacts(city.office.name, city.office_phone), now)


def from_former_number(sms: InboundSms, person: Person, now: datetime) -> None:
    """Say that an SMS does not count, since its number is not kept any more, and whom to call."""
    city = settings.active().city
    _tell(
        Event.SMS_OF_FORMER_NUMBER, sms, person, HelpFacts(city.office.name, city.office_phone), now
    )


def not_taken(
    sms: InboundSms, person: Person, asked: Asked, now: datetime, *, has_declined: bool
) -> None:
    """Say that an answer does not count; `has_declined`: it is a yes of who had said no."""
    facts = _not_taken(person, asked, has_declined=has_declined, has_agreed=False)
    _tell(Event.SMS_NOT_TAKEN, sms, person, facts, now)


def still_expected(sms: InboundSms, person: Person, asked: Asked, now: datetime) -> None:
    """Say to who has agreed that a no does not take that back, and whom to call."""
    facts = _not_taken(person, asked, has_declined=False, has_agreed=True)
    _tell(Event.SMS_NOT_TAKEN, sms, person, facts, now)


def _asked_back(each: tuple[OpenQuestion, ...], *, nothing_open: bool = False) -> AskedBackFacts:
    here = settings.active()
    return AskedBackFacts(each, f"{here.base_url}/offers", here.city.office_phone, nothing_open)


def _not_taken(
    person: Person, asked: Asked, *, has_declined: bool, has_agreed: bool
) -> NotTakenFacts:
    here = settings.active()
    return NotTakenFacts(
        short_day=short_date_in(asked.starts_at, asked.time_zone, person.locale),
        start=time_in(asked.starts_at, asked.time_zone, person.locale),
        end=time_in(asked.ends_at, asked.time_zone, person.locale),
        language=name_of(asked.language, person.locale),
        link=here.base_url + asked.path,
        phone=here.city.office_phone,
        has_declined=has_declined,
        has_agreed=has_agreed,
    )


def _tell(
    event: Event, sms: InboundSms, person: Person, facts: "DataclassInstance", now: datetime
) -> None:
    notices.tell(
        Notice(
            event=event,
            party=Party.WHO_WROTE,
            person=person,
            facts=facts,
            about=f"sms:{sms.id}",
            talk=None,
            now=now,
            until=now + SAID_FOR,
            urgent=True,  # somebody holds the telephone in their hand and waits
        )
    )
