"""Locking all dates an action names, in the order everybody keeps: requests, then interpreters."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments import service as assignments
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.offers.models import Offer
from dispatch.offers.rules import HOLDING
from dispatch.requests import service as requests
from dispatch.series import queries, rules
from dispatch.series.models import SeriesDate
from dispatch.series.rules import Choice


def lock_named(
    series_id: int, choice: Choice, *, now: datetime, with_people: Collection[int] = ()
) -> Sequence[SeriesDate]:
    """Lock the dates to come that are named, then everybody asked or coming; return the dates.

    `with_people` are locked as well: interpreters who are to come. Raises `Conflict` where the
    date it begins from is over or cancelled.
    """
    ids = [one.interpretation_request_id for one in queries.dates_of(series_id)]
    requests.lock_all(ids)
    dates = [one for one in queries.dates_of(series_id) if queries.is_to_come(one, now)]
    chosen = rules.named(dates, choice)
    lock_people_of([one.interpretation_request_id for one in chosen], with_people)
    return chosen


def lock_people_of(request_ids: Collection[int], more: Collection[int] = ()) -> None:
    """Lock whoever holds, is asked for or was cancelled from the (locked) requests, by id."""
    concerned = sa.union(
        sa.select(Hold.interpreter_id).where(Hold.interpretation_request_id.in_(request_ids)),
        sa.select(Offer.interpreter_id).where(
            Offer.interpretation_request_id.in_(request_ids), Offer.state.in_(HOLDING)
        ),
        sa.select(CancellationDecision.interpreter_id).where(
            CancellationDecision.interpretation_request_id.in_(request_ids)
        ),
    )
    assignments.lock_interpreters({*db.session.scalars(concerned), *more})
