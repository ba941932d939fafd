"""Requests as the solver sees them: when and where, what is required, what is wished for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import solver
from dispatch import clock
from dispatch.assignments import fitting
from dispatch.availability.rules import Way
from dispatch.interpreters.models import Interpreter
from dispatch.offers.barring import Span
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import places, sharing
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.loading import Loaded, case_of
from dispatch.requests import windows
from dispatch.requests.models import InterpretationRequest

WEIGHT_OF_PRIORITY = {1: 4, 2: 2, 3: 1}
STEP_MINUTES = int(windows.STEP.total_seconds() // 60)
WAY_STEP = 1000
"""What the next way costs in the level of wishes: more than all that a request may wish for, so
that it is taken where nobody is found by the way before, and nowhere else."""

VARIETY_STEP = 1000
"""What a related variety costs, in the same way."""

POINT = 1
"""What each wish costs that a person sent does not meet, in the level of wishes."""


def requests(loaded: Loaded) -> Iterator[solver.problem.Request]:
    """Yield the solver's requests; times are minutes since the first instant of the days.

    Those who declined, were released, do not want to be asked or are excluded cannot come. Whom
    those who ask would like is a wish; where they named nobody, those are who comes to the series
    as a rule, or who interpreted for the same case in the year before.
    """
    barred = defaultdict(set)
    for request_id, interpreter_id in loaded.barred:
        barred[request_id].add(interpreter_id)
    declined: dict[int, dict[int, Sequence[Span]]] = defaultdict(dict)
    for (request_id, interpreter_id), spans in loaded.times_declined.items():
        declined[request_id][interpreter_id] = spans
    not_asked = _by_request(loaded.not_asked)
    here = {one.id for one in loaded.pool}
    held = defaultdict(list)
    for taken in loaded.taken:
        held[taken.interpretation_request_id].append(taken)
    for one in _looked_for(loaded, held):
        talk = _talk(one, held[one.id], loaded)
        if talk is None:
            continue
        ways = tuple(_ways(one, {Way(each.way) for each in held[one.id]}))
        if loaded.bare:
            yield talk.job.model_copy(update={"ways": ways})
            continue
        # Of those named only who is in the pool still: the solver refuses to hear of others.
        named = barred[one.id] | {each.interpreter_id for each in one.excluded_interpreters}
        excluded = (named & here) | _volunteers(one, loaded.pool) | talk.excluded
        preferred = {each.interpreter_id for each in one.preferred_interpreters} & here
        came = loaded.came.get(case_of(one) or (0, ""), set())
        known = loaded.regular.get(one.id, came) & here
        same = came & here if one.only_same_person else set()
        yield talk.job.model_copy(
            update={
                "ways": ways,
                "conditions": (
                    *_required(one, excluded),
                    *_if_possible(one),
                    *_not_by_the_way(not_asked[one.id]),
                    *_not_then(declined[one.id], loaded.horizon),
                    *_alone(one, preferred, same),
                    *_wished(set() if one.only_preferred else preferred, known - same),
                ),
            }
        )


def _looked_for(
    loaded: Loaded, held: Mapping[int, Sequence[Taken]]
) -> Iterator[InterpretationRequest]:
    """Yield all but what is being asked for and nobody comes to, or one half of two who share."""
    for one in loaded.interpretation_requests:
        if one.id not in loaded.being_asked or (held.get(one.id) and not one.sharing):
            yield one


class _Talk(NamedTuple):
    """What is left to do of a request, before what is said of people; who must not do it."""

    job: solver.problem.Request
    excluded: set[int]


def _talk(one: InterpretationRequest, held: Sequence[Taken], loaded: Loaded) -> _Talk | None:
    """Return the talk, or of one that two share what the other does; None where nothing is left."""
    origin, _after = loaded.horizon.bounds
    job = solver.problem.Request(
        id=str(one.id),
        earliest=0,
        step=STEP_MINUTES,
        duration=one.duration_minutes,
        place=places.id_of(places.point_of(one.site)),
        buffer_before=one.site.buffer_before_minutes,
        buffer_after=one.site.buffer_after_minutes,
        languages=(),
        weight=WEIGHT_OF_PRIORITY[one.priority],
    )
    if one.sharing and held:
        part = sharing.open_part(one, held)
        return part and _Talk(
            job.model_copy(
                update={
                    "earliest": clock.minutes_between(origin, part.starts_at),
                    "duration": clock.minutes_between(part.starts_at, part.ends_at),
                    "languages": (solver.problem.LanguageChoice(code=part.language),),
                }
            ),
            {each.interpreter_id for each in held},
        )
    first, latest = _starts(one, held[-1].starts_at if held else None, loaded.now)
    direct = _languages(one, [each.language for each in held])
    choices = sharing.choices(one, direct, loaded)
    return _Talk(
        job.model_copy(
            update={
                "earliest": clock.minutes_between(origin, first),
                "latest": clock.minutes_between(origin, latest) if latest > first else None,
                "languages": choices.languages,
                "handover": choices.handover,
                "interpreters": _people(one, held, loaded),
            }
        ),
        set(),
    )


def _people(one: InterpretationRequest, held: Sequence[Taken], loaded: Loaded) -> int:
    """Return how many are to come of the pool; where others are being asked, who does already."""
    if one.id in loaded.being_asked:
        return len(held)
    return 1 if one.sharing else one.seats_of_pool


def _starts(
    one: InterpretationRequest, agreed: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Return the first and the last start that is left; a team begins when the first of it does."""
    if not one.has_window:
        return one.starts_at, one.starts_at
    if agreed is not None:
        return agreed, agreed
    return windows.first_start(one, now), one.latest_start_at


