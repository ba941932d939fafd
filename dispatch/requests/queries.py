"""Who sees which requests, and finding them."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.database import db
from dispatch.errors import NotFound
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, RequestState, WhereAndWhen, is_the_same

SEES_ALL = frozenset({Role.COORDINATOR})


def visible_to(account: Account) -> sa.Select[InterpretationRequest]:
    """Return the one query every list starts from: own organisation, or all for a coordinator."""
    query = sa.select(InterpretationRequest).options(
        joinedload(InterpretationRequest.site), joinedload(InterpretationRequest.organisation)
    )
    if account.role in SEES_ALL:
        return query
    if account.role in ASKS and account.organisation_id is not None:
        return query.where(InterpretationRequest.organisation_id == account.organisation_id)
    return query.where(sa.false())


def find(account: Account, request_id: int) -> InterpretationRequest:
    """Return the request if the account may see it; what belongs to others does not exist."""
    found = db.session.scalar(visible_to(account).where(InterpretationRequest.id == request_id))
    if found is None:
        raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))
    return found


def same_as(wanted: WhereAndWhen) -> InterpretationRequest | None:
    """Return the earliest live request that asks for the same as `wanted`, if there is one."""
    near = db.session.scalars(
        sa.select(InterpretationRequest)
        .where(
            InterpretationRequest.organisation_id == wanted.organisation_id,
            InterpretationRequest.site_id == wanted.site_id,
            InterpretationRequest.state.in_(ALIVE),
            InterpretationRequest.starts_at < wanted.ends_at,
            InterpretationRequest.ends_at > wanted.starts_at,
        )
        .order_by(InterpretationRequest.id)
    )
    return next((known for known in near if is_the_same(known, wanted)), None)


def coming(
    account: Account,
    now: datetime,
    most: int = 200,
    states: Sequence[str] = tuple(RequestState),
) -> Sequence[InterpretationRequest]:
    """Return visible requests in one of the states that are still to come, soonest first."""
    return db.session.scalars(
        visible_to(account)
        .where(InterpretationRequest.ends_at > now, InterpretationRequest.state.in_(states))
        .order_by(InterpretationRequest.starts_at)
        .limit(most)
    ).all()


def past(account: Account, now: datetime, most: int = 100) -> Sequence[InterpretationRequest]:
    """Return visible requests whose time is over, latest first."""
    return db.session.scalars(
        visible_to(account)
        .where(InterpretationRequest.ends_at <= now)
        .order_by(InterpretationRequest.starts_at.desc())
        .limit(most)
    ).all()


def on_day(
    day: date, zone_name: str, states: Sequence[str] = tuple(RequestState)
) -> Sequence[InterpretationRequest]:
    """Return all requests that start on the local day, in order of time."""
    return starting_between(*clock.day_bounds(day, zone_name), states)


def starting_between(
    first: datetime, after: datetime, states: Sequence[str] = tuple(RequestState)
) -> Sequence[InterpretationRequest]:
    """Return all requests that start in `[first, after)`, in order of time."""
    return db.session.scalars(
        sa.select(InterpretationRequest)
        .options(
            joinedload(InterpretationRequest.site),
            joinedload(InterpretationRequest.organisation),
            selectinload(InterpretationRequest.excluded_interpreters),
            selectinload(InterpretationRequest.preferred_interpreters),
        )
        .where(
            InterpretationRequest.starts_at >= first,
            InterpretationRequest.starts_at < after,
            InterpretationRequest.state.in_(states),
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
    ).all()
