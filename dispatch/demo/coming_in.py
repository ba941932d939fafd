"""What has just come in: something urgent, and something the office is to look at first."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments.foreseeing import details_of
from dispatch.cities.working_time import add_working_days
from dispatch.database import db
from dispatch.organisations.models import Organisation
from dispatch.requests import queries
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active

AT = time(16)
LATER = timedelta(days=10)


def ask_urgently(day: date, *, now: datetime) -> InterpretationRequest | None:
    """Have somebody ask for the working day after the planned one, as it cannot wait.

    None where nobody has asked for anything yet.
    """
    return _ask_like_last(_caseworker(reviewed=False), add_working_days(day, 1, active().city), now)


def ask_to_be_looked_at(day: date, *, now: datetime) -> InterpretationRequest | None:
    """Have something come in from an organisation whose requests the office looks at first."""
    return _ask_like_last(_caseworker(reviewed=True), day + LATER, now)


def _ask_like_last(
    caseworker: Account | None, day: date, now: datetime
) -> InterpretationRequest | None:
    last = queries.last_of(caseworker.id) if caseworker else None
    if caseworker is None or last is None:
        return None
    details = replace(
        details_of(last),
        wall_start=datetime.combine(day, AT),
        latest_start=None,
        second_occurrence=None,
        is_urgent=True,
    )
    return requests.submit(caseworker.actor, caseworker, details, now=now, again=True)


def _caseworker(*, reviewed: bool) -> Account | None:
    """Return the first who asks for an organisation that is looked at first, or is not."""
    return db.session.scalar(
        sa.select(Account)
        .join(Account.organisation)
        .where(Account.role == Role.CASEWORKER, Organisation.is_reviewed.is_(reviewed))
        .order_by(Account.id)
        .limit(1)
    )
