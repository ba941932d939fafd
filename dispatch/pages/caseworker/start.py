"""The first page of those who ask: what is to come, how much of it has somebody."""

from datetime import datetime

from flask import render_template

from dispatch.accounts.models import Account
from dispatch.messaging.reached import unreachable_channels
from dispatch.requests import finding, queries
from dispatch.requests.finding import Sought
from dispatch.requests.rules import WANTED, RequestState

MOST_SHOWN = 8


def caseworker_start(account: Account, now: datetime) -> str:
    """Show what is to come."""
    lists = [Sought(state=RequestState.OPEN), Sought(state=RequestState.FILLED)]
    open_count, filled_count = finding.counts(account, lists, now)
    return render_template(
        "pages/caseworker/start.html",
        coming=queries.coming(account, now, most=MOST_SHOWN + 1, states=tuple(WANTED)),
        unreached=sorted(unreachable_channels([account.email, *filter(None, [account.phone])])),
        most=MOST_SHOWN,
        open_count=open_count,
        filled_count=filled_count,
    )
