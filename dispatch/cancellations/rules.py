"""When something may be undone, and what has to be said of it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import Reasons

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
            _l("Say in a few words why; the people concerned and the record need it."),
            field=field,
        )
    for name, written in (("reason_office", reasons.office), ("reason_told", reasons.told)):
        if len(written) > LONGEST_REASON:
            raise Refusal(
                "reason-too-long",
                _l("%(most)d characters are the most; shorten the text.", most=LONGEST_REASON),
                field=name,
            )


def require_not_over(ends_at: datetime, now: datetime) -> None:
    """Refuse to take somebody off what has happened already."""
    if ends_at <= now:
        raise Conflict(
            "assignment-over", _l("This is over already; what has happened cannot be undone.")
        )
