"""The first page of those who ask: what is to come, how much of it has somebody."""

from datetime import datetime

from flask import render_template

from dispatch.accounts.models import Account
from dispatch.requests import queries
from dispatch.requests.finding import Sought, count
from dispatch.requests.rules import ALIVE, RequestState


def caseworker_start(account: Account, now: datetime) -> str:
    """Show what is to come."""
    return render_template(
        "pages/caseworker/start.html",
        coming=queries.coming(account, now, most=8, states=tuple(ALIVE)),
        open_count=count(account, Sought(state=RequestState.OPEN), now),
        filled_count=count(account, Sought(state=RequestState.FILLED), now),
    )
