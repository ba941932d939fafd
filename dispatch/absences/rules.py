"""What may be decided about an assignment that an absence hits."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.accounts.rules import Role
from dispatch.availability.times import Span
from dispatch.errors import Conflict, Refusal

LONGEST = timedelta(days=366)


class Resolution(StrEnum):
    """What becomes of one assignment in the time of an absence."""

    REPLACE = "replace"
    """The interpreter is off it at once; somebody else is looked for."""

    ASK = "ask"
    """It stays until the other side has said: the office, or the interpreter whom it asks."""

    KEEP = "keep"
    """The interpreter comes all the same."""

    CANCEL = "cancel"
    """The request is cancelled; only the office decides that."""


def offered_to(role: str) -> tuple[Resolution, ...]:
    """Return what somebody of this role may choose."""
    every = tuple(Resolution)
    return every if role != Role.INTERPRETER else every[:-1]


def require_span(span: Span, now: datetime) -> None:
    """Refuse an absence of no length, one that is over, and one longer than a year."""
    starts_at, ends_at = span
    if ends_at <= now:
        raise Refusal("absence-over", _l("This time is over; choose a later end."), field="last")
    if ends_at <= starts_at:
        raise Refusal(
            "ends-before-it-begins",
            _l("The absence ends before it begins; choose a later end."),
            field="last",
        )
    if ends_at - starts_at > LONGEST:
        raise Refusal(
            "absence-too-long",
            _l("An absence may last a year; after that, take the weekly hours out."),
            field="last",
        )


def likely(*, soon: bool) -> Resolution | None:
    """Return what is chosen beforehand: nothing where it begins `soon`, as one press does it."""
    return None if soon else Resolution.REPLACE


def not_said() -> Refusal:
    """Return the refusal for an assignment of which nobody has said what becomes of it."""
    return Refusal(
        "nothing-said-of-an-assignment",
        _l("Say of each assignment what is to become of it; nothing is saved yet."),
    )


def require_resolved(hit: Collection[int], resolved: Mapping[int, Resolution], role: str) -> None:
    """Refuse to save while the list somebody looked at is not the list that is hit now.

    Raises `Conflict` when another assignment fell into the time meanwhile, `Refusal` for what the
    role may not decide.
    """
    if not set(hit) <= set(resolved):
        raise hit_meanwhile()
    require_offered([resolved[one] for one in hit], role)


def require_offered(chosen: Collection[Resolution], role: str) -> None:
    """Refuse what somebody of this role may not decide."""
    if not set(chosen) <= set(offered_to(role)):
        raise Refusal("not-yours-to-decide", _l("Only the office cancels a request."))


def hit_meanwhile() -> Conflict:
    """Return the refusal for an absence that hits more than was looked at."""
    return Conflict(
        "hit-meanwhile",
        _l(
            "Another assignment or offer fell into this time meanwhile; look at the list again "
            "and say what is to become of it."
        ),
    )


def require_undecided(settled_at: datetime | None) -> None:
    """Refuse a second answer."""
    if settled_at is not None:
        raise Conflict("settled", _l("This was decided meanwhile; nothing changed."))
