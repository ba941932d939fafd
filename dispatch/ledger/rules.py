"""Who acts, what a change concerns, and who may read the reason given for it."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch import texts
from dispatch.errors import Refusal


@dataclass(frozen=True)
class Actor:
    """The one who does something; passed explicitly to every verb."""

    account_id: int | None
    role: str
    organisation_id: int | None = None


SYSTEM = Actor(account_id=None, role="system")
ACTOR_ROLES = (
    SYSTEM.role,
    "caseworker",
    "interpreter",
    "coordinator",
    "organisation_lead",
    "auditor",
    "administrator",
)
"""Who can have done something: nobody in person, or an account (the roles of `accounts`)."""


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
LONGEST_REASON = 200


def require_reason(reasons: Reasons, *, by_office: bool) -> None:
    """Refuse to undo something without saying why, to whoever has to know.

    The office writes down its own reason; what the other side is told may be left empty. Those who
    asked have one reason, which is told.
    """
    field = "reason_office" if by_office else "reason_told"
    text = reasons.office if by_office else reasons.told
    if not text.strip():
        raise Refusal(
            "reason-missing",
            _l("Say in a few words why; the record needs it.")
            if by_office
            else _l("Say in a few words why; the people concerned and the record need it."),
            field=field,
        )
    require_short(reasons)


def require_short(reasons: Reasons) -> None:
    """Refuse a reason that is too long to be read, or must not be told as it is."""
    for name, written in (("reason_office", reasons.office), ("reason_told", reasons.told)):
        if len(written) > LONGEST_REASON:
            raise Refusal(
                "reason-too-long",
                _l("%(most)d characters are the most; shorten the text.", most=LONGEST_REASON),
                field=name,
            )
    texts.require_tellable(reasons.told, most=LONGEST_REASON, field="reason_told")
