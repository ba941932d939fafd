"""The soft terms, one function each: what a stop, a leg, a variant or a person adds to a term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from solver.problem.requests import (
    Condition,
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
    Request,
)
from solver.problem.weights import Term, Weights
from solver.rules.distances import Whole
from solver.rules.person import Job, Person
from solver.rules.person_rules import valid
from solver.rules.variants import Variant

Amounts = Mapping[Term, int]
Amount = TypeVar("Amount", int, Whole)


def wishes(person: Person, job: Job) -> int:
    """Return the penalties of the wishes this person does not meet, continuity aside."""
    return sum(
        condition.penalty or 0
        for condition in job.request.conditions
        if not isinstance(condition, ContinuityCondition) and not meets(person, job, condition)
    )


def continuity(person: Person, job: Job) -> int:
    """Return the penalties if this person did not come to the earlier appointments."""
    return sum(
        condition.penalty or 0
        for condition in job.request.conditions
        if isinstance(condition, ContinuityCondition) and not meets(person, job, condition)
    )


def fee(person: Person, job: Job, units_per_hour: int) -> int:
    """Return the cents for the service, time that is paid anyway aside."""
    begin, end = job.seat.begin, job.seat.end
    idle = sum(item.overlap(begin, end) for item in person.interpreter.paid_idle)
    return price(person, end - begin - idle, units_per_hour)


def price(person: Person, paid: Amount, units_per_hour: int) -> Amount:
    """Return the cents for a job (or many) with so much time to be paid: by tariff or the hour."""
    tariff = person.interpreter.tariff
    if tariff is None:
        return rounded(person.interpreter.cost_per_hour * paid, units_per_hour)
    begun = -(-_positive(paid - tariff.first) // tariff.block)
    cents = tariff.first_cents + begun * tariff.block_cents
    return (cents + _positive(tariff.minimum - cents)) * (paid > 0)


def _positive(amount: Amount) -> Amount:
    return amount * (amount > 0)


def rounded(paid: Amount, units_per_hour: int) -> Amount:
    """Return cents x time units as whole cents, half a cent up."""
    return (2 * paid + units_per_hour) // (2 * units_per_hour)


def of_stop(person: Person, job: Job, units_per_hour: int) -> dict[Term, int]:
    """Return what one person doing one job adds, travel aside."""
    return {
        Term.WISHES: wishes(person, job),
        Term.CONTINUITY: continuity(person, job),
        Term.TIER: person.interpreter.tier,
        Term.FEE: fee(person, job, units_per_hour),
    }


def of_travel(person: Person) -> dict[Term, int]:
    """Return what one time unit on the way adds."""
    return {Term.TRAVEL: 1, Term.TRAVEL_FEE: person.interpreter.cost_per_travel_unit}


def of_day(person: Person) -> dict[Term, int]:
    """Return what a day with at least one job adds."""
    return {Term.DAY_FEE: person.interpreter.cost_per_day}


def of_variant(request: Request, variant: Variant) -> dict[Term, int]:
    """Return what covering the request in this way adds."""
    return {
        Term.COVERAGE: -request.weight,
        Term.VARIETY: variant.variety,
        Term.WAY: variant.way_cost,
        Term.HANDOVER: variant.handover,
    }


def fairness(person: Person, load: int) -> int:
    """Return the service time of this plan beyond the fair share."""
    share = person.interpreter.fair_share
    if share is None:
        return 0
    before = person.interpreter.committed_load
    return max(0, before + load - share) - max(0, before - share)


def by_level(weights: Weights, amounts: Amounts) -> tuple[int, ...]:
    """Return the value of the amounts in each level."""
    return tuple(
        sum(item.factor * amounts.get(item.term, 0) for item in level.terms)
        for level in weights.levels
    )


def meets(person: Person, job: Job, condition: Condition) -> bool:
    """Say whether the person meets one condition, whether required or wished."""
    match condition:
        case LevelCondition():
            return person.languages.get(job.seat.language, 0) >= condition.level
        case QualificationCondition():
            return any(
                proof.name == condition.name and valid(proof, job.seat.begin, job.seat.end)
                for proof in person.interpreter.qualifications
            )
        case GenderCondition():
            return person.interpreter.gender == condition.gender
        case PreferredCondition() | ContinuityCondition():
            return person.id in condition.interpreters
        case ExcludedCondition():
            concerned = condition.concerns(job.variant.way, job.seat.begin, job.seat.end)
            return not concerned or person.id not in condition.interpreters
    raise TypeError(f"no rule for {type(condition).__name__}")
