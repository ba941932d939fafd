"""The office's worklist: what needs a hand, with one sentence why; it stays until seen to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from dispatch.accounts.models import Account
from dispatch.cities.working_time import working_days_before
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change
from dispatch.messaging import queries as messages
from dispatch.messaging.rules import Channel
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests.finding import Sought, Which, requests_page
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import WARNED_WORKING_DAYS_BEFORE
from dispatch.settings import active

MOST = 8
MISSED = _l("It has begun and nobody came; call those who asked.")
NOBODY_ASKED = _l("Nobody has been asked yet.")
STILL_OPEN = _l("Still open less than two working days before.")
WHY: dict[str, Any] = {
    "offer.declined": _l("Somebody has declined; ask somebody else."),
    "offer.expired": _l("There was no answer in time; ask somebody else."),
    "offer.withdrawn": _l("The question was taken back; ask somebody else."),
    "assignment.terms_declined": _l("Somebody cannot come after a change; ask somebody else."),
    "assignment.terms_expired": _l("Nobody answered about a change in time; ask somebody else."),
    "assignment.released": _l("Somebody was released; the seat is open again."),
    "assignment.withdrawn": _l("Somebody has withdrawn; find a replacement."),
    "assignment.cannot-come": _l("Somebody cannot come; find a replacement at once."),
}


@dataclass(frozen=True)
class Needed:
    """A request that needs somebody, and why it stands here, in sentences."""

    interpretation_request: InterpretationRequest
    why: str


@dataclass(frozen=True)
class Waiting:
    """A question without an answer; `unreached` are the channels that do not reach the person."""

    offer: Offer
    undelivered: bool
    unreached: frozenset[Channel]


def needed(account: Account, now: datetime) -> list[Needed]:
    """Return what needs somebody, the most urgent first: what was missed today, then by start."""
    missed = requests_page(account, Sought(Which.MISSED), now, most=MOST).rows
    still_open = requests_page(account, Sought(Which.OPEN), now, most=MOST).rows
    last = _last_words([one.id for one in still_open])
    return [
        *(Needed(one, str(MISSED)) for one in missed),
        *(Needed(one, _why(one, last.get(one.id), now)) for one in still_open),
    ]


def _why(one: InterpretationRequest, kind: str | None, now: datetime) -> str:
    reason = str(WHY[kind] if kind else NOBODY_ASKED)
    pressing = working_days_before(one.starts_at, WARNED_WORKING_DAYS_BEFORE, active().city) <= now
    return f"{STILL_OPEN} {reason}" if pressing else reason


def _last_words(ids: Sequence[int]) -> dict[int, str]:
    """Return the last thing by which each request lost somebody."""
    rows = db.session.execute(
        sa.select(Change.interpretation_request_id, Change.kind)
        .where(Change.interpretation_request_id.in_(ids), Change.kind.in_(WHY))
        .order_by(Change.id)
    )
    return {request_id: kind for request_id, kind in rows if request_id is not None}


def waiting(now: datetime) -> list[Waiting]:
    """Return the questions that wait for an answer, the next deadline first, at most eight."""
    offers = db.session.scalars(
        sa.select(Offer)
        .options(
            joinedload(Offer.interpretation_request),
            joinedload(Offer.interpreter).joinedload(Interpreter.account),
        )
        .where(Offer.state == OfferState.MADE, Offer.starts_at > now)
        .order_by(Offer.answer_by, Offer.id)
        .limit(MOST)
    ).all()
    missing = messages.undelivered([f"offer:{offer.id}" for offer in offers])
    return [_waiting(offer, missing) for offer in offers]


def _waiting(offer: Offer, missing: frozenset[str]) -> Waiting:
    undelivered = f"offer:{offer.id}" in missing
    addresses = [offer.interpreter.phone, offer.interpreter.account.email]
    # Asked only where something is known to have gone wrong: a page costs the same however many.
    unreached = messages.unreachable_channels(addresses) if undelivered else frozenset[Channel]()
    return Waiting(offer, undelivered, unreached)
