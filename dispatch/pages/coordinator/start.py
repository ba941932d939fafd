"""The coordinator's first page: figures that lead to their rows, and what needs a hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from dispatch import engine
from dispatch.absences import queries as absences
from dispatch.absences.models import AbsenceJob
from dispatch.accounts.models import Account
from dispatch.cancellations import deciding
from dispatch.cities.working_time import add_working_days, local_day
from dispatch.inbound import queries as inbound
from dispatch.messaging import queries as messages
from dispatch.offers import queries as offers
from dispatch.offers.long_ways import with_words
from dispatch.pages.coordinator import today, worklist
from dispatch.planning.proposals import repairing
from dispatch.requests import finding
from dispatch.requests.finding import Sought, Which
from dispatch.requests.rules import RequestState
from dispatch.settings import active
from dispatch.sms import queries as sms

MOST_MESSAGES = 8


def coordinator_start(account: Account, now: datetime) -> str:
    """Show what needs doing."""
    needed = worklist.needed(account, now)
    failed, undelivered = messages.newest_and_count_for_a_person(MOST_MESSAGES)
    figures = coordinator_figures(account, now, undelivered)
    today_is, away = local_day(now, active().city), absences.undecided(now)
    begun, undecided = (
        [one for one in away if one.assignment.starts_at <= now],
        [one for one in away if one.assignment.starts_at > now],
    )
    return render_template(
        "pages/coordinator/start.html",
        figures=figures,
        tomorrow=today_is + timedelta(days=1),
        next_day=add_working_days(today_is, 1, active().city),
        most=worklist.MOST,
        begun=[one for one in needed if one.begun],
        needed=[one for one in needed if not one.begun],
        to_review=worklist.to_review(account, now) if figures.to_review else [],
        to_settle=worklist.to_settle(account, now) if figures.to_settle else [],
        to_approve=with_words(offers.to_approve(now)),
        waiting=worklist.waiting(now),
        still_paid=deciding.free_and_paid(now),
        undecided=undecided,
        several=_of_one_person(undecided),
        day=today.today(now, begun),
        # What would mend a day mends an open request: without one nothing has to be read.
        repairs=repairing.standing(now) if any(one.repairs for one in needed) else [],
        failed=failed,
        troubled=[one for one in messages.transports(now) if not one.is_well],
        work=engine.standing(),
    )


def _of_one_person(undecided: Sequence[AbsenceJob]) -> list[list[AbsenceJob]]:
    """Return what absences left open of people of whom it is more than one, each by its start."""
    people: dict[int, list[AbsenceJob]] = {}
    for one in undecided:
        people.setdefault(one.assignment.interpreter_id, []).append(one)
    return [jobs for jobs in people.values() if len(jobs) > 1]


@dataclass(frozen=True)
class CoordinatorFigures:
    """What waits for the coordinator; each figure is the length of the list behind it."""

    urgent: int
    to_review: int
    to_settle: int
    open_soon: int
    open_later: int
    ran_out: int
    asked: int
    filled: int
    undelivered: int
    received: int


def coordinator_figures(account: Account, now: datetime, undelivered: int) -> CoordinatorFigures:
    """Count with the queries of the lists; soon is until the next working day is over."""
    lists = [
        Sought(Which.URGENT),
        Sought(Which.REVIEW),
        Sought(Which.TO_SETTLE),
        Sought(Which.SOON),
        Sought(Which.LATER),
        Sought(Which.RAN_OUT),
        Sought(Which.ASKED),
    ]
    filled = Sought(state=RequestState.FILLED)
    urgent, to_review, to_settle, soon, later, ran_out, asked, filled_count, texts = finding.counts(
        account, [*lists, filled], now, sms.count_of_open()
    )
    return CoordinatorFigures(
        urgent=urgent,
        to_review=to_review,
        to_settle=to_settle,
        open_soon=soon,
        open_later=later,
        ran_out=ran_out,
        asked=asked,
        filled=filled_count,
        undelivered=undelivered,
        received=(inbound.open_count() if active().imap_url else 0) + texts,
    )
