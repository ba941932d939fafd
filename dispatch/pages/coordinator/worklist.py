"""The office's worklist: what needs a hand, with one sentence why; it stays until seen to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import joinedload

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.assignments import queries as assignments
from dispatch.cities.working_time import local_day, working_days_before
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import NOT_LISTED
from dispatch.ledger.models import Change
from dispatch.messaging import queries as messages
from dispatch.messaging import reached
from dispatch.messaging.rules import Channel
from dispatch.offers import queries as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.advice import service as advice
from dispatch.planning.proposals import repairing
from dispatch.requests.finding import Sought, Which, requests_page
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import WARNED_WORKING_DAYS_BEFORE
from dispatch.settings import active
from dispatch.web.paging import Turn

MOST = 8
MISSED = _l("It has begun and nobody came; call those who asked.")
URGENT = _l("Urgent: sent in at short notice.")
NOBODY_ASKED = _l("Nobody has been asked yet.")
CHOOSE = _l("Somebody could come; choose who comes.")
STILL_OPEN = _l("Still open less than two working days before.")
WHY: dict[str, Any] = {
    "offer.declined": _l("Somebody has declined; ask somebody else."),
    "offer.not-approved": _l("A long way was refused; ask somebody else."),
    "offer.approval-lapsed": _l(
        "Nobody decided on a long way in time, so it counts as refused; ask somebody else."
    ),
    "offer.expired": _l("There was no answer in time; ask somebody else."),
    "offer.withdrawn": _l("The question was taken back; ask somebody else."),
    "assignment.terms_declined": _l("Somebody cannot come after a change; ask somebody else."),
    "assignment.terms_expired": _l("Nobody answered about a change in time; ask somebody else."),
    "round.agency": _l("Everybody of the pool who could come is asked."),
    "round.exhausted": _l("Everybody who could come was asked, and nobody comes."),
    "round.stopped": _l("The round was stopped; ask somebody else."),
    "assignment.released": _l("Somebody was released; the seat is open again."),
    "assignment.withdrawn": _l("Somebody has withdrawn; find a replacement."),
    "assignment.cannot-come": _l("Somebody cannot come; find a replacement at once."),
}

CALL = _l("Call %(name)s, %(phone)s.")
NOBODY_LEFT = {"round.agency", "round.exhausted"}

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


class _Known(NamedTuple):
    """Of an open request: what last lost it somebody, who is at it, what helps, who comes.

    `asked` have a seat of their own while they have not answered.
    """

    last_loss: str | None
    goes_on: bool
    could_come: int
    repairs: int
    helps: int
    come: int
    asked: int


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
                _why(one, known[one.id], now),
                known[one.id].helps,
                known[one.id].last_loss in FELL_OUT,
                known[one.id].repairs,
            )
            for one in waiting_for_us
        ),
    ]


def _waiting_for_us(
    account: Account, now: datetime
) -> tuple[list[InterpretationRequest], dict[int, _Known]]:
    """Return the first open requests at which no round is, and what is known of each.

    However many others go on by themselves before them: one that needs a hand is never out of
    sight behind those. What has its language to be settled stands in a list of its own.
    """
    found: list[InterpretationRequest] = []
    known: dict[int, _Known] = {}
    page = requests_page(account, Sought(Which.OPEN), now, most=2 * MOST)
    while True:
        known |= _known_of([one.id for one in page.rows])
        found += [one for one in page.rows if _needs_a_hand(one, known[one.id])]
        if len(found) >= MOST or page.after is None:
            return found[:MOST], known
        page = requests_page(account, Sought(Which.OPEN), now, Turn(after=page.after))


def _needs_a_hand(one: InterpretationRequest, known: _Known) -> bool:
    return one.language != NOT_LISTED and not known.goes_on


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


def _some_come(come: int, one: InterpretationRequest) -> str:
    return ngettext(
        "%(num)d of %(wanted)d comes.",
        "%(num)d of %(wanted)d come.",
        come,
        wanted=one.interpreter_count,
    )


def _some_asked(asked: int, one: InterpretationRequest) -> str:
    return ngettext(
        "%(num)d of %(wanted)d is asked; for the rest nobody yet.",
        "%(num)d of %(wanted)d are asked; for the rest nobody yet.",
        asked,
        wanted=one.interpreter_count,
    )


def _why(one: InterpretationRequest, known: _Known, now: datetime) -> str:
    said: list[Any] = _how_pressing(one, now)
    if known.come:
        said.append(_some_come(known.come, one))
    if known.could_come:
        said.append(CHOOSE)
    elif known.last_loss:
        said.append(WHY[known.last_loss])
        if known.last_loss in NOBODY_LEFT:
            agencies = active().city.agencies_for(one.language)
            said += [str(CALL) % {"name": each.name, "phone": each.phone} for each in agencies]
    elif not known.come:
        said.append(_some_asked(known.asked, one) if known.asked else NOBODY_ASKED)
    return " ".join(str(sentence) for sentence in said)


def _how_pressing(one: InterpretationRequest, now: datetime) -> list[Any]:
    if one.is_urgent:
        return [URGENT]
    warned_at = working_days_before(one.starts_at, WARNED_WORKING_DAYS_BEFORE, active().city)
    return [STILL_OPEN] if warned_at <= now else []


# Put together once, as what follows: the first page of the office asks them.
_KNOWN_OF = (
    sa.select(
        InterpretationRequest.id,
        Change.kind,
        offers.goes_on(),
        offers.could_come(),
        repairing.how_many(),
        advice.remedies_of_request(),
        assignments.coming_of_request(),
        offers.asked_alone(),
    )
    .outerjoin(
        Change,
        sa.and_(Change.interpretation_request_id == InterpretationRequest.id, Change.kind.in_(WHY)),
    )
    .where(InterpretationRequest.id.in_(sa.bindparam("requests", expanding=True)))
    .order_by(Change.id)
)
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


def _known_of(ids: Sequence[int]) -> dict[int, _Known]:
    """Return for each request what last lost it somebody, who is at it, and what would help."""
    return {
        id_: _Known(kind, goes_on, could_come, repairs, len(helps or ()), come, asked)
        for id_, kind, goes_on, could_come, repairs, helps, come, asked in db.session.execute(
            _KNOWN_OF, {"requests": ids}
        )
    }


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
