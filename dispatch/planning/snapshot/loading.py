"""What is stored about some days, read at once; what follows asks the database nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.assignments.cases import CASE_REMEMBERED, Case, interpreters_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.queries import Work
from dispatch.assignments.rules import DONE
from dispatch.attendance import queries as attendance
from dispatch.availability.rules import Way
from dispatch.cancellations import deciding
from dispatch.cancellations.deciding import Paid
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers import barring, rounds, schedules
from dispatch.offers.barring import Barred, Span
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import places
from dispatch.planning.snapshot.days import A_DAY
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.shares import PERIOD
from dispatch.requests import queries as requests
from dispatch.requests import windows
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE
from dispatch.series import queries as series
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_times
from dispatch.travel.times import TravelTimes


@dataclass(frozen=True)
class Loaded:
    """Rows about some days at an instant.

    `taken` is whose time is asked for or promised, `nights` the same of the day before and after,
    which may reach into the days; `outside` the work that counts and is not in the problem: on
    other days, or reported. `barred` are pairs of request and interpreter: who said no,
    or was released by the office; `times_declined` when whoever said no to a part of a window is
    not to be asked for it; `longer` is how much longer people take
    than was agreed;
    `not_asked` the same by way: who does not want to be asked for it by this one (notice, district,
    hours of their own for it); `came` is who came to
    earlier appointments of a case, `regular` who comes as a rule to the
    series of a request; `still_paid` are times that a late cancellation set free,
    `times` how long the ways take as far as that is known. `may_be_shared`: two people may be
    proposed for a talk that allows it; not where one person is looked for. `bare`: of what is
    taken only where and when is said, not of whom it would be asked; `more_ways` and
    `sites_besides` are those of what will be looked at beside it. Of what is `being_asked` by a
    round, whoever comes already stays, and nobody else is looked for.
    """

    horizon: Horizon
    now: datetime
    pool: Sequence[Interpreter]
    interpretation_requests: Sequence[InterpretationRequest]
    taken: Sequence[Taken]
    nights: Sequence[Taken]
    outside: Sequence[Work]
    barred: set[tuple[int, int]]
    not_asked: Mapping[Way, set[tuple[int, int]]]
    came: Mapping[Case, set[int]]
    regular: Mapping[int, set[int]]
    still_paid: Sequence[Paid]
    times: TravelTimes
    may_be_shared: bool = False
    times_declined: Mapping[tuple[int, int], Sequence[Span]] = field(default_factory=dict)
    longer: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    bare: bool = False
    more_ways: frozenset[Way] = frozenset()
    sites_besides: Sequence[Site] = ()
    being_asked: frozenset[int] = frozenset()

    @property
    def ways(self) -> frozenset[Way]:
        """By which ways anything may take place, or does."""
        return ways_of(self.interpretation_requests, self.taken) | self.more_ways


def load(
    horizon: Horizon,
    *,
    now: datetime,
    only: int | None = None,
    who: Collection[int] | None = None,
    without: Collection[int] = (),
    by_a_person: bool = False,
    imagined: Sequence[InterpretationRequest] = (),
    to_plan: bool = False,
) -> Loaded:
    """Read what is open and still to come, what is taken, and who there is.

    With `only`, that one open request beside what is taken; with `imagined`, those instead. With
    `who`, for these interpreters alone: of the others only those who are on that request, because
    they fill its seats. `without` assignments: as if their interpreters did not come, and as
    late as they are by now. Whom
    the office has released is barred, except where they are looked at `by_a_person`. `to_plan`
    leaves as it is what several are asked for at once: nobody could be asked beside them.
    """
    day, nights = day_and_nights(horizon, who, only)
    taken = [one for one in day if not (isinstance(one, Assignment) and one.id in without)]
    people = None if who is None else {*who, *_on(only, taken)}
    held = {one.interpretation_request_id for one in taken}
    interpretation_requests = [
        one
        for one in requests.starting_between(
            *horizon.bounds, tuple(ALIVE), ids=None if people is None else {*held, only or 0}
        )
        if one.id in held or (only in {None, one.id} and not imagined and is_wanted(one, now))
    ]
    interpretation_requests += imagined
    pool = interpreters.active_with_languages(people)
    sites = {one.site for one in [*interpretation_requests, *nights]}
    points = [*map(places.home_of, pool), *map(places.point_of, sites)]
    cases = {case for one in interpretation_requests if (case := case_of(one))}
    barred = barring.barred([one.id for one in interpretation_requests])
    barred = [one for one in barred if not (by_a_person and one.was_released)]
    is_whole = only is None and not imagined
    times_declined = times_left(interpretation_requests, barred, now)
    return Loaded(
        horizon,
        now,
        pool,
        interpretation_requests,
        taken,
        nights,
        outside(horizon, people, is_shared=is_whole),
        {one.pair for one in barred} - set(times_declined),
        not_asked(interpretation_requests, pool, taken, now),
        interpreters_of(cases, now - CASE_REMEMBERED, now) if cases else {},
        series.regulars([one.id for one in interpretation_requests]),
        deciding.still_paid(*horizon.bounds),
        travel_times(points, {Mode(one.travel_mode) for one in pool}),
        may_be_shared=is_whole,
        times_declined=times_declined,
        longer=attendance.lasting_longer(now) if without else {},
        being_asked=_being_asked(interpretation_requests, now) if to_plan else frozenset(),
    )


def _being_asked(found: Sequence[InterpretationRequest], now: datetime) -> frozenset[int]:
    return frozenset(rounds.asking_several([one.id for one in found], now))


def is_wanted(one: InterpretationRequest, now: datetime) -> bool:
    """Tell whether somebody of the pool can still be sent, as no agency sends everybody."""
    return one.latest_start_at > now and one.seats_of_pool > 0


def case_of(interpretation_request: InterpretationRequest) -> Case | None:
    """Return the case a request belongs to, if those who ask gave it one."""
    return (
        (interpretation_request.organisation_id, interpretation_request.case_reference)
        if interpretation_request.case_reference
        else None
    )


def times_left(
    interpretation_requests: Sequence[InterpretationRequest],
    barred: Collection[Barred],
    now: datetime,
) -> dict[tuple[int, int], list[Span]]:
    """Return the times of windows that people declined who have not declined all of it."""
    open_windows = {one.id: one for one in interpretation_requests if one.has_window}
    released = {one.pair for one in barred if one.was_released}
    times: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for one in barred:
        if one.request_id in open_windows and one.pair not in released:
            times[one.pair].append(one.span)
    return {
        pair: spans
        for pair, spans in times.items()
        if any(not barring.overlaps(spans, left) for left in _times_of(open_windows[pair[0]], now))
    }


def _times_of(window: InterpretationRequest, now: datetime) -> list[Span]:
    """Return from when to when it may still take place."""
    length = timedelta(minutes=window.duration_minutes)
    return [(at, at + length) for at in windows.starts(window) if at > now]


def ways_of(
    interpretation_requests: Iterable[InterpretationRequest], taken: Iterable[Taken]
) -> frozenset[Way]:
    """Return by which ways these may take place, or do."""
    asked_for = {way for one in interpretation_requests for way in one.ranked_ways}
    return frozenset(asked_for | {Way(one.way) for one in taken})


def not_asked(
    interpretation_requests: Sequence[InterpretationRequest],
    pool: Sequence[Interpreter],
    taken: Sequence[Taken],
    now: datetime,
) -> dict[Way, set[tuple[int, int]]]:
    """Return by way who does not want to be asked for what; whoever is on it already stays."""
    particular = [one for one in pool if is_particular(one)]
    there = {(one.interpretation_request_id, one.interpreter_id) for one in taken}
    return {
        way: {
            (one.id, person.id)
            for one in interpretation_requests
            for person in particular
            if why_not_by(person, one, way, now) is not None
        }
        - there
        for way in Way
    }


def is_particular(one: Interpreter) -> bool:
    """Tell whether somebody does not want to be asked for everything in their hours."""
    wishes = one.availability
    return bool(wishes.notice or wishes.regions) or interpreters.hours_differ(one)


def why_not_by(
    person: Interpreter, one: InterpretationRequest, way: Way, now: datetime
) -> Refusal | None:
    """Return why somebody does not want to be asked for a request by this way; None if so.

    Hours are looked at only where they are not the same by every way: all else about them is the
    solver's. Within a window they have to suit at each start at which somebody is there at all.
    """
    refusal = interpreters.why_not_asked(person, one.starts_at, one.site.district, now, way)
    if refusal is not None or not interpreters.hours_differ(person):
        return refusal
    refusals = (_why_not_at(person, one, start, way) for start in windows.starts(one))
    return next((each for each in refusals if each is not None), None)


def _why_not_at(
    person: Interpreter, one: InterpretationRequest, start: datetime, way: Way
) -> Refusal | None:
    """Return the refusal of a start at which somebody is there, but by other ways only."""
    span = (start, start + timedelta(minutes=one.duration_minutes))
    if any(interpreters.is_there(person, span, one.time_zone, each) for each in Way):
        return interpreters.why_not_there(person, span, one.time_zone, way)
    return None


def _on(request_id: int | None, taken: Iterable[Taken]) -> set[int]:
    """Return who is asked for a request or comes to it."""
    return {one.interpreter_id for one in taken if one.interpretation_request_id == request_id}


def taken_in(horizon: Horizon) -> list[Taken]:
    """Return whose time is asked for or promised; what is over is in nobody's way."""
    held = schedules.schedule_between(*horizon.bounds, named=False).taken
    return [one for one in held if one.state not in DONE]


def day_and_nights(
    horizon: Horizon, who: Collection[int] | None, on: int | None
) -> tuple[list[Taken], list[Taken]]:
    """Return what is taken in the days and not over, and all of the days before and after."""
    origin, after = horizon.bounds
    around = schedules.schedule_between(
        origin - A_DAY, after + A_DAY, who=who, on=on, named=False
    ).taken
    within = [one for one in around if origin <= one.starts_at < after]
    nights = [one for one in around if not origin <= one.starts_at < after]
    return [one for one in within if one.state not in DONE], nights


def outside(horizon: Horizon, people: Collection[int] | None, *, is_shared: bool) -> list[Work]:
    """Return the work outside the problem that counts: for fair shares that of weeks before too."""
    origin, after = horizon.bounds
    monday, after_week = horizon.whole_weeks
    first = min(monday, origin - PERIOD) if is_shared else monday
    found = schedules.work_between(first, after_week, who=people)
    return [work for work in found if work.is_over or not origin <= work.starts_at < after]