def _by_request(
    not_asked: Mapping[Way, set[tuple[int, int]]],
) -> Mapping[int, Mapping[Way, set[int]]]:
    found: dict[int, dict[Way, set[int]]] = defaultdict(lambda: defaultdict(set))
    for way, pairs in not_asked.items():
        for request_id, interpreter_id in pairs:
            found[request_id][way].add(interpreter_id)
    return found


def _languages(
    one: InterpretationRequest, spoken: Collection[str]
) -> Iterator[solver.problem.LanguageChoice]:
    """Yield the language, by consent related varieties, and what somebody has agreed to anyway."""
    direct = one.direct_languages
    for number, tag in enumerate([*direct, *sorted(set(spoken) - set(direct))]):
        yield solver.problem.LanguageChoice(code=tag, cost=number * VARIETY_STEP)


def _ways(
    interpretation_request: InterpretationRequest, taken: Collection[Way]
) -> Iterator[solver.problem.WayChoice]:
    """Yield the ways by their rank, and after them what somebody has agreed to all the same."""
    ranked = interpretation_request.ranked_ways
    for number, way in enumerate([*ranked, *sorted(set(taken) - set(ranked))]):
        yield solver.problem.WayChoice(way=solver.problem.Way(way), cost=number * WAY_STEP)


def _not_by_the_way(
    not_asked: Mapping[Way, set[int]],
) -> Iterator[solver.problem.ExcludedCondition]:
    """Yield who does not want to be asked, once for all the ways by which it is the same people."""
    groups: dict[tuple[str, ...], list[Way]] = defaultdict(list)
    for way in Way:
        groups[_ids(not_asked[way])].append(way)
    for people, ways in groups.items():
        if people:
            every = len(ways) == len(Way)
            yield solver.problem.ExcludedCondition(
                interpreters=people,
                ways=() if every else tuple(solver.problem.Way(way) for way in ways),
            )


def _not_then(
    declined: Mapping[int, Sequence[Span]], horizon: Horizon
) -> Iterator[solver.problem.ExcludedCondition]:
    """Yield who has said no to which times of a window; for the others they may be asked."""
    origin, _after = horizon.bounds
    for interpreter_id, spans in sorted(declined.items()):
        minutes = [[clock.minutes_between(origin, at) for at in span] for span in sorted(spans)]
        yield solver.problem.ExcludedCondition(
            interpreters=_ids([interpreter_id]),
            times=tuple(solver.problem.Interval(start=start, end=end) for start, end in minutes),
        )


def _required(
    interpretation_request: InterpretationRequest, excluded: set[int]
) -> Iterator[solver.problem.AnyCondition]:
    if interpretation_request.gender_required:
        yield solver.problem.GenderCondition(gender=interpretation_request.gender_required)
    if interpretation_request.qualification_required:
        yield solver.problem.QualificationCondition(
            name=interpretation_request.qualification_required
        )
    if interpretation_request.level_required:
        yield solver.problem.LevelCondition(level=interpretation_request.level_required)
    if excluded:
        yield solver.problem.ExcludedCondition(interpreters=_ids(excluded))


def _volunteers(one: InterpretationRequest, pool: Sequence[Interpreter]) -> set[int]:
    """Return who is ruled out by legal consequences; no remedy softens that to a wish."""
    if not one.has_legal_consequences:
        return set()
    return {each.id for each in pool if fitting.is_volunteer(each, one.day)}


def _if_possible(one: InterpretationRequest) -> Iterator[solver.problem.AnyCondition]:
    if one.gender_wished:
        yield solver.problem.GenderCondition(gender=one.gender_wished, penalty=POINT)
    if one.qualification_wished:
        yield solver.problem.QualificationCondition(name=one.qualification_wished, penalty=POINT)
    if one.level_wished:
        yield solver.problem.LevelCondition(level=one.level_wished, penalty=POINT)


def _alone(
    interpretation_request: InterpretationRequest, preferred: set[int], same: set[int]
) -> Iterator[solver.problem.AnyCondition]:
    if interpretation_request.only_preferred:
        yield solver.problem.PreferredCondition(interpreters=_ids(preferred))
    if same:
        yield solver.problem.ContinuityCondition(interpreters=_ids(same))


def _wished(preferred: set[int], known: set[int]) -> Iterator[solver.problem.AnyCondition]:
    if preferred:
        yield solver.problem.PreferredCondition(interpreters=_ids(preferred), penalty=POINT)
    elif known:
        yield solver.problem.ContinuityCondition(interpreters=_ids(known), penalty=POINT)


def _ids(people: Collection[int]) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in people))
