"""Interpreters as the solver sees them: what they speak, may do, when, from where, at what cost."""

from typing import Annotated

from pydantic import Field, Strict

from solver.problem.value import Cents, Count, Identifier, Interval, Length, Time, Value


class WorkingLanguage(Value):
    """A language the interpreter works in, with the level in it (higher is better).

    The code is compared as it stands. For relay name the pair, for example `gaz>eng`.
    """

    code: Identifier
    level: Annotated[int, Strict(), Field(ge=0, le=100)] = 1


class Qualification(Value):
    """A proof held; it counts for jobs lying wholly within [valid_from, valid_until)."""

    name: Identifier
    valid_from: Time | None = None
    valid_until: Time | None = None


class Busy(Value):
    """A private time without jobs.

    With a place it is reached and left like a job; without one travel stops while it lasts.
    """

    start: Time
    end: Time
    place: Identifier | None = None


class Break(Value):
    """On a day with jobs, `length` time units in one piece within [earliest, latest) stay free.

    Free means: no job, no buffer, no travel, no busy time.
    """

    earliest: Time
    latest: Time
    length: Length


class WorkDay(Value):
    """One day of one interpreter: when available, and where it starts and ends.

    Intervals that touch, also those of two days, are one time of availability. Jobs with their
    buffers lie within one each. A job belongs to the day on which it begins. The way from `start`
    begins within the time of the first job, the way to `end` is over within that of the last one.
    No place means no way. Jobs by video or telephone are done at `remote`, or at `start`.
    `week` names the week whose limits the day counts towards.
    """

    day: int
    week: int = 0
    available: tuple[Interval, ...] = ()
    start: Identifier | None = None
    end: Identifier | None = None
    remote: Identifier | None = None
    breaks: tuple[Break, ...] = ()


class Limits(Value):
    """The most an interpreter works: service time in time units and number of jobs."""

    minutes_per_day: Length | None = None
    jobs_per_day: Count | None = None
    minutes_per_week: Length | None = None
    jobs_per_week: Count | None = None


class Tariff(Value):
    """What a job costs, in started blocks of service time.

    The first block lasts `first` time units and costs `first_cents`, each further one `block` and
    `block_cents`; a block begun is paid in full. A job with time to be paid costs at least
    `minimum`. German courts for instance pay half an hour's fee for each half hour begun (JVEG,
    sections 8 (2) and 9).
    """

    minimum: Cents = 0
    first: Length = 0
    first_cents: Cents = 0
    block: Annotated[int, Strict(), Field(ge=1, le=10**6)]
    block_cents: Cents


class WorkedWeek(Value):
    """What of a week's limits is used up by work outside the problem."""

    week: int
    minutes: Length = 0
    jobs: Count = 0


class Interpreter(Value):
    """One interpreter.

    Service time outside `paid_idle` is paid by `tariff`, or for each job with `cost_per_hour`, half
    a cent rounded up. `cost_per_travel_unit` is paid for each time unit on the way,
    `cost_per_day` once for each day with a job. `tier` 0 is asked before
    tier 1. `radius_km` is the farthest straight line from the start of the day to a job on site.
    `committed_load` is service time already given in the period for which `fair_share` is the
    share that would be fair; without a share, fairness does not look at this interpreter.
    """

    id: Identifier
    languages: tuple[WorkingLanguage, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    gender: Identifier | None = None
    days: tuple[WorkDay, ...] = ()
    busy: tuple[Busy, ...] = ()
    paid_idle: tuple[Interval, ...] = ()
    travel_profile: Identifier | None = None
    radius_km: Annotated[float, Field(ge=0)] | None = None
    limits: Limits = Limits()
    worked: tuple[WorkedWeek, ...] = ()
    cost_per_hour: Cents = 0
    tariff: Tariff | None = None
    cost_per_travel_unit: Cents = 0
    cost_per_day: Cents = 0
    tier: Annotated[int, Strict(), Field(ge=0, le=100)] = 0
    committed_load: Length = 0
    fair_share: Length | None = None
