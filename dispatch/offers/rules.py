"""The life of an offer."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict, Gone


class OfferState(StrEnum):
    """Where an offer stands; only `made` is still a question."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


class Via(StrEnum):
    """The way an answer came."""

    LINK = "link"
    PAGE = "page"


REMIND_BEFORE_DEADLINE = timedelta(hours=2)


def require_answerable(state: str, answer_by: datetime, now: datetime) -> None:
    """Refuse an answer to something that is no longer a question."""
    if state == OfferState.ACCEPTED:
        raise Conflict("already-accepted", _l("You have accepted this already; nothing changed."))
    if state == OfferState.DECLINED:
        raise Conflict("already-declined", _l("You have declined this already; nothing changed."))
    if state == OfferState.LOST:
        raise Conflict("taken", _l("Somebody else accepted first. Thank you for answering."))
    if state == OfferState.WITHDRAWN:
        raise Gone("withdrawn", _l("This is no longer needed. Thank you for answering."))
    if state == OfferState.EXPIRED or now >= answer_by:
        raise Gone("expired", _l("The time to answer has run out; nothing was assigned."))
