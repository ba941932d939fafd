"""When something may be undone, and what has to be said of it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as ngettext  # type: ignore[attr-defined]

from dispatch.cities import City
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import require_reason as require_reason
from dispatch.ledger.rules import require_short as require_short
from dispatch.requests.rules import RequestState

SHORTEST_REFERENCE = 3
"""Shorter references of cases stand in any sentence."""


def require_nothing_of_the_case(told: str, case_reference: str) -> None:
    """Refuse to tell interpreters by which number the organisation keeps the client's case."""
    is_telling = len(case_reference) >= SHORTEST_REFERENCE
    if is_telling and case_reference.casefold() in told.casefold():
        raise Refusal(
            "reason-names-the-case",
            _l(
                "The reason names the case (%(case)s), and others read it in their messages; "
                "leave that out.",
                case=case_reference,
            ),
            field="reason_told",
        )


def can_withdraw(starts_at: datetime, now: datetime, city: City) -> bool:
    """Tell whether whoever has accepted may still take it back without calling the office."""
    return now < city.policies.withdrawal_ends(starts_at)


def require_withdrawable(starts_at: datetime, now: datetime, city: City) -> None:
    """Refuse a withdrawal so late that somebody has to hear it at once, and say whom to call."""
    require_not_begun(starts_at, now)
    if not can_withdraw(starts_at, now, city):
        raise Conflict(
            "withdrawal-over",
            ngettext(
                "It begins in less than an hour. Please call %(phone)s, or press “I cannot come”, "
                "so that the office knows at once.",
                "It begins in less than %(num)d hours. Please call %(phone)s, or press “I cannot "
                "come”, so that the office knows at once.",
                city.policies.withdrawal_ends_hours,
                phone=city.office_phone,
            ),
        )


def require_not_begun(starts_at: datetime, now: datetime) -> None:
    """Refuse to take a yes back once the talk has begun: nobody could be sent any more."""
    if starts_at <= now:
        raise Conflict(
            "assignment-begun", _l("The start has passed; please call the office at once.")
        )


def require_cancelled(state: str) -> None:
    """Refuse to take back a cancellation that is none."""
    if state != RequestState.CANCELLED:
        raise Conflict(
            "request-not-cancelled",
            _l("This request is not cancelled; look at where it stands now."),
        )


def require_own(*, by_office: bool, cancelled_by_office: bool) -> None:
    """Refuse that those who asked take back what the office decided."""
    if cancelled_by_office and not by_office:
        raise Conflict(
            "cancelled-by-office",
            _l("The office has cancelled this; please call if you need somebody after all."),
        )


def require_not_over(ends_at: datetime, now: datetime) -> None:
    """Refuse to take somebody off what has happened already."""
    if ends_at <= now:
        raise Conflict(
            "assignment-over", _l("This is over already; what has happened cannot be undone.")
        )
