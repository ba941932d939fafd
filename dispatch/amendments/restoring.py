"""Taking a cancellation back together with the changes before it of which nobody had heard."""

from datetime import datetime

from dispatch.amendments import differences, messages, queries
from dispatch.amendments.before import Before
from dispatch.assignments import messages as assignments
from dispatch.assignments.messages import CalendarEntry
from dispatch.assignments.models import Assignment
from dispatch.assignments.whereabouts import district_or_way, place_or_way
from dispatch.cancellations import undoing
from dispatch.cancellations.undoing import Back
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import get
from dispatch.invitations import service as invitations
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import said
from dispatch.offers import messages as offers
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest

TOLD = names_of(Event.CHANGED_TO_KNOW, Party.COMING)
AGREED = names_of(Event.RECONFIRMED, Party.COMING)


def undo(
    actor: Actor, request_id: int, *, now: datetime, expected_version: int | None = None
) -> Back:
    """Take a cancellation back (`undoing.undo`); say of changes before it what nobody has heard.

    What had not left when it was cancelled was taken back with all the rest. Whoever comes as if
    nothing had happened hears now what they were to hear then, and so do those who asked. Raises
    what `undoing.undo` raises.
    """
    back = undoing.undo(actor, request_id, now=now, expected_version=expected_version)
    since = undoing.last_cancellation(request_id).at
    for before, again in back.going_on:
        _tell_who_comes(before, again, since, now)
    _tell_who_asked(get(InterpretationRequest, request_id), back, since, now)
    return back


def _tell_who_asked(one: InterpretationRequest, back: Back, since: datetime, now: datetime) -> None:
    unsaid = said.facts_lost(about_all(one.id), queries.CHANGED, since)
    changes = queries.changes_in(unsaid, one)
    if not changes:
        return
    messages.request_changed(
        one,
        changes,
        asked_again=back.asked_before,
        lost=[],
        lost_besides=queries.lost_without_a_word(one.id),
        now=now,
    )


def _tell_who_comes(before: Assignment, again: Assignment, since: datetime, now: datetime) -> None:
    about = f"assignment:{again.id}"
    if said.first_lost(about, AGREED, since):
        issued = invitations.update(again.id, offers.entry_of(again), now=now)
        entry = CalendarEntry(issued.part, issued.sender) if issued else None
        assignments.tell(Event.RECONFIRMED, again, now=now, entry=entry)
    elif changed_at := said.first_lost(about, TOLD, since):
        messages.only_to_know(again, _known(before, changed_at), now)


def _known(before: Assignment, changed_at: datetime) -> Before:
    """Return what somebody knows of an assignment who has heard of no change since."""
    one, locale = before.interpretation_request, before.interpreter.account.locale
    changes = ledger.history(Concerning(interpretation_request=one.id), ["request.changed"])
    names = frozenset[str]().union(*(each.fields for each in changes if each.at >= changed_at))
    earlier = [each for each in before.confirmations if each.asked_at < changed_at]
    heard = earlier[-1] if earlier else before.confirmations[0]
    return Before(
        starts_at=heard.starts_at,
        ends_at=heard.ends_at,
        district=district_or_way(heard.way, heard.site, locale),
        language=heard.language,
        place=place_or_way(heard.way, one, heard.site, locale),
        site_id=heard.site_id,
        also=differences.only_that_new(names, before.way, locale),
    )
