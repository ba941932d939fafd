"""Who sees which requests, and finding them."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.database import db
from dispatch.errors import NotFound
from dispatch.requests import references, windows
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import WANTED, RequestState
from dispatch.requests.same import WhereAndWhen, is_the_same
from dispatch.settings import active

Slot = tuple[int, str, int, int]
"""Organisation, language, site and hour (since 1970) of a request."""

MOST_IN_A_QUERY = 500
SEES_ALL = frozenset({Role.COORDINATOR})


def visible_to(account: Account) -> sa.Select[InterpretationRequest]:
    """Return the one query every list starts from: own organisation, or all for a coordinator."""
    return with_place().where(*seen_by(account))


def seen_by(account: Account) -> list[sa.ColumnElement[bool]]:
    """Return the condition under which somebody sees a request: none for a coordinator."""
    if account.role in SEES_ALL:
        return []
    if account.role in ASKS and account.organisation_id is not None:
        return [InterpretationRequest.organisation_id == account.organisation_id]
    return [sa.false()]


@cache
def with_place() -> sa.Select[InterpretationRequest]:
    """Return the query of all requests, each with where it is and whose."""
    return sa.select(InterpretationRequest).options(
        joinedload(InterpretationRequest.site), joinedload(InterpretationRequest.organisation)
    )


def not_over(starts: Any, ends: Any, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that something is to come or going on.

    Nothing lasts a whole day: said here, so that an index by the start leads past all that is over.
    """
    return sa.and_(ends > now, starts > now - timedelta(days=1))


def find(account: Account, request_id: int) -> InterpretationRequest:
    """Return the request if the account may see it; what belongs to others does not exist."""
    query = visible_to(account).options(joinedload(InterpretationRequest.account))
    found = db.session.scalar(query.where(InterpretationRequest.id == request_id))
    if found is None:
        raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))
    return found


def find_numbered(account: Account, reference: str) -> InterpretationRequest:
    """Return the request of this number if the account may see it; raises `NotFound` otherwise."""
    return find(account, by_reference(reference).id)


def by_reference(reference: str) -> InterpretationRequest:
    """Return the request of this number; raises `NotFound` where there is none."""
    found = db.session.scalar(
        sa.select(InterpretationRequest).where(
            InterpretationRequest.reference == reference.strip().upper()
        )
    )
    if found is None:
        raise NotFound(
            "unknown-reference",
            _l("There is no request %(reference)s; look at its number again.", reference=reference),
        )
    return found


def same_as(
    wanted: Sequence[WhereAndWhen], *, after: int = 0
) -> list[InterpretationRequest | None]:
    """Return for each what is stored already and asks for the same: the earliest live request.

    Only among those with an id `after` one, for whoever has looked at the others before.
    """
    if not wanted:
        return []
    first = min(one.starts_at for one in wanted)
    near = db.session.scalars(
        sa.select(InterpretationRequest)
        .where(
            InterpretationRequest.organisation_id.in_({one.organisation_id for one in wanted}),
            InterpretationRequest.state.in_(WANTED),
            # what spans less than a day is found by its start alone, which has an index
            InterpretationRequest.starts_at > first - windows.LONGEST_SPAN,
            InterpretationRequest.starts_at < max(one.ends_at for one in wanted),
            InterpretationRequest.ends_at > first,
            InterpretationRequest.id > after,
        )
        .order_by(InterpretationRequest.id)
    )
    stored: dict[Slot, list[InterpretationRequest]] = defaultdict(list)
    for known in near:
        for slot in _slots(known):
            stored[slot].append(known)
    return [_first_same(one, stored) for one in wanted]


def _first_same(
    wanted: WhereAndWhen, stored: Mapping[Slot, list[InterpretationRequest]]
) -> InterpretationRequest | None:
    beside = (known for slot in _slots(wanted) for known in stored.get(slot, ()))
    same = [known for known in beside if is_the_same(known, wanted)]
    # Of several that overlap, the one at the same time is the one that is meant.
    return min(
        same, key=lambda known: (abs(known.starts_at - wanted.starts_at), known.id), default=None
    )


