"""A long walk through a series: whatever is done to some dates, nothing happens to the others."""

import os
import random
from collections import Counter
from itertools import combinations

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.invitations.models import Invitation
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.series import queries, service
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice, Scope, named
from tests.dispatch.series.test_service import asked, cancel, change, give, request_of, somebody
from tests.factories import NOW

STEPS = int(os.environ.get("DRAGOMAN_TEST_STEPS", "60"))
DATES, PEOPLE = 6, ("Mira", "Ana", "Nour")
Rows = dict[int, list[tuple[object, ...]]]

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def test_what_no_step_names_keeps_its_terms_its_people_and_its_invitations() -> None:
    series, caseworker = asked(DATES)
    people = [somebody(name) for name in PEOPLE]
    chance, done = random.Random(17), 0
    for _step in range(STEPS):
        number, scope = chance.randint(1, DATES), chance.choice(list(Scope))
        before, concerned = rows_of(series), numbers_of(series, number, scope)
        try:
            step(series, caseworker, number, scope, people, chance)
            done += 1
        except Refusal:
            db.session.rollback()
        after = rows_of(series)
        for one in set(range(1, DATES + 1)) - concerned:
            assert after[one] == before[one], (one, number, scope)
        assert broken(series) == []
    assert done > STEPS / 3, "not everything was refused"


def step(
    series: Series,
    caseworker: Account,
    number: int,
    scope: Scope,
    people: list[Interpreter],
    chance: random.Random,
) -> None:
    """Do one thing to some dates, as the organisation or the office would."""
    what = chance.choice(("cancel", "back", "time", "room", "give", "swap"))
    who, other = chance.sample(people, 2)
    if what == "cancel":
        cancel(series, caseworker, number, scope)
    elif what == "back":
        with transaction():
            service.undo(caseworker.actor, series.id, Choice(number, scope), now=NOW)
    elif what == "give":
        give(series, who, number, scope)
    elif what == "swap":
        give(series, who, number, scope, instead_of=other)
    else:
        hour = chance.choice((9, 10, 11, 14))
        begins = details_of(request_of(series, number)).wall_start.replace(hour=hour)
        differently = {"wall_start": begins} if what == "time" else {"room": str(hour)}
        change(series, caseworker, number, scope, **differently)


def numbers_of(series: Series, number: int, scope: Scope) -> set[int]:
    dates = queries.dates_of(series.id)
    return {one.number for one in named(dates, Choice(number, scope))}


def rows_of(series: Series) -> Rows:
    """Return what is stored about each date: its terms, its people, and what they were sent."""
    db.session.expire_all()
    found: Rows = {number: [] for number in range(1, DATES + 1)}
    for row in db.session.execute(
        sa.select(
            SeriesDate.number,
            SeriesDate.regular_interpreter_id,
            InterpretationRequest.id,
            InterpretationRequest.version,
            InterpretationRequest.state,
            InterpretationRequest.starts_at,
            InterpretationRequest.room,
            Assignment.id,
            Assignment.version,
            Assignment.state,
            Invitation.uid,
            Invitation.sequence,
        )
        .join(SeriesDate.interpretation_request)
        .outerjoin(Assignment, Assignment.interpretation_request_id == InterpretationRequest.id)
        .outerjoin(Invitation, Invitation.assignment_id == Assignment.id)
        .where(SeriesDate.series_id == series.id)
        .order_by(SeriesDate.number, Assignment.id, Invitation.uid)
    ):
        found[row[0]].append(tuple(row))
    return found


def broken(series: Series) -> list[str]:
    """Return what must not be: lost dates, requests of no date, somebody where nobody is wanted."""
    requests = list(db.session.scalars(sa.select(InterpretationRequest)))
    dates = queries.dates_of(series.id)
    come = list(db.session.scalars(sa.select(Assignment).where(Assignment.state.in_(TO_COME))))
    seats = Counter(one.interpretation_request_id for one in come)
    wrong = {
        "dates lost or doubled": [one.number for one in dates] != list(range(1, DATES + 1)),
        "a request of no date": {one.interpretation_request_id for one in dates}
        != {one.id for one in requests},
        "somebody comes to what is cancelled": any(
            seats[one.id] for one in requests if one.state == RequestState.CANCELLED
        ),
        "filled, and nobody comes": any(
            not seats[one.id] for one in requests if one.state == RequestState.FILLED
        ),
        "two come where one is wanted": max(seats.values(), default=0) > 1,
        "at two places at once": any(
            one.starts_at < other.ends_at and other.starts_at < one.ends_at
            for one, other in combinations(come, 2)
            if one.interpreter_id == other.interpreter_id
        ),
    }
    return [what for what, is_so in wrong.items() if is_so]
