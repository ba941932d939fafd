"""The next days of an interpreter on one page: to print, and to read without a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries, rules, terms
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Sight
from dispatch.attendance import queries as attendance
from dispatch.attendance.rules import late_from
from dispatch.offers.ways_there import WayThere, ways_there
from dispatch.pages.interpreter import blueprint
from dispatch.web.policy import only

DAYS = 4
"""So that on a Friday Monday is among them."""


@dataclass(frozen=True)
class Line:
    """An assignment as it stands there: its way, whether its place is shown, what can be said.

    Each of the `steps` has from when on it can be said; that one is late can be said from
    `said_from`. `to_come`: its interpreter can still say that they do not come.
    """

    assignment: Assignment
    way: WayThere
    full: bool
    steps: list[tuple[AssignmentState, datetime]]
    said_from: datetime
    to_come: bool


@blueprint.get("/next-days")
@only(Role.INTERPRETER)
def next_days() -> ResponseReturnValue:
    """Show where to go in the next days, with all that is needed there."""
    now = clock.now()
    coming = [
        one
        for one in queries.coming_of(current_user.id, now).rows
        if _day(one) < _first_day_after(one, now)
    ]
    coming.sort(key=lambda one: _stands(one).starts_at)
    return render_template("pages/interpreter/next_days.html", days=_by_day(coming, now), now=now)


def _by_day(coming: Sequence[Assignment], now: datetime) -> list[tuple[date, list[Line]]]:
    ways = ways_there(coming)
    return [
        (day, [_line(one, ways[one], now) for one in those]) for day, those in groupby(coming, _day)
    ]


def _line(one: Assignment, way: WayThere, now: datetime) -> Line:
    full = rules.sight(one.state, one.ends_at, now) == Sight.FULL
    steps = attendance.to_be_said(one, Role.INTERPRETER)
    said_from = late_from(one.starts_at)
    return Line(one, way, full, steps, said_from, queries.is_to_come(one, now))


def _stands(one: Assignment) -> Assignment | Confirmation:
    """Return what counts until a change is agreed to."""
    return terms.still_agreed(one) or one


def _day(one: Assignment) -> date:
    return clock.at_place(_stands(one).starts_at, one.interpretation_request.time_zone).date()


def _first_day_after(one: Assignment, now: datetime) -> date:
    today = clock.at_place(now, one.interpretation_request.time_zone).date()
    return today + timedelta(days=DAYS)
