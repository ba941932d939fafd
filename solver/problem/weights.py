"""What counts how much: named terms in levels that cannot outweigh each other."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, Strict

from solver.problem.value import Value


class Term(StrEnum):
    """The terms of the objective; all are amounts to be made small.

    coverage: weight of the requests not covered. promises: price of the promises broken.
    wishes, continuity: penalties of wishes not met. variety, way, handover: cost of the language,
    way and hand-off chosen. fairness: service time beyond fair shares, in time units. tier: sum of
    the tiers of the people sent. fee, travel_fee, day_fee: cents for service, travel and days
    used. travel: time units on the way. waiting: time units between jobs with nothing to do; it
    decides among plans that are equal in all levels, and cannot be weighed against anything.
    """

    COVERAGE = "coverage"
    PROMISES = "promises"
    WISHES = "wishes"
    CONTINUITY = "continuity"
    VARIETY = "variety"
    WAY = "way"
    HANDOVER = "handover"
    FAIRNESS = "fairness"
    TIER = "tier"
    FEE = "fee"
    TRAVEL_FEE = "travel_fee"
    DAY_FEE = "day_fee"
    TRAVEL = "travel"
    WAITING = "waiting"


class WeightedTerm(Value):
    """A term and the factor its amount is multiplied by within its level."""

    term: Term
    factor: Annotated[int, Strict(), Field(ge=0, le=10**6)] = 1


class Level(Value):
    """Terms that may be weighed against each other."""

    name: str
    terms: tuple[WeightedTerm, ...]


def _level(name: str, *terms: tuple[Term, int]) -> Level:
    weighted = tuple(WeightedTerm(term=term, factor=factor) for term, factor in terms)
    return Level(name=name, terms=weighted)


DEFAULT_LEVELS = (
    _level("coverage", (Term.COVERAGE, 1)),
    _level("promises", (Term.PROMISES, 1)),
    _level(
        "wishes",
        (Term.WISHES, 1),
        (Term.CONTINUITY, 1),
        (Term.VARIETY, 1),
        (Term.WAY, 1),
        (Term.HANDOVER, 1),
    ),
    _level("fairness", (Term.FAIRNESS, 1)),
    _level(
        "money and travel",
        (Term.FEE, 1),
        (Term.TRAVEL_FEE, 1),
        (Term.DAY_FEE, 1),
        (Term.TRAVEL, 20),
        (Term.TIER, 1000),
    ),
)


class Weights(Value):
    """Levels, most important first. A term named in none of them does not count."""

    levels: tuple[Level, ...] = DEFAULT_LEVELS
