"""What has become of a proposal's lines since it was made."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rounds import AT_ONCE
from dispatch.offers.rules import RoundState
from dispatch.planning.proposals.rules import Item
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

ENDED: Mapping[str, Any] = {
    RequestState.CANCELLED: _l("The request was cancelled since the plan was made."),
    RequestState.FILLED: _l("The request was filled since the plan was made."),
}
BEGUN = _l("The time of the request has come.")
CHANGED = _l("The request was changed since the plan was made.")
SEATS_TAKEN = _l("Enough people were asked for the request since the plan was made.")
BEING_ASKED = _l("Several are asked for the request at once; wait for the end, or stop it first.")
GIVEN_AWAY = _l("This person has another assignment at this time by now.")


@dataclass(frozen=True)
class Since:
    """A line's offer, if it was adopted: its state; or why the line no longer holds, if so."""

    offered: str | None = None
    stale: Any = None

    @property
    def can_be_adopted(self) -> bool:
        """Whether the line can still be made true, as far as a look can tell."""
        return self.offered is None and self.stale is None


def why_changed(
    interpretation_request: InterpretationRequest, planned_version: int, now: datetime
) -> Any:
    """Return why a request is not what it was when the plan was made; None where it is."""
    if interpretation_request.latest_start_at <= now:
        return BEGUN
    if interpretation_request.version == planned_version:
        return None
    return ENDED.get(interpretation_request.state, CHANGED)


@dataclass(frozen=True)
class World:
    """What is true by now of the requests and people a proposal names."""

    requests: Mapping[int, InterpretationRequest]
    versions: Mapping[str, Any]
    adopted: Collection[tuple[int, int]]
    offered: Mapping[tuple[int, int], str]
    holds: Sequence[Hold]
    being_asked: Collection[int]
    origin: datetime
    now: datetime

    @cached_property
    def _seats_taken(self) -> Mapping[int, int]:
        return Counter(one.interpretation_request_id for one in self.holds)

    @cached_property
    def _times_taken(self) -> Mapping[int, Sequence[Hold]]:
        found = defaultdict(list)
        for one in self.holds:
            found[one.interpreter_id].append(one)
        return found

    def since(self, item: Item) -> Since:
        """Return what has become of one line."""
        pair = item.request_id, item.interpreter_id
        if pair in self.adopted:
            return Since(offered=self.offered.get(pair))
        return Since(stale=self._stale(item))

    def _stale(self, item: Item) -> Any:
        interpretation_request = self.requests[item.request_id]
        changed = why_changed(
            interpretation_request, self.versions[str(interpretation_request.id)], self.now
        )
        if changed is not None:
            return changed
        taken = self._seats_taken.get(interpretation_request.id, 0)
        if taken >= interpretation_request.seats_of_pool:
            return SEATS_TAKEN
        if interpretation_request.id in self.being_asked:
            return BEING_ASKED
        begin = self.origin + timedelta(minutes=item.begin)
        end = begin + timedelta(minutes=item.minutes)
        own = self._times_taken.get(item.interpreter_id, ())
        busy = any(one.starts_at < end and one.ends_at > begin for one in own)
        return GIVEN_AWAY if busy else None


def offers_of(request_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Return the state of the latest offer of each pair of request and interpreter."""
    rows = db.session.execute(
        sa.select(Offer.interpretation_request_id, Offer.interpreter_id, Offer.state)
        .where(Offer.interpretation_request_id.in_(request_ids))
        .order_by(Offer.id)
    )
    return {(request_id, interpreter_id): state for request_id, interpreter_id, state in rows}


def asked_at_once(request_ids: Collection[int]) -> set[int]:
    """Return for which of these requests a round asks several at once; none is offered beside."""
    return set(
        db.session.scalars(
            sa.select(OfferRound.interpretation_request_id).where(
                OfferRound.interpretation_request_id.in_(request_ids),
                OfferRound.state == RoundState.OPEN,
                OfferRound.strategy.in_(AT_ONCE),
            )
        )
    )


def holds_in(first: datetime, after: datetime) -> Sequence[Hold]:
    """Return whose time is taken between two instants."""
    return db.session.scalars(
        sa.select(Hold).where(Hold.starts_at < after, Hold.ends_at > first)
    ).all()
