"""The first page of those who ask: what is to come, how much of it has somebody."""

from datetime import datetime

from flask import render_template

from dispatch.accounts.models import Account
from dispatch.assignments import queries as assignments
from dispatch.messaging.reached import unreachable_channels
from dispatch.offers.asked import asked_among
from dispatch.requests import finding, queries
from dispatch.requests.finding import Sought
from dispatch.requests.rules import WANTED, RequestState

MOST_SHOWN, MOST_QUESTIONS = 8, 4


def caseworker_start(account: Account, now: datetime) -> str:
    """Show what the office asks, and what is to come, with who comes."""
    lists = [Sought(state=RequestState.OPEN), Sought(state=RequestState.FILLED)]
    open_count, filled_count = finding.counts(account, lists, now)
    coming = queries.coming(account, now, most=MOST_SHOWN + 1, states=tuple(WANTED))
    ids = [one.id for one in coming]
    people = assignments.people_of(ids)
    return render_template(
        "pages/caseworker/start.html",
        unreached=sorted(unreachable_channels([account.email, *filter(None, [account.phone])])),
        coming_up=coming,
        questions=queries.asked_for_another_start(account, now, most=MOST_QUESTIONS + 1),
        most_questions=MOST_QUESTIONS,
        coming=people.coming,
        asked=asked_among(ids),
        asked_again=people.asked_again,
        why={},
        most=MOST_SHOWN,
        open_count=open_count,
        filled_count=filled_count,
    )
