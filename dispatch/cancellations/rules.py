"""When something may be undone, and what has to be said of it."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import Reasons
from dispatch.requests.rules import RequestState

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
    require_short(reasons)


def require_short(reasons: Reasons) -> None:
    """Refuse a reason that is too long to be read."""
    for name, written in (("reason_office", reasons.office), ("reason_told", reasons.told)):
        if len(written) > LONGEST_REASON:
            raise Refusal(
                "reason-too-long",
                _l("%(most)d characters are the most; shorten the text.", most=LONGEST_REASON),
                field=name,
            )


def can_withdraw(starts_at: datetime, now: datetime, city: City) -> bool:
    """Tell whether whoever has accepted may still take it back without calling the office."""
    return now < starts_at - timedelta(hours=city.policies.withdrawal_ends_hours)


def require_withdrawable(starts_at: datetime, now: datetime, city: City) -> None:
    """Refuse a withdrawal so late that somebody has to hear it at once, and say whom to call."""
    require_not_begun(starts_at, now)
    if not can_withdraw(starts_at, now, city):
        raise Conflict(
            "withdrawal-over",
            _l(
                "It begins in less than %(hours)d hours. Please call %(phone)s, or press “I cannot "
                "come”, so that the office knows at once.",
                hours=city.policies.withdrawal_ends_hours,
                phone=city.office.phone,
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
