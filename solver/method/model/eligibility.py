"""Which tasks one person may do, and at what cost: the rules of `rules` on whole arrays.

Each mask answers for all tasks of a language at once what a function of `field.rules` answers for
one job (`free` what `rules.busy` does); `tests/solver/test_method.py` holds them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.evaluation import terms
from solver.method.model.tasks import Flags, OfLanguage, Tasks
from solver.problem.requests import (
    Condition,
    GenderCondition,
    LevelCondition,
    QualificationCondition,
)
from solver.problem.weights import Term
from solver.rules.distances import Whole
from solver.rules.person import Person


class Eligible(NamedTuple):
    """The tasks of one person in order of time, the day each lies on, amounts by term."""

    numbers: Whole
    days: Whole
    amounts: dict[Term, Whole]


def eligible(person: Person, tasks: Tasks, units_per_hour: int) -> Eligible:
    """Return what the person may do as far as person, job and hours decide; ways come later."""
    spoken = [code for code in person.languages if code in tasks.by_language]
    numbers, missed = _allowed(person, spoken, tasks)
    order = np.argsort(numbers)
    numbers, missed = numbers[order], missed[:, order]
    amounts = {
        Term.WISHES: missed[0],
        Term.CONTINUITY: missed[1],
        Term.TIER: np.full(len(numbers), person.interpreter.tier),
        Term.FEE: fee(person, tasks.begin[numbers], tasks.end[numbers], units_per_hour),
    }
    return Eligible(numbers, days_of(person, tasks.begin[numbers]), amounts)


def _allowed(person: Person, spoken: Sequence[str], tasks: Tasks) -> tuple[Whole, Whole]:
    """Return the tasks in these languages that the rules leave, and the penalties there."""
    every = [tasks.by_language[code] for code in spoken]
    numbers = _joined([own.numbers for own in every])
    busy_from, busy_to = tasks.busy_from[numbers], tasks.busy_to[numbers]
    allowed = availability(person, busy_from, busy_to)
    allowed &= free(person, busy_from, busy_to)
    allowed &= day_limit(person, tasks.end[numbers] - tasks.begin[numbers])
    blocks, missed = listed(person, every)
    allowed &= blocks == 0
    at = 0
    for code, own in zip(spoken, every, strict=True):
        for condition, positions in own.conditions:
            asked = numbers[at + positions]
            met = meets(person, code, condition, tasks.begin[asked], tasks.end[asked])
            if condition.penalty is None:
                allowed[at + positions] &= met
            else:
                missed[0, at + positions] += np.where(met, 0, condition.penalty)
        at += len(own.numbers)
    return numbers[allowed], missed[:, allowed]


def listed(person: Person, every: Sequence[OfLanguage]) -> tuple[Whole, Whole]:
    """Return by how many lists of people the person is ruled out, and the penalties of others."""
    blocks = _joined([own.blocks for own in every])
    wishes, continuity = (own.wishes for own in every), (own.continuity for own in every)
    missed = np.stack([_joined(list(wishes)), _joined(list(continuity))])
    at = 0
    for own in every:
        change = own.exceptions.get(person.id)
        if change is not None:
            blocks[at + change.positions] += change.blocks
            missed[0, at + change.positions] += change.wishes
            missed[1, at + change.positions] += change.continuity
        at += len(own.numbers)
    return blocks, missed


def _joined(parts: Sequence[Whole]) -> Whole:
    """Return copies one after the other; nothing where there are none."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def meets(person: Person, code: str, condition: Condition, begin: Whole, end: Whole) -> Flags:
    """Say for tasks in a language whether the person meets a condition that names no people."""
    match condition:
        case LevelCondition():
            return np.full(len(begin), person.languages[code] >= condition.level)
        case GenderCondition():
            return np.full(len(begin), person.interpreter.gender == condition.gender)
        case QualificationCondition():
            met = np.zeros(len(begin), dtype=np.bool_)
            for proof in person.interpreter.qualifications:
                if proof.name == condition.name:
                    since = -np.inf if proof.valid_from is None else proof.valid_from
                    until = np.inf if proof.valid_until is None else proof.valid_until
                    met |= (since <= begin) & (end <= until)
            return met
    raise TypeError(f"no mask for {type(condition).__name__}")


def availability(person: Person, busy_from: Whole, busy_to: Whole) -> Flags:
    """Say which tasks lie within one time of availability."""
    begins, ends = person.intervals
    if len(begins) == 0:
        return np.zeros(len(busy_from), dtype=np.bool_)
    index = np.searchsorted(begins, busy_from, side="right") - 1
    within: Flags = (index >= 0) & (busy_to <= ends[index])
    return within


def days_of(person: Person, begin: Whole) -> Whole:
    """Return on which day of the person each task that lies in their availability begins."""
    begins, days = person.turns
    found: Whole = days[np.searchsorted(begins, begin, side="right") - 1] if len(begins) else begin
    return found


def free(person: Person, busy_from: Whole, busy_to: Whole) -> Flags:
    """Say which tasks overlap no private busy time."""
    found = np.ones(len(busy_from), dtype=np.bool_)
    for item in person.blocked:
        found &= (item.end <= busy_from) | (busy_to <= item.start)
    return found


def day_limit(person: Person, minutes: Whole) -> Flags:
    """Say which tasks alone are within the limits of a day."""
    limits = person.interpreter.limits
    if limits.jobs_per_day == 0:
        return np.zeros(len(minutes), dtype=np.bool_)
    if limits.minutes_per_day is None:
        return np.ones(len(minutes), dtype=np.bool_)
    return minutes <= limits.minutes_per_day


def fee(person: Person, begin: Whole, end: Whole, units_per_hour: int) -> Whole:
    """Return the cents for the service of each task, as `terms.fee` does for one."""
    paid = end - begin
    for item in person.interpreter.paid_idle:
        overlap = np.minimum(item.end, end) - np.maximum(item.start, begin)
        paid = paid - np.maximum(0, overlap)
    return terms.price(person, paid, units_per_hour)
