"""What the planning pages show, read from stored proposals and from the schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

import solver
from dispatch import clock
from dispatch.assignments import service as assignments
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.planning import questions, wording
from dispatch.planning.models import Proposal
from dispatch.planning.problem import of_day
from dispatch.planning.rules import Proof, items_of, proof_of
from dispatch.planning.service import Adopted, plan_of, problem_of
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.formats import duration, money, percent


@dataclass(frozen=True)
class Line:
    """One interpreter who would go, and why."""

    request: InterpretationRequest
    interpreter: Interpreter
    travel_minutes: int
    why: str


@dataclass(frozen=True)
class Unfilled:
    """One request nobody can be found for, and why nobody."""

    request: InterpretationRequest
    sentence: str


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as people read it."""

    proposal: Proposal
    proof: Proof
    seconds: str
    status_sentence: str
    lines: list[Line]
    unfilled: list[Unfilled]


@dataclass(frozen=True)
class CandidateLine:
    """One interpreter of the language: fits, or every reason why not."""

    interpreter: Interpreter
    fits: bool
    note: str
    reasons: list[Any]


def proposal_page(proposal: Proposal) -> ProposalPage:
    """Read a stored proposal with the people and requests it names."""
    problem, plan = problem_of(proposal), plan_of(proposal)
    asked = _requests([int(one.id) for one in problem.requests])
    people = _people([int(one.id) for one in problem.interpreters])
    lines = []
    for item in items_of(plan):
        found = solver.candidates(problem, plan, str(item.request_id))
        own = next(one for one in found if one.interpreter == str(item.interpreter_id))
        others = sum(one.feasible and not one.assigned for one in found)
        lines.append(
            Line(
                asked[item.request_id],
                people[item.interpreter_id],
                item.travel_minutes,
                wording.why_chosen(others, own),
            )
        )
    proof = proof_of(problem, plan)
    return ProposalPage(
        proposal,
        proof,
        format_decimal(plan.seconds, "0.0"),
        _status_sentence(proof),
        lines,
        [Unfilled(asked[int(one.request)], wording.why_nobody(one)) for one in plan.unassigned],
    )


def candidate_lines(asked: InterpretationRequest, now: datetime) -> list[CandidateLine] | None:
    """Return everybody of the language beside the schedule as it stands, the best first.

    None when the request needs nobody any more.
    """
    if asked.state != RequestState.OPEN or not _needs_somebody(asked, now):
        return None
    day = clock.at_place(asked.starts_at, asked.time_zone).date()
    question = of_day(day, asked.time_zone, now=now, only=asked.id)
    found = questions.candidates(question, questions.as_it_stands(question), asked.id)
    people = _people([int(one.interpreter) for one in found])
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
    asked = _requests([dropped.item.request_id for dropped in adopted.dropped])
    people = _people([dropped.item.interpreter_id for dropped in adopted.dropped])
    return [
        _(
            "Not adopted: %(reference)s, %(name)s. %(reason)s",
            reference=asked[dropped.item.request_id].reference,
            name=people[dropped.item.interpreter_id].name,
            reason=str(dropped.reason),
        )
        for dropped in adopted.dropped
    ]


def _status_sentence(proof: Proof) -> str:
    if proof.proven:
        return _(
            "Proven: no plan covers more by priority, and none that does needs less money and "
            "travel (estimate)."
        )
    return _(
        "The search ended before everything was proven; the gap of the first open level is "
        "%(gap)s.",
        gap=percent(proof.gap),
    )


def _requests(ids: Sequence[int]) -> dict[int, InterpretationRequest]:
    rows = db.session.scalars(
        sa.select(InterpretationRequest)
        .options(joinedload(InterpretationRequest.site))
        .where(InterpretationRequest.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _people(ids: Sequence[int]) -> dict[int, Interpreter]:
    return {
        row.id: row
        for row in db.session.scalars(sa.select(Interpreter).where(Interpreter.id.in_(ids)))
    }
