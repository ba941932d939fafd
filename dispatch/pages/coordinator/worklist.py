"""The office's worklist: what needs a hand, with one sentence why; it stays until seen to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.assignments import queries as assignments
from dispatch.cities.working_time import local_day
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.messaging import queries as messages
from dispatch.messaging import reached
from dispatch.messaging.rules import Channel
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.pages.coordinator.why_open import Known, known_of, needs_a_hand, why_open
from dispatch.requests.finding import Sought, Which, requests_page
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.web.paging import Turn

MOST = 8
MISSED = _l("It has begun and nobody came; call those who asked.")
FELL_OUT = {"assignment.withdrawn", "assignment.cannot-come"}


@dataclass(frozen=True)
class Needed:
    """A request that needs somebody, and why it stands here, in sentences.

    `helps` is how many things were found that would help; `rescue` tells that somebody fell out;
    `repairs` is how many proposals stand that would mend a day. `begun` is too late for that.
    """

    interpretation_request: InterpretationRequest
    why: str
    helps: int = 0
    rescue: bool = False
    repairs: int = 0
    begun: bool = False


@dataclass(frozen=True)
class Waiting:
    """A question without an answer; `unreached` are the channels that do not reach the person."""

    offer: Offer
    undelivered: bool
    unreached: frozenset[Channel]


def needed(account: Account, now: datetime) -> list[Needed]:
    """Return what needs somebody, the most urgent first: what was missed today, then by start.

    What a round goes on with by itself needs nobody's hand.
    """
    waiting_for_us, known = _waiting_for_us(account, now)
    return [
        *_short_of_people(now),
        *(
            Needed(
                one,
                why_open(one, known[one.id], now),
                known[one.id].helps,
                known[one.id].last_loss in FELL_OUT,
                known[one.id].repairs,
            )
            for one in waiting_for_us
        ),
    ]


def _waiting_for_us(
    account: Account, now: datetime
) -> tuple[list[InterpretationRequest], dict[int, Known]]:
    """Return the first open requests at which no round is, and what is known of each.

    However many others go on by themselves before them: one that needs a hand is never out of
    sight behind those. What has its language to be settled stands in a list of its own.
    """
    found: list[InterpretationRequest] = []
    known: dict[int, Known] = {}
    page = requests_page(account, Sought(Which.OPEN), now, most=2 * MOST)
    while True:
        known |= known_of([one.id for one in page.rows])
        found += [one for one in page.rows if needs_a_hand(one, known[one.id])]
        if len(found) >= MOST or page.after is None:
            return found[:MOST], known
        page = requests_page(account, Sought(Which.OPEN), now, Turn(after=page.after))


def to_review(account: Account, now: datetime) -> Sequence[InterpretationRequest]:
    """Return what the office has to look at before anybody is asked, the next start first."""
    return requests_page(account, Sought(Which.REVIEW), now, most=MOST).rows


def to_settle(account: Account, now: datetime) -> Sequence[InterpretationRequest]:
    """Return what nobody can be asked for before its language is known, the next start first."""
    return requests_page(account, Sought(Which.TO_SETTLE), now, most=MOST).rows


def _short_of_people(now: datetime) -> list[Needed]:
    """Return what began today without anybody, or with fewer than were asked for."""
    city = active().city
    begin, _end = clock.day_bounds(local_day(now, city), city.zone_name)
    return [
        Needed(one, _some_came(came, one) if came else str(MISSED), begun=True)
        for one, came in assignments.short_of_people(begin, now)
    ]


def _some_came(came: int, one: InterpretationRequest) -> str:
    return ngettext(
        "It has begun, and of %(wanted)d asked for %(num)d came; call those who asked.",
        "It has begun, and of %(wanted)d asked for %(num)d came; call those who asked.",
        came,
        wanted=one.interpreter_count,
    )


# Put together once: the first page of the office asks it.
_WAITING = (
    sa.select(Offer, messages.undelivered("offer:" + sa.cast(Offer.id, sa.String)))
    .options(
        joinedload(Offer.interpretation_request),
        joinedload(Offer.interpreter).joinedload(Interpreter.account),
    )
    .where(Offer.state == OfferState.MADE, Offer.starts_at > sa.bindparam("now"))
    .order_by(Offer.answer_by, Offer.id)
    .limit(MOST + 1)
)


def waiting(now: datetime) -> list[Waiting]:
    """Return the questions that wait for an answer, the next deadline first.

    At most eight, and one more where there are others.
    """
    questions = db.session.execute(_WAITING, {"now": now}).all()
    return [_waiting(offer, is_undelivered) for offer, is_undelivered in questions]


def _waiting(offer: Offer, undelivered: bool) -> Waiting:
    addresses = [offer.interpreter.phone, offer.interpreter.account.email]
    # Asked only where something is known to have gone wrong: a page costs the same however many.
    unreached = reached.unreachable_channels(addresses) if undelivered else frozenset[Channel]()
    return Waiting(offer, undelivered, unreached)
