"""What the pages around planning show, read from the schedule as it stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from dispatch.assignments import service as assignments
from dispatch.assignments.queries import work_between
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.planning import questions, wording
from dispatch.planning.horizon import Horizon
from dispatch.planning.models import Proposal
from dispatch.planning.named import people_of, requests_of
from dispatch.planning.problem import of_day
from dispatch.planning.service import Adopted
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


@dataclass(frozen=True)
class CandidateLine:
    """One interpreter of the language: fits, or every reason why not."""

    interpreter: Interpreter
    fits: bool
    note: str
    reasons: list[Any]


@dataclass(frozen=True)
class Candidates:
    """Everybody of the language, the best first; where too few fit, what stands in the way."""

    lines: list[CandidateLine]
    too_few: bool
    obstacles: str


def candidates_page(asked: InterpretationRequest, now: datetime) -> Candidates | None:
    """Return who could come beside the schedule as it stands.

    None when the request needs nobody any more.
    """
    is_open = asked.state == RequestState.OPEN and asked.starts_at > now
    needed = len(assignments.free_seats(asked))
    if not is_open or not needed:
        return None
    question = of_day(asked.day, asked.time_zone, now=now, only=asked.id)
    schedule = questions.as_it_stands(question)
    found = questions.candidates(schedule, asked.id)
    people = people_of(one.interpreter for one in found)
    [wanted] = [one for one in question.problem.requests if one.id == str(asked.id)]
    lines = [
        CandidateLine(
            people[int(one.interpreter)],
            one.feasible,
            wording.price(one, wanted),
            [wording.reason(each) for each in one.violations],
        )
        for one in found
    ]
    if not lines or sum(one.feasible for one in found) >= needed:
        return Candidates(lines, too_few=not lines, obstacles="")
    names = {str(id_): one.name for id_, one in people.items()}
    why = schedule.explain(str(asked.id))
    obstacles = f"{wording.why_nobody(why.reasons)} {wording.what_it_needs(why, names)}"
    return Candidates(lines, too_few=True, obstacles=obstacles)


def open_requests(horizon: Horizon, now: datetime) -> list[InterpretationRequest]:
    """Return the requests of these days that still need somebody to be asked."""
    between = horizon.bounds
    held = Counter(work.request_id for work in work_between(*between) if not work.is_over)
    return [
        asked
        for asked in requests.starting_between(*between, (RequestState.OPEN,))
        if asked.starts_at > now and held[asked.id] < asked.interpreter_count
    ]


def proposals_of(day: date) -> Sequence[Proposal]:
    """Return the proposals made for a day, alone or among others, latest first."""
    return db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.first_day <= day, Proposal.last_day >= day)
        .order_by(Proposal.id.desc())
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
