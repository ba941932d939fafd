"""Who is not asked again: they said no to that time, or a person has released them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests.models import InterpretationRequest

Span = tuple[datetime, datetime]
Pair = tuple[int, int]
"""Of request and interpreter, by id."""


class Barred(NamedTuple):
    """Somebody who is not asked for a request again, by themselves or because of the office.

    The time is the one they said no to, or were released from: `[starts_at, ends_at)`.
    """

    request_id: int
    interpreter_id: int
    starts_at: datetime
    ends_at: datetime
    was_released: bool

    @property
    def pair(self) -> Pair:
        """Request and interpreter."""
        return self.request_id, self.interpreter_id

    @property
    def span(self) -> Span:
        """From when to when."""
        return self.starts_at, self.ends_at


def barred(request_ids: Collection[int]) -> list[Barred]:
    """Return who said no to which of these requests, or was released from them by the office.

    A yes that its interpreter took back is a no. Whom the office released only a person asks
    again, as whose long way it did not approve; whoever did not answer about a change is not among
    them: silence is no decision.
    """
    unanswered = sa.exists().where(
        Confirmation.assignment_id == Assignment.id, Confirmation.answer.is_(None)
    )
    said_no = sa.select(*_of(Offer), sa.false()).where(
        Offer.state == OfferState.DECLINED, Offer.interpretation_request_id.in_(request_ids)
    )
    not_approved = sa.select(*_of(Offer), sa.true()).where(
        Offer.state == OfferState.NOT_APPROVED,
        Offer.answered_at.is_not(None),
        Offer.interpretation_request_id.in_(request_ids),
    )
    gone = sa.select(*_of(Assignment), Assignment.withdrawn_at.is_(None)).where(
        Assignment.state == AssignmentState.RELEASED,
        Assignment.interpretation_request_id.in_(request_ids),
        sa.or_(Assignment.withdrawn_at.is_not(None), sa.not_(unanswered)),
    )
    return [Barred(*row) for row in db.session.execute(sa.union_all(said_no, not_approved, gone))]


def declined(request_ids: Collection[int]) -> set[Pair]:
    """Return who said no to which of these requests, whatever time of a window it was for."""
    return {one.pair for one in barred(request_ids) if not one.was_released}


def has_declined(one: InterpretationRequest, interpreter_id: int, span: Span) -> bool:
    """Tell whether the interpreter said no to this request before, or took a yes back.

    As long as a window is open, a no to one time of it is none to another.
    """
    said_no = [
        each.span
        for each in barred([one.id])
        if each.interpreter_id == interpreter_id and not each.was_released
    ]
    return overlaps(said_no, span) if one.has_window else bool(said_no)


def starts_refused(request_ids: Collection[int]) -> dict[Pair, list[datetime]]:
    """Return by request and person the starts they said no to, in order; none of the office's."""
    found: dict[Pair, list[datetime]] = {}
    for one in sorted(barred(request_ids), key=lambda each: each.starts_at):
        if not one.was_released:
            found.setdefault(one.pair, []).append(one.starts_at)
    return found


def overlaps(spans: Collection[Span], span: Span) -> bool:
    """Tell whether a span shares a moment with one of others."""
    return any(first < span[1] and last > span[0] for first, last in spans)


def _of(row: type[Offer] | type[Assignment]) -> tuple[sa.ColumnElement[object], ...]:
    return row.interpretation_request_id, row.interpreter_id, row.starts_at, row.ends_at  # type: ignore[return-value]
