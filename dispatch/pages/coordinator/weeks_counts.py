"""Counting the seats of many days by language, in three statements however many requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, DONE, AssignmentState
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

COME = (AGREED | DONE) - {AssignmentState.NO_SHOW_INTERPRETER}
UNANSWERED = (Cause.OFFER, Cause.TO_RECONFIRM)
NOT_WANTED = (RequestState.CANCELLED, RequestState.REFUSED, RequestState.IN_REVIEW)
"""Nobody is looked for: any more, at all, or before the office has looked at it."""


@dataclass(frozen=True)
class Seats:
    """Seats asked for, and how many of them wait for an answer or are filled."""

    wanted: int = 0
    asked: int = 0
    filled: int = 0

    @property
    def open(self) -> int:
        """For how many nobody is asked."""
        return max(0, self.wanted - self.asked - self.filled)

    def __add__(self, other: "Seats") -> "Seats":
        return Seats(
            self.wanted + other.wanted, self.asked + other.asked, self.filled + other.filled
        )


def counts_between(days: Sequence[date], zone_name: str) -> dict[tuple[date, str], Seats]:
    """Return the seats of each local day and language of what was not cancelled.

    `days` follow each other; a talk belongs to the day it begins (or may begin at the earliest).
    """
    when = InterpretationRequest.starts_at
    ends = [clock.day_bounds(day, zone_name)[1] for day in days]
    first, _after = clock.day_bounds(days[0], zone_name)
    day = sa.case(*((when < end, number) for number, end in enumerate(ends)))
    counted = (
        sa.select(day.label("day"), InterpretationRequest.language)
        .where(
            when >= first,
            when < ends[-1],
            InterpretationRequest.state.not_in(NOT_WANTED),
        )
        .group_by("day", InterpretationRequest.language)
    )
    asked = counted.join(Hold, Hold.interpretation_request_id == InterpretationRequest.id)
    comes = counted.join(
        Assignment, Assignment.interpretation_request_id == InterpretationRequest.id
    )
    wanted = _numbers(counted, sa.func.sum(InterpretationRequest.interpreter_count))
    waiting = _numbers(asked.where(Hold.cause.in_(UNANSWERED)), sa.func.count())
    filled = _numbers(comes.where(Assignment.state.in_(COME)), sa.func.count())
    return {
        (days[number], tag): Seats(
            count, waiting.get((number, tag), 0), filled.get((number, tag), 0)
        )
        for (number, tag), count in wanted.items()
    }


def _numbers(query: sa.Select[Any], number: sa.ColumnElement[int]) -> dict[tuple[int, str], int]:
    rows = db.session.execute(query.add_columns(number))
    return {(day, tag): int(count) for day, tag, count in rows}
