"""Finding proposals."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer

from dispatch import settings
from dispatch.database import db
from dispatch.offers import queries as offers
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.paging import BEGINNING, Page, Turn, page

MOST_PROPOSALS = 10


def proposals_of(day: date, turn: Turn = BEGINNING) -> Page[Proposal]:
    """Return the proposals made for a day, alone or among others, latest first.

    Their documents are large and stay where they are until somebody reads them.
    """
    query = (
        sa.select(Proposal)
        .options(*(defer(part) for part in (Proposal.problem, Proposal.plan, Proposal.versions)))
        .where(Proposal.first_day <= day, Proposal.last_day >= day)
    )
    return page(query, (Proposal.id,), turn, latest_first=True, most=MOST_PROPOSALS)


def open_beside(proposal: Proposal, planned: Collection[int], now: datetime) -> int:
    """Return how many requests of its days need somebody and are not among those planned.

    Only one made by itself leaves any aside: it mends what fell out. What a round goes on with by
    itself needs nobody's hand.
    """
    if proposal.repair is None:
        return 0
    zone_name = settings.active().time_zone
    first, after = Horizon(proposal.first_day, proposal.last_day, zone_name).bounds
    query = sa.select(sa.func.count(InterpretationRequest.id)).where(
        InterpretationRequest.state == RequestState.OPEN,
        InterpretationRequest.starts_at >= max(first, now),
        InterpretationRequest.starts_at < after,
        InterpretationRequest.id.not_in(planned),
        sa.not_(offers.goes_on()),
    )
    return db.session.scalar(query) or 0
