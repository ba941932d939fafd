"""What those who asked need not read any more once everybody comes, and do when nobody does."""

from datetime import datetime

from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.messaging import composing, said
from dispatch.messaging import queries as sent
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


MISSING = {Event.CHANGED: ("asked_again", "lost"), Event.UNDONE: ("missing",)}
"""What says other things too, and how many of those who came are missing."""


def by_who_comes(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Settle what was still to say that somebody is looked for: everybody is found.

    What says other things too is said without it.
    """
    about = about_all(interpretation_request.id)
    messaging.take_back(about, names=LOOKING, now=now)
    for event, counts in MISSING.items():
        _say_without(event, counts, interpretation_request, now)


def _say_without(
    event: Event, counts: tuple[str, ...], one: InterpretationRequest, now: datetime
) -> None:
    about, names = about_all(one.id), _told(event)
    unsaid = sent.facts_unsaid(about, names)
    if not any(facts[count] for facts in unsaid for count in counts):
        return
    messaging.take_back(about, names=names, now=now)
    facts = unsaid[-1] | dict.fromkeys(counts, 0)
    if event != Event.CHANGED or facts["changes"] or facts["client_knows"]:
        messages.tell(event, one, composing.as_facts(facts), now, one.ends_at)


def looked_for_again(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Say after all that it came in, or is approved, where nobody who asked has heard of it."""
    about = about_all(interpretation_request.id)
    unsaid = "" if said.is_said(about) else said.last_unsaid(about, RECEIVED | APPROVED)
    if unsaid in APPROVED:
        messages.approved(interpretation_request, now)
    elif unsaid:
        messages.received(interpretation_request, now)
