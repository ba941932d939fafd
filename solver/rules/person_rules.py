"""The hard rules between one person and one job, one function each; None means: kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from solver.plan import RuleCode, Violation
from solver.problem.people import Qualification
from solver.problem.requests import (
    Condition,
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
)
from solver.rules.person import Job, Person

Asked = TypeVar("Asked", bound=Condition)
Rule = Callable[[Person, Job], Violation | None]


def language(person: Person, job: Job) -> Violation | None:
    """Require that the person works in the language of the seat."""
    if job.seat.language in person.languages:
        return None
    return Violation(rule=RuleCode.LANGUAGE, text=f"does not work in {job.seat.language}")


def level(person: Person, job: Job) -> Violation | None:
    """Require that the level in that language is at least the one required."""
    has = person.languages.get(job.seat.language, 0)
    needed = max(
        (item.level for item in required(job, LevelCondition)),
        default=0,
    )
    if has >= needed:
        return None
    text = f"level {has} in {job.seat.language}, required {needed}"
    return Violation(rule=RuleCode.LEVEL, text=text, lacking=needed - has)


def qualification(person: Person, job: Job) -> Violation | None:
    """Require that every qualification required is held and valid for the whole job."""
    for item in required(job, QualificationCondition):
        held = [proof for proof in person.interpreter.qualifications if proof.name == item.name]
        if not held:
            return Violation(rule=RuleCode.QUALIFICATION, text=f"does not hold {item.name}")
        if not any(valid(proof, job.seat.begin, job.seat.end) for proof in held):
            return Violation(
                rule=RuleCode.QUALIFICATION_EXPIRED, text=f"{item.name} is not valid then"
            )
    return None


def gender(person: Person, job: Job) -> Violation | None:
    """Require that the gender is the one required."""
    for item in required(job, GenderCondition):
        if person.interpreter.gender != item.gender:
            return Violation(rule=RuleCode.GENDER, text=f"gender {item.gender} is required")
    return None


def excluded(person: Person, job: Job) -> Violation | None:
    """Require that the person is not excluded."""
    if any(
        item.concerns(job.variant.way, job.seat.begin, job.seat.end)
        and person.id in item.interpreters
        for item in required(job, ExcludedCondition)
    ):
        return Violation(rule=RuleCode.EXCLUDED, text="is excluded")
    return None


def preferred(person: Person, job: Job) -> Violation | None:
    """Require that where certain people are required, the person is one of them."""
    if any(person.id not in item.interpreters for item in required(job, PreferredCondition)):
        return Violation(rule=RuleCode.PREFERRED, text="only certain others may be sent")
    return None


def continuity(person: Person, job: Job) -> Violation | None:
    """Require that where continuity is required, the person came before."""
    if any(person.id not in item.interpreters for item in required(job, ContinuityCondition)):
        return Violation(rule=RuleCode.CONTINUITY, text="did not come to the earlier appointments")
    return None


def availability(person: Person, job: Job) -> Violation | None:
    """Require that the job with its buffers lies within one time of availability."""
    if person.available(job.busy_from, job.busy_to) is not None:
        return None
    lacking = min(
        (
            max(0, item.start - job.busy_from) + max(0, job.busy_to - item.end)
            for item in person.times
        ),
        default=None,
    )
    text = f"not available from {job.busy_from} to {job.busy_to}"
    return Violation(rule=RuleCode.AVAILABILITY, text=text, lacking=lacking)


def busy(person: Person, job: Job) -> Violation | None:
    """Require that no private busy time overlaps the job with its buffers."""
    for item in person.blocked:
        overlap = min(item.end, job.busy_to) - max(item.start, job.busy_from)
        if overlap > 0:
            text = f"busy from {item.start} to {item.end}"
            return Violation(rule=RuleCode.BUSY, text=text, lacking=overlap)
    return None


def day_limit(person: Person, job: Job) -> Violation | None:
    """Require that the job alone is within the limits of a day."""
    limits = person.interpreter.limits
    over = job.seat.end - job.seat.begin - (limits.minutes_per_day or 0)
    if limits.minutes_per_day is not None and over > 0:
        return Violation(rule=RuleCode.DAY_MINUTES, text="too long for one day", lacking=over)
    if limits.jobs_per_day == 0:
        return Violation(rule=RuleCode.DAY_JOBS, text="takes no jobs on a day", lacking=1)
    return None


PERSON_RULES: tuple[Rule, ...] = (
    language,
    level,
    qualification,
    gender,
    excluded,
    preferred,
    continuity,
)
TIME_RULES: tuple[Rule, ...] = (
    availability,
    busy,
    day_limit,
)
ALL_RULES = PERSON_RULES + TIME_RULES
PLAIN_RULES = (language, *TIME_RULES)


def violations(person: Person, job: Job) -> tuple[Violation, ...]:
    """Return every rule between this person and this job that is broken."""
    rules = ALL_RULES if job.request.conditions else PLAIN_RULES
    return tuple([item for rule in rules if (item := rule(person, job)) is not None])


def fits(person: Person, job: Job, rules: Iterable[Rule]) -> bool:
    """Say whether all these rules are kept."""
    return all(rule(person, job) is None for rule in rules)


def valid(proof: Qualification, begin: int, end: int) -> bool:
    """Say whether a qualification is valid throughout [begin, end)."""
    return (proof.valid_from is None or proof.valid_from <= begin) and (
        proof.valid_until is None or end <= proof.valid_until
    )


def required(job: Job, kind: type[Asked]) -> list[Asked]:
    """Return the conditions of this kind that are requirements."""
    return [
        item for item in job.request.conditions if isinstance(item, kind) and item.penalty is None
    ]
