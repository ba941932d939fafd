"""Why an open request needs a hand: one sentence for the worklist, the lists and its next step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from dispatch.assignments import queries as assignments
from dispatch.cities.working_time import working_days_before
from dispatch.database import db
from dispatch.languages.rules import NOT_LISTED
from dispatch.ledger.models import Change
from dispatch.offers import queries as offers
from dispatch.offers.asked import RanOut, ran_out_among
from dispatch.planning.advice import service as advice
from dispatch.planning.proposals import repairing
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ran_out import RAN_OUT
from dispatch.requests.rules import WARNED_WORKING_DAYS_BEFORE
from dispatch.settings import active

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
    RAN_OUT: _l("The round has ended without a yes."),
    "round.stopped": _l("The round was stopped; ask somebody else."),
    "assignment.released": _l("Somebody was released; the seat is open again."),
    "assignment.withdrawn": _l("Somebody has withdrawn; find a replacement."),
    "assignment.cannot-come": _l("Somebody cannot come; find a replacement at once."),
}

CALL = _l("Call %(name)s, %(phone)s.")
NOBODY_LEFT = {"round.agency", RAN_OUT}


class Known(NamedTuple):
    """Of an open request: what last lost it somebody, who is at it, what helps, who comes.

    `asked` have a seat of their own while they have not answered; `ran_out` is how it went where a
    round that ended was what lost it somebody.
    """

    last_loss: str | None
    goes_on: bool
    could_come: int
    repairs: int
    helps: int
    come: int
    asked: int
    ran_out: RanOut | None = None


# Put together once: the first page of the office asks it.
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


def known_of(ids: Sequence[int]) -> dict[int, Known]:
    """Return for each request what last lost it somebody, who is at it, and what would help."""
    found = {
        id_: Known(kind, goes_on, could_come, repairs, len(helps or ()), come, asked)
        for id_, kind, goes_on, could_come, repairs, helps, come, asked in db.session.execute(
            _KNOWN_OF, {"requests": ids}
        )
    }
    ended = [id_ for id_, known in found.items() if known.last_loss == RAN_OUT]
    rounds = ran_out_among(ended) if ended else {}
    return {id_: known._replace(ran_out=rounds.get(id_)) for id_, known in found.items()}


def whys_open(requests: Sequence[InterpretationRequest], now: datetime) -> dict[int, str]:
    """Return of open requests with a free seat, by id, why those that need a hand do."""
    known = known_of([one.id for one in requests]) if requests else {}
    return {
        one.id: why_open(one, known[one.id], now)
        for one in requests
        if needs_a_hand(one, known[one.id])
    }


def needs_a_hand(one: InterpretationRequest, known: Known) -> bool:
    """Tell that it can be asked for and no round goes on by itself."""
    return one.language != NOT_LISTED and not known.goes_on


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


def why_open(one: InterpretationRequest, known: Known, now: datetime) -> str:
    """Return in a sentence or two why an open request needs a hand."""
    said: list[Any] = _how_pressing(one, now)
    if known.come:
        said.append(_some_come(known.come, one))
    if known.could_come:
        said.append(CHOOSE)
    elif known.last_loss:
        said.append(_ran_out(known.ran_out) if known.ran_out else WHY[known.last_loss])
        if known.last_loss in NOBODY_LEFT:
            agencies = active().city.agencies_for(one.language)
            said += [str(CALL) % {"name": each.name, "phone": each.phone} for each in agencies]
    elif not known.come:
        said.append(_some_asked(known.asked, one) if known.asked else NOBODY_ASKED)
    return " ".join(str(sentence) for sentence in said)


def _ran_out(ended: RanOut) -> str:
    """Return how a round went; the parts add up to those who were asked."""
    parts = [
        ngettext("%(num)d asked", "%(num)d asked", ended.asked),
        ngettext("%(num)d accepted", "%(num)d accepted", ended.accepted),
        ngettext("%(num)d declined", "%(num)d declined", ended.declined),
        ngettext("%(num)d did not answer", "%(num)d did not answer", ended.silent),
        ngettext("%(num)d ended otherwise", "%(num)d ended otherwise", ended.otherwise),
    ]
    counts = (ended.asked, ended.accepted, ended.declined, ended.silent, ended.otherwise)
    how = ", ".join(part for part, count in zip(parts, counts, strict=True) if count)
    if ended.accepted:
        return _("The round has ended with a seat left: %(how)s.", how=how)
    return _("The round has ended without a yes: %(how)s.", how=how)


def _how_pressing(one: InterpretationRequest, now: datetime) -> list[Any]:
    if one.is_urgent:
        return [URGENT]
    warned_at = working_days_before(one.starts_at, WARNED_WORKING_DAYS_BEFORE, active().city)
    return [STILL_OPEN] if warned_at <= now else []
