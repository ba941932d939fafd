"""Counting the seats of many days by language, in four statements however many requests."""

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
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rounds import ASKS_SEVERAL
from dispatch.offers.rules import UNDECIDED, RoundState
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

COME = (AGREED | DONE) - {AssignmentState.NO_SHOW_INTERPRETER}
UNANSWERED = (Cause.OFFER, Cause.TO_RECONFIRM)
NOT_WANTED = (RequestState.CANCELLED, RequestState.REFUSED, RequestState.IN_REVIEW)
"""Nobody is looked for: any more, at all, or before the office has looked at it."""


@dataclass(frozen=True)
class Seats:
    """Seats asked for, and how many of them wait for an answer or are filled.

    Where several are asked at once, all seats that are left wait for an answer.
    """

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
    several = _numbers(counted.where(_asks_several()), sa.func.sum(_left()))
    filled = _numbers(comes.where(Assignment.state.in_(COME)), sa.func.count())
    return {
        (days[number], tag): Seats(
            count,
            waiting.get((number, tag), 0) + several.get((number, tag), 0),
            filled.get((number, tag), 0),
        )
        for (number, tag), count in wanted.items()
    }


def _asks_several() -> sa.ColumnElement[bool]:
    """Return the condition that several are asked at once and somebody has not answered."""
    return sa.exists().where(
        OfferRound.interpretation_request_id == InterpretationRequest.id,
        OfferRound.state == RoundState.OPEN,
        OfferRound.strategy.in_(ASKS_SEVERAL),
        Offer.round_id == OfferRound.id,
        Offer.state.in_(UNDECIDED),
    )


def _left() -> sa.ColumnElement[int]:
    """Return for how many seats nobody has time taken, nor an agency sends anybody."""
    held = sa.select(sa.func.count(Hold.id)).where(
        Hold.interpretation_request_id == InterpretationRequest.id
    )
    return (
        InterpretationRequest.interpreter_count
        - sa.func.coalesce(InterpretationRequest.agency_seats, 0)
        - held.correlate(InterpretationRequest).scalar_subquery()
    )


def _numbers(query: sa.Select[Any], number: sa.ColumnElement[int]) -> dict[tuple[int, str], int]:
    rows = db.session.execute(query.add_columns(number))
    return {(day, tag): int(count) for day, tag, count in rows}
