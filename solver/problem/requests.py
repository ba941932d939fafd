"""Requests as the solver sees them: when, where, in which language, for whom, how dear."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, Strict

from solver.problem.value import Count, Identifier, Interval, Length, Time, Value

Penalty = Annotated[int, Strict(), Field(ge=0, le=10**6)]


class Way(StrEnum):
    """How the interpreter takes part."""

    ON_SITE = "on_site"
    VIDEO = "video"
    TELEPHONE = "telephone"


class WayChoice(Value):
    """A way that will do, and what choosing it costs (points of the term `way`)."""

    way: Way = Way.ON_SITE
    cost: Count = 0


class LanguageChoice(Value):
    """A language that will do, and what choosing it costs (points of the term `variety`).

    With `relay` two people work together: one in `code`, one in `relay`. The level asked for
    applies to both.
    """

    code: Identifier
    relay: Identifier | None = None
    cost: Count = 0


class Condition(Value):
    """Something asked of the person.

    Without `penalty` it is a requirement; with one it is a wish, and each person sent who does
    not meet it costs that many points of the term `wishes` (of `continuity` for continuity).
    """

    penalty: Penalty | None = None

    @property
    def depends_on_time(self) -> bool:
        """Whether the same person may meet it at one time and not at another."""
        return False


class LevelCondition(Condition):
    """At least this level in the language worked in."""

    kind: Literal["level"] = "level"
    level: Annotated[int, Strict(), Field(ge=0, le=100)]


class QualificationCondition(Condition):
    """Holds this qualification for the whole job."""

    kind: Literal["qualification"] = "qualification"
    name: Identifier

    @property
    def depends_on_time(self) -> bool:
        """A proof is valid for a while."""
        return True


class GenderCondition(Condition):
    """Is of this gender."""

    kind: Literal["gender"] = "gender"
    gender: Identifier


class PreferredCondition(Condition):
    """Is one of these people."""

    kind: Literal["preferred"] = "preferred"
    interpreters: tuple[Identifier, ...]


class ExcludedCondition(Condition):
    """Is none of these people.

    Asked only where the job is done by one of `ways` (none named: by any way), and where what the
    person does of it shares a moment with one of `times` (none named: at any time).
    """

    kind: Literal["excluded"] = "excluded"
    interpreters: tuple[Identifier, ...]
    ways: tuple[Way, ...] = ()
    times: tuple[Interval, ...] = ()

    @property
    def depends_on_time(self) -> bool:
        """Whether somebody is excluded at some times alone."""
        return bool(self.times)

    def concerns(self, way: Way, begin: int, end: int) -> bool:
        """Say whether it is asked of whoever does [begin, end) of the job by this way."""
        in_time = not self.times or any(one.overlap(begin, end) for one in self.times)
        return in_time and (not self.ways or way in self.ways)


class ContinuityCondition(Condition):
    """Is one of those who came to the earlier appointments."""

    kind: Literal["continuity"] = "continuity"
    interpreters: tuple[Identifier, ...]


AnyCondition = Annotated[
    LevelCondition
    | QualificationCondition
    | GenderCondition
    | PreferredCondition
    | ExcludedCondition
    | ContinuityCondition,
    Field(discriminator="kind"),
]


class Handover(Value):
    """The job may be shared by two people one after the other, at a cost (term `handover`).

    The first works [begin, cut + overlap), the second [cut, end); each at least `least` time
    units. `cut` lies at begin + least, then every `step` time units; where `at` is given, at
    begin + at and nowhere else. Each whole `step` by which it lies off the middle costs `uneven`.
    """

    least: Annotated[int, Strict(), Field(ge=1, le=10**6)]
    step: Annotated[int, Strict(), Field(ge=1, le=10**6)] = 30
    overlap: Length = 0
    cost: Count = 0
    at: Annotated[int, Strict(), Field(ge=1, le=10**6)] | None = None
    uneven: Count = 0

    def cuts(self, begin: int, end: int) -> Iterable[int]:
        """Return the times at which the second person may begin."""
        if self.at is not None:
            return (begin + self.at,)
        return range(begin + self.least, end - self.least + 1, self.step)

    def price(self, begin: int, cut: int, end: int) -> int:
        """Return what a hand-over then costs."""
        steps = abs((cut - begin) - (end - cut)) // (2 * self.step)
        return self.cost + self.uneven * steps


class Request(Value):
    """One request for interpreting.

    It may begin at `earliest`, `earliest + step`, ... up to `latest` (`earliest` when not given)
    and lasts `duration`. The interpreter is present from `buffer_before` before it until
    `buffer_after` after it. It counts as covered, with `weight`, only when all `interpreters`
    different people are there. Exactly one language and one way is chosen for all of them.
    """

    id: Identifier
    earliest: Time
    latest: Time | None = None
    step: Annotated[int, Strict(), Field(ge=1, le=10**6)] = 15
    duration: Annotated[int, Strict(), Field(ge=1, le=10**6)]
    place: Identifier | None = None
    buffer_before: Length = 0
    buffer_after: Length = 0
    languages: tuple[LanguageChoice, ...]
    ways: tuple[WayChoice, ...] = (WayChoice(),)
    weight: Annotated[int, Strict(), Field(ge=0, le=10**6)] = 1
    interpreters: Annotated[int, Strict(), Field(ge=1, le=20)] = 1
    conditions: tuple[AnyCondition, ...] = ()
    handover: Handover | None = None

    def starts(self) -> range:
        """Return the times at which it may begin."""
        latest = self.earliest if self.latest is None else self.latest
        return range(self.earliest, latest + 1, self.step)
