"""The answer of the solver: who goes where, what is open and why, and how good it is."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from solver.problem.requests import Way
from solver.problem.value import Identifier, Value
from solver.problem.weights import Term


class Status(StrEnum):
    """What is known: proven best; good, but not proven; nothing satisfies the commitments."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"


class StoppedBy(StrEnum):
    """What ended the search."""

    PROOF = "proof"
    TIME = "time"
    ASKED = "asked"
    SEARCH = "search exhausted"


class Stop(Value):
    """One job in a day: `travel` time units to it, `waiting` time to spare before its buffer.

    `begin` and `end` are those of the service of this person; `arrive` is when the person is at
    the place. Between jobs at one place no buffers are kept; waiting is what is left before the
    next one's. `seat` counts the people of the request from 0.
    """

    request: Identifier
    seat: int = 0
    language: Identifier
    way: Way
    arrive: int
    begin: int
    end: int
    travel: int
    waiting: int
    pinned: bool = False


class Route(Value):
    """One day of one interpreter; `travel_home` is the way from the last stop to the end."""

    interpreter: Identifier
    day: int
    stops: tuple[Stop, ...]
    travel_home: int


class RuleCode(StrEnum):
    """What stops a person from a job: the stable codes of the rules, in the order people count.

    `team` and `outweighed` are no rules: nothing stops the person, but too few others of the team
    can go, or what it costs outweighs it.
    """

    LANGUAGE = "language"
    LEVEL = "level"
    QUALIFICATION = "qualification"
    QUALIFICATION_EXPIRED = "qualification_expired"
    GENDER = "gender"
    EXCLUDED = "excluded"
    PREFERRED = "preferred"
    CONTINUITY = "continuity"
    AVAILABILITY = "availability"
    BUSY = "busy"
    TAKEN = "taken"
    RADIUS = "radius"
    WAY_THERE = "way_there"
    WAY_HOME = "way_home"
    WAY_BETWEEN = "way_between"
    DAY_MINUTES = "day_minutes"
    DAY_JOBS = "day_jobs"
    WEEK_MINUTES = "week_minutes"
    WEEK_JOBS = "week_jobs"
    BREAK = "break"
    TEAM = "team"
    OUTWEIGHED = "outweighed"


class Violation(Value):
    """A rule that stops a person, by its stable code, with the numbers behind it."""

    rule: RuleCode
    text: str
    lacking: int | None = None
    request: Identifier | None = None


class Reason(Value):
    """Why one interpreter of the language is not sent: all rules that stop this person.

    Where several starts are possible, `start` is the one at which the fewest rules do.
    """

    interpreter: Identifier
    start: int
    violations: tuple[Violation, ...]


class RuleCount(Value):
    """How many people a rule stops first."""

    rule: RuleCode
    people: int


class Unassigned(Value):
    """A request that is not covered, with the rules that stop each interpreter of the language.

    `filled` people of `wanted` are in the plan nevertheless, because they are pinned. `rules`
    counts the people by the first rule that stops them.
    """

    request: Identifier
    wanted: int
    filled: int
    sentence: str
    rules: tuple[RuleCount, ...] = ()
    reasons: tuple[Reason, ...] = ()


class TermAmount(Value):
    """A term of the objective and what it amounts to in the plan, before its factor."""

    term: Term
    amount: int


class LevelValue(Value):
    """A level of the objective: its value, a proven lower bound, the relative gap between them.

    The bound holds given that all levels before it have the values of this plan.
    """

    name: str
    value: int
    bound: int | None
    gap: float | None
    proven: bool


class Change(Value):
    """What became of a commitment."""

    request: Identifier
    interpreter: Identifier
    kind: Literal["kept", "broken", "impossible"]
    start: int
    now_start: int | None = None
    now_interpreters: tuple[Identifier, ...] = ()


class Plan(Value):
    """The answer. `asked` requests, `filled` of them covered; `seconds` is time taken.

    `bound` and `gap` are those of the first level that is not proven, else of the last.
    """

    schema_version: Annotated[
        Literal["dragoman-plan/1"], Field(alias="schema", serialization_alias="schema")
    ] = "dragoman-plan/1"
    solver_version: str
    status: Status
    stopped_by: StoppedBy
    asked: int
    filled: int
    routes: tuple[Route, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()
    terms: tuple[TermAmount, ...] = ()
    objective: tuple[LevelValue, ...] = ()
    bound: int | None = None
    gap: float | None = None
    changes: tuple[Change, ...] = ()
    seed: int = 0
    seconds: float = 0.0

    def to_json(self) -> str:
        """Return the plan as JSON."""
        return self.model_dump_json(by_alias=True, indent=1)
