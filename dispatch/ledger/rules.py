"""Who acts, what a change concerns, and who may read the reason given for it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Actor:
    """The one who does something; passed explicitly to every verb."""

    account_id: int | None
    role: str
    organisation_id: int | None = None


SYSTEM = Actor(account_id=None, role="system")


@dataclass(frozen=True)
class Concerning:
    """The ids of everything a change is about; `organisation` is the one whose request it is."""

    organisation: int | None = None
    interpretation_request: int | None = None
    offer: int | None = None
    assignment: int | None = None
    interpreter: int | None = None
    message: int | None = None
    proposal: int | None = None
    planning_run: int | None = None
    account: int | None = None
    site: int | None = None
    series: int | None = None


class Audience(StrEnum):
    """Who reads a reason: the office alone, or also those who are told of the change."""

    OFFICE = "office"
    TOLD = "told"


@dataclass(frozen=True)
class Reasons:
    """Why, in two versions: what only the office reads, and what the other side is told.

    An illness belongs in `office`; `told` says no more than the other side needs.
    """

    office: str = ""
    told: str = ""


NO_REASONS = Reasons()
