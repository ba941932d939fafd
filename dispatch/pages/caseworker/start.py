"""The first page of those who ask: what is to come, how much of it has somebody."""

from datetime import datetime

import sqlalchemy as sa
from flask import render_template

from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.requests import queries
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, RequestState


def caseworker_start(account: Account, now: datetime) -> str:
    """Show what is to come."""
    return render_template(
        "pages/caseworker/start.html",
        coming=queries.coming(account, now, most=8, states=tuple(ALIVE)),
        open_count=_count(account, RequestState.OPEN, now),
        filled_count=_count(account, RequestState.FILLED, now),
    )


def _count(account: Account, state: RequestState, now: datetime) -> int:
    visible = queries.visible_to(account).where(
        InterpretationRequest.state == state, InterpretationRequest.starts_at > now
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(visible.subquery())) or 0
