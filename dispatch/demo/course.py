"""A series of the demonstration: somebody comes every week, and once somebody else."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db
from dispatch.demo import sources
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.requests.models import InterpretationRequest
from dispatch.series import giving, queries, rules, service
from dispatch.series.ability import How, everybody
from dispatch.series.giving import Gift
from dispatch.series.models import Series
from dispatch.series.rules import Choice, Pattern, Rhythm, Scope
from dispatch.settings import active

WEEKS, AT, MINUTES = 12, time(9), 60
SWAPPED = 3


def begin(day: date, *, now: datetime) -> Series | None:
    """Have the first caseworker ask for twelve weeks, and somebody come to all but one of them.

    For the language of the request she asked for last, where it was. None where nobody who speaks
    it could come to any date.
    """
    last = db.session.scalar(
        sa.select(InterpretationRequest)
        .join(InterpretationRequest.account)
        .where(Account.role == Role.CASEWORKER)
        .order_by(Account.id, InterpretationRequest.id.desc())
        .limit(1)
    )
    if last is None:
        return None
    first = day + timedelta(weeks=1)
    pattern = Pattern(Rhythm.WEEKLY, first, count=WEEKS)
    details = replace(
        details_of(last),
        wall_start=datetime.combine(first, AT),
        duration_minutes=MINUTES,
        interpreter_count=1,
        second_occurrence=None,
        is_urgent=True,  # around holidays a week is less notice than the city wants
    )
    days = [one.day for one in rules.preview(pattern, active().city) if one.day]
    series = service.ask(
        last.account.actor, last.account, details, days, rhythm=Rhythm.WEEKLY, now=now
    )
    able = [one for one in everybody(_standing(series), now=now) if one.agreed]
    able.sort(key=lambda one: (-one.agreed, one.interpreter.name, one.interpreter.id))
    if not able:
        return None
    regular = able[0].interpreter.id
    giving.give(SYSTEM, series.id, Choice(1, Scope.ALL), Gift(regular, How.ASSIGN), now=now)
    if len(able) > 1:
        _swap_one(series, regular, able[1].interpreter.id, now)
    return series


def _swap_one(series: Series, regular: int, other: int, now: datetime) -> None:
    because = Reasons(office=sources.words().away, told=sources.words().instead)
    gift = Gift(other, How.ASSIGN, instead_of=regular, reasons=because)
    there = [one.date for one in _standing(series) if regular in one.people]
    date_given = next(
        (one for one in giving.foresee(there, gift, now=now)[SWAPPED:] if not one.why), None
    )
    if date_given is not None:
        choice = Choice(date_given.date.number, Scope.ONE)
        giving.give(SYSTEM, series.id, choice, gift, now=now)


def _standing(series: Series) -> list[queries.DateStanding]:
    return queries.standing(queries.dates_of(series.id))
