"""What the pool knows about a person: employment, qualification, level, gender."""

from enum import StrEnum


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
