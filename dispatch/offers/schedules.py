"""Whose time is asked for by offers or taken by assignments, and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.assignments import queries as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.queries import Work
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.offers.models import Offer
from dispatch.offers.rules import HOLDING
from dispatch.requests.models import InterpretationRequest


def work_between(
    first: datetime, after: datetime, *, who: Collection[int] | None = None
) -> list[Work]:
    """Return all service that people are asked for, have confirmed or gave in `[first, after)`.

    With `who` that of these interpreters alone.
    """
    asked_for = db.session.execute(
        sa.select(
            Offer.interpretation_request_id,
            Offer.interpreter_id,
            Offer.language,
            Offer.starts_at,
            Offer.ends_at,
            sa.false(),
        ).where(
            *_holding(),
            Offer.starts_at >= first,
            Offer.starts_at < after,
            sa.true() if who is None else Offer.interpreter_id.in_(who),
        )
    )
    done = assignments.work_done_between(first, after, who=who)
    found = [Work(*row) for row in asked_for] + done
    return sorted(found, key=lambda work: (work.starts_at, work.request_id, work.interpreter_id))


Taken = Offer | Assignment
"""Somebody's time: asked for by an offer, or agreed as an assignment."""


@dataclass(frozen=True)
class Schedule:
    """Whose time is taken in a span: by open questions and by assignments, in order of time."""

    offers: Sequence[Offer]
    assignments: Sequence[Assignment]

    @property
    def taken(self) -> list[Taken]:
        """Both together, in order of time."""
        return sorted(
            [*self.offers, *self.assignments], key=lambda one: (one.starts_at, one.seat or 0)
        )


def schedule_between(
    first: datetime,
    after: datetime,
    *,
    who: Collection[int] | None = None,
    on: int | None = None,
    named: bool = True,
) -> Schedule:
    """Return whose time is asked for or taken by what starts in `[first, after)`.

    With `who` that of these interpreters alone, and of those who hold a seat of the request `on`.
    Unless it is `named`, only where and when is read with it, not who goes and what for.
    """
    facts = [joinedload(Offer.site)]
    if named:
        facts += [
            joinedload(Offer.interpreter),
            joinedload(Offer.interpretation_request).options(
                joinedload(InterpretationRequest.site),
                joinedload(InterpretationRequest.organisation),
            ),
        ]
    questions = db.session.scalars(
        sa.select(Offer)
        .options(*facts)
        .where(
            *_holding(),
            Offer.starts_at >= first,
            Offer.starts_at < after,
            holds.of_people(Offer.interpreter_id, who, on),
        )
        .order_by(Offer.starts_at)
    ).all()
    taken = assignments.between(first, after, who=who, on=on, named=named)
    return Schedule(questions, taken)


def _holding() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for a question that takes its interpreter's time."""
    return Offer.state.in_(HOLDING), Offer.exclusive.is_(True)
