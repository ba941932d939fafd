"""A way beyond the city's cap: the office decides before the interpreter is asked anything."""

import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch import engine
from dispatch.assignments import fitting
from dispatch.cities.working_time import after_office, office_between
from dispatch.errors import Conflict
from dispatch.interpreters import queries as interpreters
from dispatch.ledger.rules import Actor, Reasons
from dispatch.offers import ending, messages, queries, recording, rules
from dispatch.offers.answering import terms_of
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.locking import lock
from dispatch.offers.long_ways import Visit, is_longer, long_way
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests import rules as request_rules
from dispatch.settings import active


def decide_by(now: datetime, starts_at: datetime) -> datetime:
    """Return by when the office decides: in so many office hours, at most half of those left.

    So whoever is asked then has time to answer, and if it is refused somebody else can be asked.
    """
    city = active().city
    length = timedelta(minutes=city.policies.way_approved_within_minutes)
    left = office_between(now, starts_at, city)
    if left == timedelta(0):
        return now + (starts_at - now) / 2  # nobody is there before it begins
    return after_office(now, min(length, left / 2), city)


def is_needed(request_id: int, visit: Visit, before: Visit | None = None) -> bool:
    """Tell whether the office decides before somebody is asked, since a way is beyond the cap.

    Not where it has approved that for the request and its place already, and not where no way is
    longer than by the terms `before`, which they were asked about or agreed to.
    """
    long = long_way(visit)
    if long is None or (before is not None and not is_longer(long, long_way(before))):
        return False
    return not queries.was_approved(request_id, visit.interpreter.id, visit.site.id)


def approve(actor: Actor, offer_id: int, *, now: datetime) -> Offer:
    """Have the interpreter asked now, with a deadline of their own; the way is theirs to go.

    Raises `Conflict` where it is decided, the time to decide has passed, the request needs nobody
    any more or the interpreter is away, or not what is required, by now.
    """
    offer = lock(offer_id)
    rules.require_to_approve(offer.state, offer.answer_by, now)
    request_rules.require_open(offer.interpretation_request.state)
    request_rules.require_not_begun(offer.starts_at, now)
    terms = terms_of(offer)
    fitting.require_fit(offer.interpreter, offer.interpretation_request, terms, now)
    if interpreters.is_absent(offer.interpreter, offer.starts_at, offer.ends_at):
        raise Conflict(
            "not-possible",
            _l(
                "%(name)s is away at this time and cannot be sent: press “Do not send so far”, "
                "then somebody else can be asked.",
                name=offer.interpreter.name,
            ),
        )
    city, token = active().city, secrets.token_urlsafe(16)
    deadline = answer_deadline(now=now, starts_at=offer.starts_at, city=city)
    offer.token_hash, offer.state = queries.hash_of(token), OfferState.MADE
    offer.made_at = offer.approved_at = now
    offer.answer_by, offer.is_short = deadline.answer_by, deadline.is_short
    offer.remind_at = rules.reminder_at(now, deadline.answer_by, city)
    recording.record(actor, "offer.approved", offer, now)
    engine.fall_due("expire_offer", offer.id, offer.answer_by)
    if offer.remind_at is not None:
        engine.fall_due("remind_of_offer", offer.id, offer.remind_at)
    messages.ask(offer, token, now)
    return offer


def refuse(actor: Actor, offer_id: int, *, reasons: Reasons, now: datetime) -> Offer:
    """Have this interpreter not be asked for the request; a round goes on with the next.

    The interpreter hears nothing: they were not asked. Raises `Conflict` as `approve` does.
    """
    offer = lock(offer_id)
    rules.require_to_approve(offer.state, offer.answer_by, now)
    ending.not_approve(actor, offer, "offer.not-approved", reasons=reasons, now=now)
    return offer
