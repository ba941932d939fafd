"""Who was asked for many requests at once, for their lists: by now, and in rounds that ran out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import NEVER_ASKED, UNDECIDED, OfferState, RoundState, Strategy


@dataclass(frozen=True)
class Asked:
    """For which requests somebody has read a question: who may still come, and whoever it was."""

    waiting: frozenset[int]
    ever: frozenset[int]


@dataclass(frozen=True)
class RanOut:
    """What those asked by the rounds of a request that ended with a seat left have answered.

    Each person counts once, by the last answer; `otherwise` are questions that were taken back or
    came to nothing in another way.
    """

    asked: int
    accepted: int
    declined: int
    silent: int

    @property
    def otherwise(self) -> int:
        """Return how many questions ended without an answer that counts."""
        return self.asked - self.accepted - self.declined - self.silent


# Put together once: every list of requests asks it.
_ASKED_AMONG = sa.union(
    sa.select(Offer.interpretation_request_id, Offer.state.in_(UNDECIDED)).where(
        Offer.interpretation_request_id.in_(sa.bindparam("requests", expanding=True)),
        Offer.state.not_in(NEVER_ASKED),
    ),
    # Whoever was agreed with on the telephone was asked as well.
    sa.select(Assignment.interpretation_request_id, sa.false()).where(
        Assignment.interpretation_request_id.in_(sa.bindparam("requests", expanding=True))
    ),
)
_RAN_OUT_AMONG = (
    sa.select(Offer.interpretation_request_id, Offer.interpreter_id, Offer.state)
    .join(Offer.round)
    .where(
        Offer.interpretation_request_id.in_(sa.bindparam("requests", expanding=True)),
        OfferRound.state == RoundState.EXHAUSTED,
        OfferRound.strategy != Strategy.DIRECT,
        Offer.state.not_in(NEVER_ASKED),
    )
    .order_by(Offer.id)
)


def asked_among(request_ids: Sequence[int]) -> Asked:
    """Return for which of the requests somebody is asked by now, and for which anybody ever was.

    Whose way waits for the office knows nothing yet, so they are not asked.
    """
    rows = db.session.execute(_ASKED_AMONG, {"requests": request_ids}).all()
    return Asked(
        waiting=frozenset(id_ for id_, is_waiting in rows if is_waiting),
        ever=frozenset(id_ for id_, _is_waiting in rows),
    )


def ran_out_among(request_ids: Sequence[int]) -> dict[int, RanOut]:
    """Return by request how the rounds that ended with a seat left went; others are left out."""
    last: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for id_, interpreter_id, state in db.session.execute(_RAN_OUT_AMONG, {"requests": request_ids}):
        last[id_][interpreter_id] = state
    return {id_: _counted(Counter(people.values())) for id_, people in last.items()}


def _counted(states: Counter[str]) -> RanOut:
    return RanOut(
        asked=states.total(),
        accepted=states[OfferState.ACCEPTED],
        declined=states[OfferState.DECLINED],
        silent=states[OfferState.EXPIRED],
    )
