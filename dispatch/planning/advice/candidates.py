"""Who could come to a request, read from the schedule as it stands."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

import solver.analysis
from dispatch.assignments.service import NEIGHBOURS_WITHIN
from dispatch.availability.rules import Way
from dispatch.cancellations import deciding
from dispatch.cancellations.deciding import Paid
from dispatch.holds import service as holds
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers import rules
from dispatch.offers import service as offers
from dispatch.offers.barring import declined
from dispatch.offers.long_ways import LongWay, remark
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import before_asking, nobody, standing, wording
from dispatch.planning.advice.barring import Bar, Bars, bars
from dispatch.planning.advice.in_time import at_a_later_start, best_first, starts_of
from dispatch.planning.advice.wishing import wishes_met
from dispatch.planning.snapshot.named import people_of
from dispatch.planning.snapshot.places import Origins
from dispatch.planning.snapshot.problem import Question, of_day
from dispatch.requests.models import InterpretationRequest

MOST_AT_ONCE = 30
"""So many are asked at once at most."""


@dataclass(frozen=True)
class CandidateLine:
    """One interpreter of the language: fits, or every reason why not.

    `starts` are those of a window at which this person could come, the best first; empty where
    there is one start.
    """

    interpreter: Interpreter
    fits: bool
    note: str
    reasons: list[Any]
    starts: list[datetime]


@dataclass(frozen=True)
class Candidates:
    """Everybody of the language, the best first; where too few fit, what stands in the way.

    `needed` are the seats that are free, `most_at_once` how many are asked at once at most.
    """

    needed: int
    lines: list[CandidateLine]
    too_few: bool
    obstacles: str
    most_at_once: int = MOST_AT_ONCE


def able(
    interpretation_request: InterpretationRequest,
    *,
    now: datetime,
    at: datetime | None = None,
    way: Way | None = None,
) -> dict[int, Wanted]:
    """Return who could come beside the schedule as it stands, and on which terms.

    By the ids of interpreters, the best first: all of a way that is wanted more before any of
    another. Whoever has declined or is asked for the request is not among them. Of a window each
    has the start that suits best; with `at` all have that one, with `way` all come by that one.
    """
    question = _question(interpretation_request, now)
    if all(one.id != str(interpretation_request.id) for one in question.problem.requests):
        return {}
    question = standing.narrowed(question, interpretation_request.id, at=at, way=way)
    found = standing.candidates(standing.as_it_stands(question), interpretation_request.id)
    return {
        int(one.interpreter): standing.wanted_of(one, question) for one in found if one.feasible
    }


def able_together(
    interpretation_request: InterpretationRequest,
    *,
    now: datetime,
    before: Collection[int] = (),
    at: datetime | None = None,
) -> dict[int, Wanted]:
    """Return as `able` who could come on the same terms: by one way, at one start.

    The way is that of the best who was not asked `before`: nobody is asked to take part by a way
    that is meant for when nobody is found, while somebody is there for the way before. Of a window
    it is the start `at`, or the one that suits the most.
    """
    found = able(interpretation_request, now=now, at=at)
    new = [wanted for one, wanted in found.items() if one not in before]
    best = next(iter([*new, *found.values()]), None)
    if best is None:
        return {}
    if at is None and interpretation_request.has_window:
        at = _suits_the_most(interpretation_request, best.way, now) or best.starts_at
        found = able(interpretation_request, now=now, at=at, way=best.way)
        best = next(iter(found.values()), best)
    return {one: wanted for one, wanted in found.items() if wanted == best}


def _suits_the_most(one: InterpretationRequest, way: Way | None, now: datetime) -> datetime | None:
    question = standing.narrowed(_question(one, now), one.id, way=way)
    starts = standing.starts(standing.as_it_stands(question), question, one.id)
    return max(starts, key=lambda at: (len(starts[at]), -at.timestamp()), default=None)


def _question(
    one: InterpretationRequest,
    now: datetime,
    who: Collection[int] | None = None,
    *,
    by_a_person: bool = False,
    late_too: bool = False,
) -> Question:
    """Return the question for whoever works in the language, or for these people alone.

    The others would only cost time: this is asked while somebody waits.
    """
    people = who
    if people is None:
        people = interpreters.working_in({*one.direct_languages, *one.languages})
    return of_day(
        one.day,
        one.time_zone,
        now=now,
        only=one.id,
        who=people,
        by_a_person=by_a_person,
        late_too=late_too,
    )


@dataclass(frozen=True)
class Look:
    """The schedule as it stands with everybody of the language in it, the best first.

    `lines` say the same as `found` in words; `people` are by id, `barred` why somebody must not,
    `on_it` who is asked for the request or comes to it already.
    """

    schedule: solver.analysis.Desk
    found: Sequence[solver.analysis.Candidate]
    people: Mapping[int, Interpreter]
    barred: Bars
    lines: Sequence[CandidateLine]
    on_it: Set[int]


def look(
    interpretation_request: InterpretationRequest,
    now: datetime,
    who: Collection[int] | None = None,
) -> Look:
    """Look who could come beside the schedule as it stands, and what stops the others.

    With `who` these people alone. Raises KeyError where nobody can come to the request any more.
    """
    question = _question(interpretation_request, now, who, by_a_person=True, late_too=True)
    schedule = standing.as_it_stands(question)
    on_it = {one.interpreter_id for one in holds.of_request(interpretation_request.id)}
    found = standing.not_on_it(schedule.candidates(str(interpretation_request.id)), on_it)
    people = people_of(one.interpreter for one in found)
    barred = bars(
        interpretation_request, found, people, declined([interpretation_request.id]), now=now
    )
    [job] = [one for one in question.problem.requests if one.id == str(interpretation_request.id)]
    still_paid = deciding.still_paid(*question.horizon.bounds)
    origins = Origins(question.problem, question.times)
    regular = question.regular.get(interpretation_request.id, set())
    starts = starts_of(schedule, question, interpretation_request)
    if starts and now > interpretation_request.starts_at - NEIGHBOURS_WITHIN:
        no_later = _question(interpretation_request, now, who, by_a_person=True)
        found, starts = at_a_later_start(found, starts, no_later, interpretation_request.id)
    long = standing.long_ways(found, question, people, interpretation_request)
    busy = standing.privately_busy(found, interpretation_request)
    known = before_asking.known_of(found, people, interpretation_request, question, now)
    over, found = known.over(interpretation_request), known.in_time_first(found)
    lines = [
        CandidateLine(
            people[int(one.interpreter)],
            one.feasible and int(one.interpreter) not in over,
            wording.price(
                one,
                job,
                origins.with_another(one.interpreter, job.id),
                paid_until(one, interpretation_request, still_paid),
                regular=int(one.interpreter) in regular,
                wishes=remarks(one, people, job, interpretation_request, long, known.words),
            ),
            [before_asking.OVER] if int(one.interpreter) in over else reasons(one, barred, busy),
            best_first(one, starts, question),
        )
        for one in found
    ]
    return Look(schedule, found, people, barred, lines, on_it)


def candidates_page(
    interpretation_request: InterpretationRequest, now: datetime
) -> Candidates | None:
    """Return who could come beside the schedule as it stands.

    None when the request needs nobody any more.
    """
    needed = _needed(interpretation_request, now)
    if not needed:
        return None
    seen = look(interpretation_request, now)
    lines = list(seen.lines)
    if not lines or sum(one.fits for one in lines) >= needed:
        return Candidates(needed, lines, too_few=not lines, obstacles="")
    if any(before_asking.OVER in one.reasons for one in lines):
        return Candidates(needed, lines, too_few=True, obstacles=_("Nobody could be in time."))
    why = seen.schedule.explain(str(interpretation_request.id))
    already = people_of(seen.on_it)
    obstacles = _obstacles(why, seen.people, seen.barred, [one.name for one in already.values()])
    return Candidates(needed, lines, too_few=True, obstacles=obstacles)


def remarks(
    one: solver.analysis.Candidate,
    people: Mapping[int, Interpreter],
    job: solver.problem.Request,
    interpretation_request: InterpretationRequest,
    long: Mapping[str, LongWay],
    known: Mapping[int, Sequence[str]],
) -> list[str]:
    """Return what else is to be known: late, not reached, a long way, a variety, wishes met."""
    return [
        *known.get(int(one.interpreter), ()),
        *remark(long.get(one.interpreter)),
        *_variety(one, interpretation_request),
        *wishes_met(job, people[int(one.interpreter)], interpretation_request),
    ]


def _variety(
    candidate: solver.analysis.Candidate, interpretation_request: InterpretationRequest
) -> list[str]:
    """Return in words what somebody would interpret in, where it is not what was asked for."""
    asked, sharing = interpretation_request.language, interpretation_request.sharing
    if sharing is not None and sharing.pivot is not None:
        return [wording.half_of_relay(candidate.language)]
    return [wording.variety(candidate.language, asked)] if candidate.language != asked else []


def reasons(
    candidate: solver.analysis.Candidate, barred: Bars, busy: Mapping[int, str]
) -> list[Any]:
    """Return in words every rule that stops somebody."""
    why = standing.reasons(candidate, barred.get(candidate.interpreter, Bar.EXCLUDED), busy)
    return [words for _rule, words in why]


def _needed(interpretation_request: InterpretationRequest, now: datetime) -> int:
    """Return how many are still to be found; 0 for what is not open or has begun."""
    state, latest = interpretation_request.state, interpretation_request.latest_start_at
    if not rules.is_wanted(state, latest, now):
        return 0
    return len(offers.free_seats(interpretation_request))


def _obstacles(
    why: solver.analysis.Explanation,
    people: Mapping[int, Interpreter],
    barred: Bars,
    already: Collection[str],
) -> str:
    names = {str(id_): one.name for id_, one in people.items()}
    told = nobody.why_nobody(why.reasons, barred, already)
    return f"{told} {wording.what_it_needs(why, names, barred)}"


def paid_until(
    candidate: solver.analysis.Candidate,
    interpretation_request: InterpretationRequest,
    still_paid: Sequence[Paid],
) -> datetime | None:
    """Return until when somebody is paid anyway during the talk; None where nobody pays them."""
    ends = [
        one.ends_at
        for one in still_paid
        if one.interpreter_id == int(candidate.interpreter)
        and one.request_id != interpretation_request.id
        and one.starts_at < interpretation_request.ends_at
        and interpretation_request.starts_at < one.ends_at
    ]
    return max(ends, default=None)
