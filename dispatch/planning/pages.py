"""What the pages around planning show, read from the schedule as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from dispatch import clock
from dispatch.assignments import service as assignments
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.planning import questions, wording
from dispatch.planning.models import Proposal
from dispatch.planning.named import people_of, requests_of
from dispatch.planning.problem import of_day
from dispatch.planning.service import Adopted
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.formats import duration, money


@dataclass(frozen=True)
class CandidateLine:
    """One interpreter of the language: fits, or every reason why not."""

    interpreter: Interpreter
    fits: bool
    note: str
    reasons: list[Any]


def candidate_lines(asked: InterpretationRequest, now: datetime) -> list[CandidateLine] | None:
    """Return everybody of the language beside the schedule as it stands, the best first.

    None when the request needs nobody any more.
    """
    if asked.state != RequestState.OPEN or not _needs_somebody(asked, now):
        return None
    day = clock.at_place(asked.starts_at, asked.time_zone).date()
    question = of_day(day, asked.time_zone, now=now, only=asked.id)
    found = questions.candidates(question, questions.as_it_stands(question), asked.id)
    people = people_of(one.interpreter for one in found)
    return [
        CandidateLine(
            people[int(one.interpreter)],
            one.feasible,
            _(
                "%(way)s more on the way (estimate), fee %(fee)s",
                way=duration(one.extra_travel or 0),
                fee=money(Decimal(one.extra_cents or 0) / 100),
            ),
            [wording.reason(each) for each in one.violations],
        )
        for one in found
    ]


def open_requests(day: date, zone_name: str, now: datetime) -> list[InterpretationRequest]:
    """Return the requests of a local day that still need somebody to be asked."""
    return [
        asked
        for asked in requests.on_day(day, zone_name, (RequestState.OPEN,))
        if _needs_somebody(asked, now)
    ]


def _needs_somebody(asked: InterpretationRequest, now: datetime) -> bool:
    return asked.starts_at > now and bool(assignments.free_seats(asked))


def proposals_of(day: date) -> Sequence[Proposal]:
    """Return the proposals made for a day, latest first."""
    return db.session.scalars(
        sa.select(Proposal).where(Proposal.day == day).order_by(Proposal.id.desc())
    ).all()


def dropped_lines(adopted: Adopted) -> list[str]:
    """Return for each part that was not adopted what it was and why."""
    asked = requests_of(one.item.request_id for one in adopted.dropped)
    people = people_of(one.item.interpreter_id for one in adopted.dropped)
    return [
        _(
            "Not adopted: %(reference)s, %(name)s. %(reason)s",
            reference=asked[dropped.item.request_id].reference,
            name=people[dropped.item.interpreter_id].name,
            reason=str(dropped.reason),
        )
        for dropped in adopted.dropped
    ]
