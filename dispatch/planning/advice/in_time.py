"""The starts of a window: who could begin when, and in time if they set out now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import solver.analysis
from dispatch.planning.advice import standing
from dispatch.planning.snapshot.problem import Question
from dispatch.requests.models import InterpretationRequest

Starts = Mapping[datetime, Collection[str]]
"""The starts of a window at which enough people could come, and who."""


def starts_of(
    schedule: solver.analysis.Desk, question: Question, one: InterpretationRequest
) -> Starts:
    """Return the starts of a window; nothing where there is one start."""
    return standing.starts(schedule, question, one.id) if one.has_window else {}


def best_first(
    candidate: solver.analysis.Candidate, starts: Starts, question: Question
) -> list[datetime]:
    """Return when somebody could begin, first the start that costs the day least."""
    if not starts or not candidate.feasible:
        return []
    best = question.horizon.bounds[0] + timedelta(minutes=candidate.start)
    others = [at for at, people in starts.items() if candidate.interpreter in people and at != best]
    return [best, *others]


def at_a_later_start(
    found: Sequence[solver.analysis.Candidate],
    starts: Starts,
    in_time: Question,
    request_id: int,
) -> tuple[list[solver.analysis.Candidate], Starts]:
    """Return candidates and starts in which whoever can be in time begins in time.

    `in_time` is the question in which nobody may come late; the others stay as they were found.
    """
    schedule = standing.as_it_stands(in_time)
    able = {
        one.interpreter: one for one in standing.candidates(schedule, request_id) if one.feasible
    }
    possible = standing.starts(schedule, in_time, request_id)
    merged = {
        at: [*(one for one in starts.get(at, ()) if one not in able), *possible.get(at, ())]
        for at in sorted({*starts, *possible})
    }
    return [able.get(one.interpreter, one) for one in found], merged
