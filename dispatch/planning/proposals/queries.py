"""Finding proposals."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from dispatch.database import db
from dispatch.planning.proposals.models import Proposal


def proposals_of(day: date) -> Sequence[Proposal]:
    """Return the proposals made for a day, alone or among others, latest first."""
    return db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.first_day <= day, Proposal.last_day >= day)
        .order_by(Proposal.id.desc())
    ).all()
