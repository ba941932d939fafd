"""Finding proposals."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import defer

from dispatch.planning.proposals.models import Proposal
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
