"""A question asked anew, because what it asks has changed."""

import secrets
from datetime import datetime

from flask_babel import force_locale

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms
from dispatch.contacts.hearing import Event
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import grown_ways, messages, queries, rounds, rules, service
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Strategy
from dispatch.settings import active


def renew(
    actor: Actor,
    before: Offer,
    terms: Terms,
    *,
    to_office: bool = False,
    why: str = "",
    now: datetime,
) -> Offer:
    """Ask whoever has not answered a (locked) question on changed terms, in the same round.

    The earlier link is dead from now on; the new question says what was asked before, if anything
    of that may have arrived. `to_office`: the way is long by now, so the office decides first, and
    whoever was asked before hears that they are not any more, and `why`. Raises `Conflict`, and
    changes nothing, where the interpreter's time is taken then or the way cannot be made.
    """
    hold_id = _overtake(actor, before, terms, now)
    city = active().city
    deadline = answer_deadline(now=now, starts_at=terms.starts_at, city=city)
    token = secrets.token_urlsafe(16)
    offer = Offer(
        round=before.round,
        interpretation_request=before.interpretation_request,
        interpreter=before.interpreter,
        seat=terms.seat if before.exclusive else None,
        exclusive=before.exclusive,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        language=terms.language,
        way=terms.way,
        token_hash=queries.hash_of(token),
        state=OfferState.MADE,
        hold_id=hold_id,
        made_at=now,
        answer_by=deadline.answer_by,
        is_short=deadline.is_short,
        approved_at=before.approved_at if terms.site_id == before.site_id else None,
        remind_at=rules.reminder_at(now, deadline.answer_by, city),
    )
    if to_office:
        messages.tell_taken_back(Event.CHANGED_WITHOUT, before, now, why)
        service.put_to_office(actor, offer, now)
        return offer
    service.put(actor, offer, now=now)
    if messages.no_longer_asked(before, now):
        messages.ask_anew(offer, before, token, now)
    else:
        messages.ask(offer, token, now, before=before)
    return offer


def put_grown_to_office(offer_id: int, *, now: datetime) -> None:
    """Have the office decide on a way that has become long since several were asked at once.

    Whoever was asked hears why; approved, they are asked anew.
    """
    offer = service.lock(offer_id)
    if not grown_ways.has_grown(offer, now):
        return
    terms = service.terms_of(offer)
    try:
        assignments.require_reachable(offer.interpreter, terms)
    except Conflict:
        return  # a yes is refused for that, and there is nothing to decide
    with force_locale(offer.interpreter.account.locale):
        why = str(grown_ways.WHY)
    renew(SYSTEM, offer, terms, to_office=True, why=why, now=now)


def ask_office(actor: Actor, assignment: Assignment, terms: Terms, *, now: datetime) -> Offer:
    """Have the office decide whether who came until a change is asked to come on these terms.

    The (locked) assignment has ended; its seat, and their time by then, are taken by the question,
    of which nobody hears before.
    """
    one = assignment.interpretation_request
    hold = holds.take(
        interpreter_id=assignment.interpreter_id,
        interpretation_request_id=one.id,
        seat=terms.seat,
        site_id=terms.site_id,
        way=terms.way,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        cause=Cause.OFFER,
    )
    offer = Offer(
        round=rounds.begin(actor, one, Strategy.DIRECT, now=now),
        interpretation_request=one,
        interpreter=assignment.interpreter,
        seat=terms.seat,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        language=terms.language,
        way=terms.way,
        exclusive=True,
        hold_id=hold.id,
        # Of a link that is sent to nobody: approving makes another.
        token_hash=queries.hash_of(secrets.token_urlsafe(16)),
        made_at=now,
    )
    service.put_to_office(actor, offer, now)
    return offer


def _overtake(actor: Actor, before: Offer, terms: Terms, now: datetime) -> int | None:
    """End the earlier question; return its hold, moved to the new terms, where it has one."""
    assignments.require_reachable(before.interpreter, terms, ignoring=before.hold_id)
    hold_id = before.hold_id
    if hold_id is not None:
        holds.move(
            hold_id,
            seat=terms.seat,
            site_id=terms.site_id,
            way=terms.way,
            starts_at=terms.starts_at,
            ends_at=terms.ends_at,
            cause=Cause.OFFER,
        )
    before.state, before.hold_id = rules.ended_as(before.state, OfferState.WITHDRAWN), None
    service.record(actor, "offer.overtaken", before, now)
    db.session.flush()
    return hold_id
