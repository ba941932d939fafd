from dataclasses import dataclass
from datetime import date

import pytest

from dispatch.interpreters.rules import (
    Qualification,
    highest,
    holds,
)

MONDAY = date(2027, 3, 1)


@dataclass
class Proof:
    qualification: str
    valid_from: date
    valid_until: date | None


def test_a_qualification_counts_on_its_first_and_on_its_last_day():
    proof = Proof("sprint", date(2027, 1, 1), date(2027, 12, 31))
    assert holds([proof], Qualification.SPRINT, date(2027, 1, 1))
    assert holds([proof], Qualification.SPRINT, date(2027, 12, 31))
    assert not holds([proof], Qualification.SPRINT, date(2026, 12, 31))
    assert not holds([proof], Qualification.SPRINT, date(2028, 1, 1))


def test_a_qualification_without_an_end_counts_for_ever():
    assert holds([Proof("sworn", date(2020, 1, 1), None)], Qualification.SWORN, date(2060, 1, 1))


@pytest.mark.parametrize(
    ("held", "wanted", "enough"),
    [
        ("sworn", Qualification.SPRINT, True),
        ("sprint", Qualification.SPRINT, True),
        ("volunteer", Qualification.SPRINT, False),
        ("state_certified", Qualification.SWORN, False),
    ],
)
def test_a_higher_qualification_is_enough_for_a_lower_one(held, wanted, enough):
    assert holds([Proof(held, MONDAY, None)], wanted, MONDAY) is enough


def test_the_highest_valid_qualification_counts():
    proofs = [
        Proof("volunteer", date(2020, 1, 1), None),
        Proof("sworn", date(2020, 1, 1), date(2026, 12, 31)),
        Proof("sprint", date(2020, 1, 1), None),
    ]
    assert highest(proofs, MONDAY) is Qualification.SPRINT
    assert highest([], MONDAY) is None
