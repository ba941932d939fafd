"""Who is told that SMS do not go out: once for each outage, and once when it is over.

Of mail that does not go out no mail can tell: that stands on the pages of the office and in what
`dragoman doctor` finds.
"""

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
from dispatch.messaging import outages
from dispatch.messaging.models import TransportState
from dispatch.messaging.rules import Channel, Way
from dispatch.messaging.words import reason
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


def _tell(event: Event, state: TransportState, now: datetime) -> None:
    everybody = sa.select(Account).where(Account.active, Account.role.in_(LOOK_AFTER_IT))
    for account in db.session.scalars(everybody.order_by(Account.id)):
        person = Person(account.name, account.locale, account.email, account_id=account.id)
        notices.tell(
            Notice(
                event=event,
                party=Party.LOOKS_AFTER_IT,
                person=person,
                facts=_facts(account, state),
                about=f"transport:{state.channel}",
                talk=None,
                now=now,
            )
        )


def _facts(account: Account, state: TransportState) -> OutageFacts:
    here, locale = settings.active(), account.locale
    with force_locale(locale):
        why = reason(state.error_code, state.error) if state.error_code else ""
    day, at = (form(state.since, here.time_zone, locale) for form in (date_in, time_in))
    return OutageFacts(
        name=account.name,
        since=f"{day}, {at}",
        reason=why,
        link=here.base_url,
        office=here.city.office.name,
        phone=here.city.office.phone,
    )
