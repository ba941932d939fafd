"""What those who asked need not read any more once everybody comes, and do when nobody does."""

from datetime import datetime

from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.messaging import said
from dispatch.messaging import service as messaging
from dispatch.requests import messages
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest


def _told(*events: Event) -> frozenset[str]:
    return frozenset[str]().union(*(names_of(one, Party.WHO_ASKED) for one in events))


RECEIVED = _told(Event.REQUEST_SENT_IN, Event.REQUEST_TO_REVIEW)
APPROVED = _told(Event.APPROVED)
LOOKING = RECEIVED | APPROVED | _told(Event.ROUND_RAN_OUT, Event.STILL_OPEN)
"""What says that somebody is looked for."""


def by_who_comes(request_id: int, now: datetime) -> None:
    """Settle what was still to say that somebody is looked for: everybody is found."""
    messaging.take_back(about_all(request_id), names=LOOKING, now=now)


def looked_for_again(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Say after all that it came in, or is approved, where nobody who asked has heard of it."""
    about = about_all(interpretation_request.id)
    unsaid = "" if said.is_said(about) else said.last_unsaid(about, RECEIVED | APPROVED)
    if unsaid in APPROVED:
        messages.approved(interpretation_request, now)
    elif unsaid:
        messages.received(interpretation_request, now)
