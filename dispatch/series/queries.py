"""Finding series, what becomes of each date, and who comes to it as a rule."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import DONE, TO_COME
from dispatch.database import db, not_there
from dispatch.languages.rules import NOT_LISTED
from dispatch.offers.models import Offer
from dispatch.offers.rules import HOLDING
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.queries import SEES_ALL
from dispatch.requests.rules import WANTED, RequestState
from dispatch.series.models import Series, SeriesDate


@dataclass
class DateStanding:
    """One date of a series: who comes or came, and who is asked."""

    date: SeriesDate
    coming: list[Assignment] = field(default_factory=list)
    asked: list[Offer] = field(default_factory=list)

    @property
    def interpretation_request(self) -> InterpretationRequest:
        """Its request."""
        return self.date.interpretation_request

    @property
    def people(self) -> set[int]:
        """The ids of the interpreters who come or are asked."""
        return {one.interpreter_id for one in self.coming} | {
            one.interpreter_id for one in self.asked
        }


def find(account: Account, series_id: int) -> Series:
    """Return the series to its organisation and the office; what belongs to others is not there."""
    found = db.session.get(Series, series_id)
    own = found is not None and account.organisation_id == found.organisation_id
    if found is None or not (account.role in SEES_ALL or (own and account.role in ASKS)):
        raise not_there()
    return found


def of_request(request_id: int) -> SeriesDate | None:
    """Return which date of which series a request is; None for one that stands alone."""
    return db.session.scalar(
        sa.select(SeriesDate)
        .options(joinedload(SeriesDate.series))
        .where(SeriesDate.interpretation_request_id == request_id)
    )


def dates_of(series_id: int) -> Sequence[SeriesDate]:
    """Return all dates with their requests, in order of time."""
    return db.session.scalars(
        sa.select(SeriesDate)
        .join(SeriesDate.interpretation_request)
        .options(
            joinedload(SeriesDate.regular_interpreter),
            joinedload(SeriesDate.interpretation_request).options(
                joinedload(InterpretationRequest.site),
                joinedload(InterpretationRequest.organisation),
                joinedload(InterpretationRequest.account),
                selectinload(InterpretationRequest.excluded_interpreters),
            ),
        )
        .where(SeriesDate.series_id == series_id)
        .order_by(InterpretationRequest.starts_at, SeriesDate.number)
        .execution_options(populate_existing=True)
    ).all()


def is_to_come(date: SeriesDate, now: datetime) -> bool:
    """Tell whether a date can still be changed, cancelled or given to somebody."""
    one = date.interpretation_request
    return one.state in WANTED and one.starts_at > now


def in_review_with(request_id: int) -> Sequence[int]:
    """Return the requests of the same series that wait for a review; none where it is no date."""
    return _dates_with(request_id, InterpretationRequest.state == RequestState.IN_REVIEW)


def refusable_with(request_id: int) -> Sequence[int]:
    """Return the requests of the same series that the office may refuse; none where it is no date.

    That is what waits for a review, or to have its language settled.
    """
    to_settle = sa.and_(
        InterpretationRequest.state == RequestState.OPEN,
        InterpretationRequest.language == NOT_LISTED,
    )
    in_review = InterpretationRequest.state == RequestState.IN_REVIEW
    return _dates_with(request_id, sa.or_(in_review, to_settle))


def _dates_with(request_id: int, condition: sa.ColumnElement[bool]) -> Sequence[int]:
    own = sa.select(SeriesDate.series_id).where(SeriesDate.interpretation_request_id == request_id)
    return db.session.scalars(
        sa.select(InterpretationRequest.id)
        .join(SeriesDate, SeriesDate.interpretation_request_id == InterpretationRequest.id)
        .where(SeriesDate.series_id.in_(own), condition)
    ).all()


def standing(dates: Sequence[SeriesDate]) -> list[DateStanding]:
    """Return who comes to each of the dates and who is asked, by two statements for all."""
    found = {one.interpretation_request_id: DateStanding(one) for one in dates}
    coming = db.session.scalars(
        sa.select(Assignment)
        .options(joinedload(Assignment.interpreter))
        .where(
            Assignment.interpretation_request_id.in_(found),
            Assignment.state.in_(TO_COME | DONE),
        )
        .order_by(Assignment.seat)
        .execution_options(populate_existing=True)
    )
    for assignment in coming:
        found[assignment.interpretation_request_id].coming.append(assignment)
    asked = db.session.scalars(
        sa.select(Offer)
        .options(joinedload(Offer.interpreter))
        .where(Offer.interpretation_request_id.in_(found), Offer.state.in_(HOLDING))
        .order_by(Offer.id)
        .execution_options(populate_existing=True)
    )
    for offer in asked:
        found[offer.interpretation_request_id].asked.append(offer)
    return list(found.values())


def regulars(request_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who comes as a rule to the series of each of these requests, by request.

    That is whom a person gave the date with others, while they come to some date of the series;
    where nobody was given them, whoever comes to most of its dates. Nothing for a request that
    stands alone.
    """
    wanted = db.session.execute(
        sa.select(
            SeriesDate.series_id,
            SeriesDate.interpretation_request_id,
            SeriesDate.regular_interpreter_id,
        ).where(SeriesDate.interpretation_request_id.in_(request_ids))
    ).all()
    if not wanted:
        return {}
    come = _coming_to({series_id for series_id, _request, _regular in wanted})
    found: dict[int, set[int]] = {}
    for series_id, request_id, regular in wanted:
        people = come[series_id]
        most = people.most_common(1)
        if regular is None and most:
            found[request_id] = {most[0][0]}
        elif regular is not None and regular in people:
            found[request_id] = {regular}
    return found


def _coming_to(series_ids: Collection[int]) -> dict[int, Counter[int]]:
    """Return how many dates of each series everybody comes to."""
    rows = db.session.execute(
        sa.select(SeriesDate.series_id, Assignment.interpreter_id, sa.func.count())
        .join(
            Assignment,
            Assignment.interpretation_request_id == SeriesDate.interpretation_request_id,
        )
        .where(SeriesDate.series_id.in_(series_ids), Assignment.state.in_(TO_COME | DONE))
        .group_by(SeriesDate.series_id, Assignment.interpreter_id)
        .order_by(SeriesDate.series_id, Assignment.interpreter_id)
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for series_id, interpreter_id, count in rows:
        found[series_id][interpreter_id] = count
    return found
