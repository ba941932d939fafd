"""A partner agency sends somebody who is not of the pool: written down, told, taken back."""

import re
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from dispatch.assignments import service as assignments
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.errors import Conflict, Refusal
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.messaging import said
from dispatch.messaging import service as messaging
from dispatch.offers import ending, queries, rounds
from dispatch.offers.rules import RoundState
from dispatch.offers.seats import free_seats
from dispatch.requests import messages as request_messages
from dispatch.requests import overtaken
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.states import ALIVE
from dispatch.settings import active

COMES = names_of(Event.AGENCY_COMES, Party.WHO_ASKED)
HIGHEST_CENTS = 1_000_000


def cover(
    actor: Actor, request_id: int, name: str, *, cents: int | None, now: datetime
) -> InterpretationRequest:
    """Write down that an agency sends whoever is missing, and what it costs, if known.

    Nobody else of the pool is asked any more: questions are taken back and rounds end; who comes
    already comes. Those who asked hear from where somebody comes. Raises `Conflict` for a request
    that needs nobody, has begun, has an agency already, or of which two share the talk and one of
    them comes; `Refusal` for an agency the city does not know for the language, and an impossible
    amount.
    """
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    _require_free_of_others(interpretation_request)
    _require_known(interpretation_request.language, name)
    _require_amount(cents)
    questions = queries.open_for(request_id)
    # All interpreters in one order, as everybody locks several: nobody waits in a ring.
    for interpreter_id in sorted({one.interpreter_id for one in questions}):
        assignments.lock_interpreter(interpreter_id)
    for offer in questions:
        ending.withdraw(actor, offer.id, now=now)
    for offer_round in rounds.open_ones(request_id):
        rounds.close(offer_round, RoundState.FILLED, now)
    seats = len(free_seats(interpretation_request))
    interpretation_request.agency, interpretation_request.agency_cents = name, cents
    interpretation_request.agency_seats = seats
    requests.settle(actor, interpretation_request, now=now)
    _record(actor, "request.by-agency", interpretation_request, now)
    messaging.take_back(f"request:{request_id}", now=now)
    request_messages.by_agency(Event.AGENCY_COMES, interpretation_request, name, seats, now)
    return interpretation_request


def uncover(actor: Actor, request_id: int, *, now: datetime) -> None:
    """Take it back: the agency sends nobody, and somebody is looked for again; told to who asked.

    Raises `Conflict` where no agency sends anybody, or the talk has begun.
    """
    interpretation_request = requests.lock(request_id)
    name, seats = interpretation_request.agency, interpretation_request.agency_seats or 0
    if name is None or interpretation_request.state not in ALIVE:
        raise Conflict("no-agency", _l("No agency sends anybody to this request."))
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    interpretation_request.agency = interpretation_request.agency_cents = None
    interpretation_request.agency_seats = None
    requests.settle(actor, interpretation_request, now=now)
    _record(actor, "request.not-by-agency", interpretation_request, now)
    messaging.take_back(f"request:{request_id}", now=now)
    if said.is_said(f"request:{request_id}", COMES):
        request_messages.by_agency(Event.AGENCY_OFF, interpretation_request, name, seats, now)
    else:  # those who asked have not heard of it, perhaps of nothing
        overtaken.looked_for_again(interpretation_request, now)


def cents_of(text: str) -> int | None:
    """Return an amount in euros as cents; None where nothing is said. Raises `Refusal`."""
    if not text.strip():
        return None
    if not re.fullmatch(r"\d{1,5}([.,]\d{1,2})?", text.strip(), re.ASCII):
        raise Refusal(
            "cost-invalid",
            _l("“%(text)s” is no amount in euros; write it like 142.50", text=text[:20]),
            field="cost",
        )
    return int(Decimal(text.strip().replace(",", ".")) * 100)


def _record(actor: Actor, kind: str, one: InterpretationRequest, now: datetime) -> None:
    fields = ["agency", "agency_cents", "agency_seats"]
    ledger.record(actor, kind, requests.concerning(one), now=now, fields=fields)


def _require_free_of_others(one: InterpretationRequest) -> None:
    if one.agency is not None:
        raise Conflict(
            "agency-already",
            _l("%(name)s sends somebody already; take that back first.", name=one.agency),
        )
    if one.sharing and any(hold.cause != Cause.OFFER for hold in holds.of_request(one.id)):
        raise Conflict(
            "some-come",
            _l(
                "Two share this talk and one of them comes. Have those who ask make a request of "
                "its own of the other half, and give that one to the agency."
            ),
        )


def _require_known(language: str, name: str) -> None:
    known = [one.name for one in active().city.agencies_for(language)]
    if name not in known:
        raise Refusal(
            "unknown-agency",
            _l(
                "“%(name)s” is no partner agency for this language; there are: %(known)s.",
                name=name[:40],
                known=", ".join(known) or "–",
            ),
            field="agency",
        )


def _require_amount(cents: int | None) -> None:
    if cents is not None and not 0 <= cents <= HIGHEST_CENTS:
        raise Refusal(
            "cost-out-of-range",
            _l("Write what the agency takes in euros, from 0 to 10 000, or leave it empty."),
            field="cost",
        )
