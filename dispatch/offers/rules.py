"""The life of an offer."""

from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.cities.working_time import next_answering_time
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.interpreters.rules import Employment
from dispatch.organisations.rules import Strategy as Strategy
from dispatch.requests.rules import RequestState

LEAST_WAIT, LONGEST_WAIT = 15, 26 * 60


class OfferState(StrEnum):
    """Where an offer stands; `made` is a question, `interested` waits for the office to choose.

    `to_approve` waits for the office, because the way is long: the interpreter knows nothing of it,
    nor ever will when it is `not_approved`.
    """

    TO_APPROVE = "to_approve"
    NOT_APPROVED = "not_approved"
    MADE = "made"
    INTERESTED = "interested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


UNDECIDED = frozenset({OfferState.TO_APPROVE, OfferState.MADE, OfferState.INTERESTED})
"""Nobody knows yet what becomes of it."""

HOLDING = frozenset({OfferState.TO_APPROVE, OfferState.MADE})
"""Takes its interpreter's time, where it is exclusive."""

NEVER_ASKED = frozenset({OfferState.TO_APPROVE, OfferState.NOT_APPROVED})
"""The interpreter must not see it anywhere."""

LONGEST_COMMENT = 300


class RoundState(StrEnum):
    """Where a round stands: it goes on until somebody comes, nobody is left or it is stopped."""

    OPEN = "open"
    FILLED = "filled"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"


AGENCY = "agency"
"""The tier in which nobody is asked by a message: the office is told which partner to call."""

TIERS: tuple[str, ...] = (*Employment, AGENCY)
"""In the order in which they are asked."""


def tiers_after(tier: str | None, *, with_agency: bool) -> tuple[str, ...]:
    """Return the tiers that follow one, all of them after None; the agency where there is one."""
    following = TIERS if tier is None else TIERS[TIERS.index(tier) + 1 :]
    return following if with_agency else tuple(one for one in following if one != AGENCY)


def require_wait(minutes: int) -> None:
    """Refuse to wait for a tier shorter than people need, or longer than two days of answers."""
    if not LEAST_WAIT <= minutes <= LONGEST_WAIT:
        raise Refusal(
            "wait-out-of-range",
            _l(
                "A tier is waited for between %(least)d and %(most)d minutes of answering hours.",
                least=LEAST_WAIT,
                most=LONGEST_WAIT,
            ),
            field="wait_minutes",
        )


def is_wanted(state: str, starts_at: datetime, now: datetime) -> bool:
    """Tell whether somebody could still be asked for a request in this state that starts then."""
    return state == RequestState.OPEN and starts_at > now


def require_assigned_directly(*, allowed: bool) -> None:
    """Refuse to confirm without asking where it is agreed that everybody is asked in writing."""
    if not allowed:
        raise Conflict(
            "not-directly",
            _l(
                "With this organisation it is agreed that interpreters are asked in writing; make "
                "an offer, and write down the answer given on the telephone."
            ),
        )


def is_due(next_at: datetime | None, now: datetime) -> bool:
    """Tell whether the next step of a round is due; None while it waits for an answer."""
    return next_at is not None and next_at <= now


def require_open_round(state: str) -> None:
    """Refuse to stop what has ended."""
    if state != RoundState.OPEN:
        raise Conflict("round-over", _l("This round has ended meanwhile; nobody else is asked."))


def reminder_at(made_at: datetime, answer_by: datetime, city: City) -> datetime | None:
    """Return when somebody who has not answered is reminded: half-way, when people answer.

    None where answering hours leave no such moment before the deadline.
    """
    at = next_answering_time(made_at + (answer_by - made_at) / 2, city)
    return at if at < answer_by else None


def overtaken() -> Conflict:
    """Return the refusal of an answer to what was asked before a change."""
    return Conflict(
        "overtaken",
        _l(
            "This changed while your answer was on its way. Your answer was to the earlier terms "
            "and does not count; please answer the new question we sent you."
        ),
    )


def ended_as(state: str, wanted: OfferState) -> OfferState:
    """Return how a question ends: as wanted, unless nobody was asked yet."""
    return OfferState.NOT_APPROVED if state == OfferState.TO_APPROVE else wanted


def require_to_approve(state: str, decide_by: datetime, now: datetime) -> None:
    """Refuse to decide on a way that is decided, has run out, or never had to be."""
    if state != OfferState.TO_APPROVE:
        raise nothing_to_approve()
    if now >= decide_by:
        raise Conflict(
            "approval-over",
            _l("The time to decide has passed, so it counts as refused; ask somebody anew."),
        )


def nothing_to_approve() -> Conflict:
    """Return the refusal to decide on a way that does not wait for it."""
    return Conflict(
        "not-to-approve",
        _l("This way does not wait for a decision any more; look at where it stands."),
    )


def require_answerable(state: str, answer_by: datetime, now: datetime) -> None:
    """Refuse an answer to something that is no longer a question."""
    if state == OfferState.TO_APPROVE:
        raise Conflict(
            "not-approved-yet",
            _l("The way is not approved yet, so nobody is asked; decide on it."),
        )
    if state == OfferState.INTERESTED:
        raise Conflict(
            "already-interested",
            _l("We know already that you could come; the office chooses and you will hear."),
        )
    if state == OfferState.ACCEPTED:
        raise Conflict("already-accepted", _l("You have accepted this already; nothing changed."))
    if state == OfferState.DECLINED:
        raise Conflict("already-declined", _l("You have declined this already; nothing changed."))
    if state == OfferState.LOST:
        raise Conflict("taken", _l("Somebody else comes already. Thank you for answering."))
    if state in {OfferState.WITHDRAWN, OfferState.NOT_APPROVED}:
        raise Gone("withdrawn", _l("This is no longer needed. Thank you for answering."))
    if state == OfferState.EXPIRED or now >= answer_by:
        raise Gone("expired", _l("The time to answer has run out; nothing was assigned."))


def require_sure(*, is_interest: bool) -> None:
    """Refuse a yes to a question that only asks who could come."""
    if is_interest:
        raise Conflict(
            "only-interest",
            _l("This only asks who could come; say whether you could, and the office chooses."),
        )


def require_interest(*, is_interest: bool) -> None:
    """Refuse "I could come" where a sure answer is wanted."""
    if not is_interest:
        raise Conflict("sure-answer", _l("Here a sure answer is wanted: accept or decline."))


def require_interested(state: str) -> None:
    """Refuse to choose somebody who has not said that they could come, or has taken it back."""
    if state != OfferState.INTERESTED:
        raise not_interested()


def not_interested() -> Conflict:
    """Return the refusal to choose somebody who has not said that they could come."""
    return Conflict(
        "not-interested",
        _l("This person has not said, or does not say any more, that they could come."),
    )


def comment(text: str) -> str | None:
    """Return what somebody adds to their answer; raises `Refusal` where it is too long."""
    if len(text.strip()) > LONGEST_COMMENT:
        raise Refusal(
            "comment-too-long",
            _l("A comment has at most %(most)d characters.", most=LONGEST_COMMENT),
            field="comment",
        )
    return text.strip() or None


def require_open_question(state: str) -> None:
    """Refuse to take back what is no question any more."""
    if state == OfferState.WITHDRAWN:
        raise Conflict("already-answered", _l("This question was taken back meanwhile."))
    if state not in UNDECIDED:
        raise Conflict("already-answered", _l("This offer has been answered meanwhile."))
