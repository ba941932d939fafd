"""Who is told that SMS do not go out, or that the system stood still: once, when it is so.

That SMS go out again is said as well. Of mail that does not go out no mail can tell: that stands
on the pages of the office and in what `dragoman doctor` finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import force_locale

from dispatch import settings
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.database import db
from dispatch.messaging import outages, second
from dispatch.messaging.models import TransportState
from dispatch.messaging.rules import Channel, Way
from dispatch.messaging.words import goes_by_second, reason
from dispatch.web.formats import date_in, time_in

TOLD_AFTER = timedelta(minutes=5)
LOOK_AFTER_IT = (Role.ADMINISTRATOR, Role.COORDINATOR)


@dataclass(frozen=True)
class OutageFacts:
    """Since when nothing goes out (or goes out again), why, and how it stands now."""

    name: str
    since: str
    reason: str
    link: str
    office: str
    phone: str


def look(*, now: datetime) -> None:
    """Tell who looks after it of an outage that has lasted for a while, or that it is over."""
    state = outages.lock(Channel.SMS)
    if state is None:
        return
    if state.state == Way.DOWN and state.told_at is None and now - state.since >= TOLD_AFTER:
        state.told_at = now
        _tell(Event.SMS_DOWN, state, now)
    elif state.state == Way.UP and state.told_at is not None:
        state.told_at = None
        _tell(Event.SMS_UP, state, now)


@dataclass(frozen=True)
class StandstillFacts:
    """From when to when no worker ran, and what came due meanwhile that nobody can make up for."""

    name: str
    since: str
    until: str
    questions: int
    begun: int
    link: str
    office: str
    phone: str


def say_it_stood_still(
    since: datetime, until: datetime, *, questions: int, begun: int, now: datetime
) -> None:
    """Tell who looks after it that nothing was sent or decided between two instants.

    `questions` have run out meanwhile, and so many talks have `begun` for which nobody was found.
    """
    here = settings.active()
    for account in _who_looks_after_it():
        facts = StandstillFacts(
            name=account.name,
            since=_written(since, account.locale),
            until=_written(until, account.locale),
            questions=questions,
            begun=begun,
            link=here.base_url,
            office=here.city.office.name,
            phone=here.city.office_phone,
        )
        _send(Event.STOOD_STILL, account, facts, f"standstill:{since:%Y%m%d%H%M}", now)


def _tell(event: Event, state: TransportState, now: datetime) -> None:
    for account in _who_looks_after_it():
        _send(event, account, _facts(account, state), f"transport:{state.channel}", now)


def _who_looks_after_it() -> Sequence[Account]:
    everybody = sa.select(Account).where(Account.active, Account.role.in_(LOOK_AFTER_IT))
    return db.session.scalars(everybody.order_by(Account.id)).all()


def _send(
    event: Event, account: Account, facts: OutageFacts | StandstillFacts, about: str, now: datetime
) -> None:
    person = Person(account.name, account.locale, account.email, account_id=account.id)
    notices.tell(
        Notice(
            event=event,
            party=Party.LOOKS_AFTER_IT,
            person=person,
            facts=facts,
            about=about,
            talk=None,
            now=now,
        )
    )


def _facts(account: Account, state: TransportState) -> OutageFacts:
    here = settings.active()
    with force_locale(account.locale):
        why = reason(state.error_code, state.error) if state.error_code else ""
        if why and (other := second.name_now()):
            why = f"{why} {goes_by_second(other)}"
    return OutageFacts(
        name=account.name,
        since=_written(state.since, account.locale),
        reason=why,
        link=here.base_url,
        office=here.city.office.name,
        phone=here.city.office_phone,
    )


def _written(at: datetime, locale: str) -> str:
    zone_name = settings.active().time_zone
    return f"{date_in(at, zone_name, locale)}, {time_in(at, zone_name, locale)}"
