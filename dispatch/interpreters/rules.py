"""What the pool knows about a person: employment, qualification, level, gender."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol


class Employment(StrEnum):
    """How somebody is paid; also the order in which tiers are asked."""

    STAFF = "staff"
    FREELANCE = "freelance"
    VOLUNTEER = "volunteer"


class Qualification(StrEnum):
    """From pool training to the oath (ISO 13611:2024, DIN 19457, ISO 20228)."""

    VOLUNTEER = "volunteer"
    SPRINT = "sprint"
    STATE_CERTIFIED = "state_certified"
    SWORN = "sworn"


QUALIFICATION_RANK = {qualification: rank for rank, qualification in enumerate(Qualification)}


class Gender(StrEnum):
    """Only ever used when a client asks for it."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


MINIMUM_LEVEL, MAXIMUM_LEVEL = 1, 5
"""Language level of an interpreter: 1 just usable, 3 sure in the field, 5 native and trained."""

HIGHEST_FEE_CENTS_PER_HOUR = 50_000
"""Above this a fee is a slip of the pen (JVEG pays 93 EUR per hour)."""


class Held(Protocol):
    """A qualification with its first and its last valid day (None: for ever)."""

    @property
    def qualification(self) -> str: ...  # noqa: D102
    @property
    def valid_from(self) -> date: ...  # noqa: D102
    @property
    def valid_until(self) -> date | None: ...  # noqa: D102


def highest(held: Iterable[Held], on_day: date) -> Qualification | None:
    """Return the highest qualification that is valid on the day."""
    valid = [
        Qualification(proof.qualification)
        for proof in held
        if proof.valid_from <= on_day and (proof.valid_until is None or on_day <= proof.valid_until)
    ]
    return max(valid, key=QUALIFICATION_RANK.__getitem__, default=None)


def holds(held: Iterable[Held], wanted: Qualification, on_day: date) -> bool:
    """Tell whether somebody holds at least the wanted qualification on the day."""
    best = highest(held, on_day)
    return best is not None and QUALIFICATION_RANK[best] >= QUALIFICATION_RANK[wanted]