def _slots(one: WhereAndWhen) -> Iterator[Slot]:
    """Yield the hours a request touches, so that thousands are compared without all pairs."""
    first, last = one.starts_at.timestamp(), one.ends_at.timestamp()
    for hour in range(int(first // 3600), int(-(-last // 3600))):
        yield one.organisation_id, one.language, one.site_id, hour


def new_references(count: int, now: datetime) -> list[str]:
    """Draw numbers nobody has; the database refuses one that is drawn twice at one moment."""
    city = active().city
    year = now.astimezone(city.zone).year
    free: set[str] = set()
    while len(free) < count:
        drawn = {
            references.reference(city, year, secrets.randbelow(references.REFERENCES))
            for _ in range(count - len(free))
        }
        free |= drawn - taken_references(drawn)
    return list(free)


def taken_references(drawn: Collection[str]) -> set[str]:
    """Return which of the reference numbers are in use."""
    numbers, taken = list(drawn), InterpretationRequest.reference
    return {
        reference
        for first in range(0, len(numbers), MOST_IN_A_QUERY)
        for reference in db.session.scalars(
            sa.select(taken).where(taken.in_(numbers[first : first + MOST_IN_A_QUERY]))
        )
    }


def coming(
    account: Account,
    now: datetime,
    *,
    most: int,
    states: Sequence[str] = tuple(RequestState),
) -> Sequence[InterpretationRequest]:
    """Return visible requests in one of the states that are still to come, soonest first."""
    return db.session.scalars(
        visible_to(account)
        .where(
            not_over(InterpretationRequest.starts_at, InterpretationRequest.ends_at, now),
            InterpretationRequest.state.in_(states),
        )
        .order_by(InterpretationRequest.starts_at)
        .limit(most)
    ).all()


def asked_for_another_start(
    account: Account, now: datetime, *, most: int
) -> Sequence[InterpretationRequest]:
    """Return visible requests of which the office asks whether another start would do, by start."""
    return db.session.scalars(
        visible_to(account)
        .where(
            InterpretationRequest.proposed_start_at.is_not(None),
            InterpretationRequest.state == RequestState.OPEN,
            # No window is a day long: said here, so that an index by the start leads past the rest.
            InterpretationRequest.starts_at > now - timedelta(days=1),
            InterpretationRequest.latest_start_at > now,
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
        .limit(most)
    ).all()


def on_day(
    day: date, zone_name: str, states: Sequence[str] = tuple(RequestState)
) -> Sequence[InterpretationRequest]:
    """Return all requests that start on the local day, in order of time."""
    return starting_between(*clock.day_bounds(day, zone_name), states)


def last_of(account_id: int) -> InterpretationRequest | None:
    """Return what somebody asked for last."""
    return db.session.scalar(
        sa.select(InterpretationRequest)
        .where(InterpretationRequest.account_id == account_id)
        .order_by(InterpretationRequest.id.desc())
        .limit(1)
    )


def starting_between(
    first: datetime,
    after: datetime,
    states: Sequence[str] = tuple(RequestState),
    *,
    wishes: bool = True,
    ids: Collection[int] | None = None,
) -> Sequence[InterpretationRequest]:
    """Return all requests (or of these `ids`) that start in `[first, after)`, in order of time.

    With whom they wish for or exclude, unless `wishes` are not looked at.
    """
    options = [
        joinedload(InterpretationRequest.site),
        joinedload(InterpretationRequest.organisation),
    ]
    if wishes:
        options += [
            selectinload(InterpretationRequest.excluded_interpreters),
            selectinload(InterpretationRequest.preferred_interpreters),
        ]
    return db.session.scalars(
        sa.select(InterpretationRequest)
        .options(*options)
        .where(
            InterpretationRequest.starts_at >= first,
            InterpretationRequest.starts_at < after,
            InterpretationRequest.state.in_(states),
            sa.true() if ids is None else InterpretationRequest.id.in_(ids),
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
    ).all()


def moved_by_rules_of_zones(now: datetime) -> list[str]:
    """Return the numbers of the requests to come whose instant is no more what was agreed.

    The time on the wall is what people agreed on. When a country changes the rules of its clocks,
    an instant computed by the old ones means another time on the wall.
    """
    to_come = sa.select(
        InterpretationRequest.reference,
        InterpretationRequest.starts_at,
        InterpretationRequest.time_zone,
        InterpretationRequest.wall_start,
    ).where(InterpretationRequest.starts_at > now)
    return [
        one.reference
        for one in db.session.execute(to_come.order_by(InterpretationRequest.id))
        if f"{clock.at_place(one.starts_at, one.time_zone):%Y-%m-%dT%H:%M}" != one.wall_start
    ]
