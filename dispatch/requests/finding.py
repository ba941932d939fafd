"""Lists of requests: the ones to come, the ones that need somebody; found by words and state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.cities import City
from dispatch.cities.working_time import add_working_days, local_day
from dispatch.database import Instant, db
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import NOT_LISTED, tags_like
from dispatch.ledger.models import Change
from dispatch.organisations.models import Organisation
from dispatch.requests import references
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.queries import SEES_ALL, seen_by, with_place
from dispatch.requests.ran_out import ran_out
from dispatch.requests.rules import RequestState
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.sites.rules import search_words
from dispatch.web.paging import BEGINNING, MOST_ON_A_PAGE, Page, Turn, page

MOST_WORDS = 6


class Which(StrEnum):
    """Which requests a list holds."""

    COMING = "coming"
    PAST = "past"
    OPEN = "open"
    """Nobody asked for a seat: what is soon and what is later together."""
    SOON = "soon"
    """Nobody asked for a seat of what begins until the next working day is over."""
    LATER = "later"
    """Nobody asked for a seat of what begins after that."""
    ASKED = "asked"
    """Somebody was asked and has not answered."""
    URGENT = "urgent"
    """Sent in later than the city wants to be asked, and somebody is still needed."""
    REVIEW = "review"
    """To come, and the office has not looked at it yet."""
    TO_SETTLE = "to_settle"
    """Open, and nobody can be asked before the office knows which language it is."""
    RAN_OUT = "ran_out"
    """Open, and a round that asked several ended while a seat was left; nobody was asked since."""
    MISSED = "missed"
    """Began today with nobody there."""


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; every word of `text` must be found."""

    which: Which = Which.COMING
    text: str = ""
    state: str | None = None


def requests_page(
    account: Account,
    sought: Sought,
    now: datetime,
    turn: Turn = BEGINNING,
    most: int = MOST_ON_A_PAGE,
) -> Page[InterpretationRequest]:
    """Return the visible requests that match: the next first, of what is over the latest."""
    order = (InterpretationRequest.starts_at, InterpretationRequest.id)
    over = sought.which == Which.PAST
    query = with_place().where(*_conditions(account, sought)).params(_moments(now))
    return page(query, order, turn, latest_first=over, most=most)


def counts(
    account: Account,
    lists: Sequence[Sought],
    now: datetime,
    *besides: sa.Select[int],
) -> list[int]:
    """Return how many requests each of the lists holds, counted in one statement.

    `besides` are other counts a page needs, made by the same statement; they follow.
    """
    each = [_count(account, one) for one in lists]
    each += [one.scalar_subquery() for one in besides]
    found = db.session.execute(sa.select(*each), _moments(now))
    return [int(number) for number in found.one()]


def _count(account: Account, sought: Sought) -> sa.ScalarSelect[int]:
    return _number_of(sought.which).where(*_own(account, sought)).scalar_subquery()


@cache
def _number_of(which: Which) -> sa.Select[int]:
    found = sa.select(sa.func.count()).select_from(InterpretationRequest)
    return found.where(*_which(which))


def number_or_language(text: str, language: Any) -> list[sa.ColumnElement[bool]]:
    """Return what each word asks of a request's number, or of the language in this column.

    For readers who may not find out by searching where something takes place.
    """
    return [
        sa.or_(
            InterpretationRequest.reference.icontains(word, autoescape=True),
            language.in_(tags_like(word)),
        )
        for word in _words(text)
    ]


def next_working_day_ends(now: datetime, city: City) -> datetime:
    """Return when the next working day is over: on a Friday the end of Monday."""
    return clock.day_bounds(add_working_days(local_day(now, city), 1, city), city.zone_name)[1]


def _conditions(account: Account, sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Return what makes a request one of a list; the moments are still to be bound."""
    return [*_which(sought.which), *_own(account, sought)]


def _own(account: Account, sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Return what makes it one of this reader's, of this state, with these words."""
    state = [] if sought.state is None else [InterpretationRequest.state == sought.state]
    words = [_matches(word, account) for word in _words(sought.text)]
    return [*seen_by(account), *state, *words]


_NOW, _DAY_AGO, _SOON_ENDS, _TODAY, _AFTER_TOMORROW = (
    sa.bindparam(name, type_=Instant())
    for name in ("now", "day_ago", "soon_ends", "today", "after_tomorrow")
)


def _moments(now: datetime) -> dict[str, datetime]:
    """Return the moments that lists are made by; each takes those it needs."""
    city = active().city
    today, _end = clock.day_bounds(local_day(now, city), city.zone_name)
    return {
        "now": now,
        "day_ago": now - timedelta(days=1),
        "soon_ends": next_working_day_ends(now, city),
        "today": today,
        "after_tomorrow": today + timedelta(days=2),
    }


@cache  # the start page asks for eight lists: putting their conditions together was a fifth of it
def _which(which: Which) -> tuple[sa.ColumnElement[bool], ...]:
    starts, ends = InterpretationRequest.starts_at, InterpretationRequest.ends_at
    state = InterpretationRequest.state
    # Nothing lasts a whole day: said here, so that an index by the start leads past what is over.
    if which == Which.COMING:
        return (ends > _NOW, starts > _DAY_AGO)
    if which == Which.PAST:
        return (ends <= _NOW, starts <= _NOW)
    if which == Which.MISSED:
        missed = state == RequestState.UNFILLED
        return (missed, starts >= _TODAY, starts < _AFTER_TOMORROW, starts <= _NOW)
    # No window is a day long either.
    to_begin = (starts > _DAY_AGO, InterpretationRequest.latest_start_at > _NOW)
    if which == Which.REVIEW:
        return (state == RequestState.IN_REVIEW, *to_begin)
    if which == Which.ASKED:
        return (_held(Cause.OFFER, Cause.TO_RECONFIRM) > 0, *to_begin)
    if which == Which.TO_SETTLE:
        is_to_settle = InterpretationRequest.language == NOT_LISTED
        return (state == RequestState.OPEN, is_to_settle, *to_begin)
    wanted = _held() < InterpretationRequest.interpreter_count
    when: dict[Which, sa.ColumnElement[bool]] = {
        Which.SOON: starts < _SOON_ENDS,
        Which.LATER: starts >= _SOON_ENDS,
        Which.URGENT: InterpretationRequest.is_urgent.is_(True),
        Which.RAN_OUT: ran_out(),
    }
    soon = (when[which],) if which in when else ()
    return (state == RequestState.OPEN, wanted, *to_begin, *soon)


def _held(*causes: Cause) -> sa.ScalarSelect[int]:
    held = sa.select(sa.func.count(Hold.id)).where(
        Hold.interpretation_request_id == InterpretationRequest.id
    )
    return (held.where(Hold.cause.in_(causes)) if causes else held).scalar_subquery()


def _words(text: str) -> list[str]:
    return text[:100].split()[:MOST_WORDS]


def _matches(word: str, account: Account) -> sa.ColumnElement[bool]:
    """Return what a word asks of a request.

    What is known beforehand to find nothing is left out: else a word nobody and nothing is called
    would be looked for in every request there ever was.
    """
    language = tags_like(word)
    found: list[sa.ColumnElement[bool]] = []
    if language:
        found.append(InterpretationRequest.language.in_(language))
    if references.may_be_of_reference(word):
        found.append(InterpretationRequest.reference.icontains(word, autoescape=True))
    ways = _of_places(word)
    ways += _of_people(word) if account.role in SEES_ALL else _of_own(word, account)
    return sa.or_(sa.false(), *found, *_ways_that_lead_somewhere(ways))


_Way = tuple[sa.Select[Any], sa.ColumnElement[bool]]
"""Whom or what a word names, and the condition that a request has to do with it."""


def _ways_that_lead_somewhere(ways: Sequence[_Way]) -> list[sa.ColumnElement[bool]]:
    if not ways:
        return []
    names = db.session.execute(sa.select(*(named.exists() for named, _condition in ways))).one()
    return [condition for (_named, condition), some in zip(ways, names, strict=True) if some]


def _of_places(word: str) -> list[_Way]:
    parts = search_words(word)
    if not parts:
        return []
    site = sa.select(Site.id).where(
        *(Site.search_text.contains(part, autoescape=True) for part in parts)
    )
    return [(site, InterpretationRequest.site_id.in_(site))]


def _of_own(word: str, account: Account) -> list[_Way]:
    """Return the ways over the organisation's own cases and, for its lead, over who asked."""
    own = aliased(InterpretationRequest)
    case = sa.select(own.id).where(
        own.organisation_id == account.organisation_id,
        own.case_reference != "",
        own.case_reference.icontains(word, autoescape=True),
    )
    ways: list[_Way] = [(case, InterpretationRequest.id.in_(case))]
    if account.role == Role.ORGANISATION_LEAD:
        colleague = sa.select(Account.id).where(
            Account.organisation_id == account.organisation_id,
            Account.name.icontains(word, autoescape=True),
        )
        ways.append((colleague, InterpretationRequest.account_id.in_(colleague)))
    return ways


def _of_people(word: str) -> list[_Way]:
    """Return the ways over who asked, and who was asked or came."""
    interpreters = sa.select(Interpreter.id).where(
        sa.or_(
            Interpreter.first_name.icontains(word, autoescape=True),
            Interpreter.last_name.icontains(word, autoescape=True),
        )
    )
    # asked of each request that is looked at: all that ever concerned a person may be a lot
    concerned = sa.exists().where(
        Change.interpretation_request_id == InterpretationRequest.id,
        Change.interpreter_id.in_(interpreters),
    )
    who_asked = sa.select(Account.id).where(Account.name.icontains(word, autoescape=True))
    organisations = sa.select(Organisation.id).where(
        Organisation.name.icontains(word, autoescape=True)
    )
    return [
        (interpreters, concerned),
        (who_asked, InterpretationRequest.account_id.in_(who_asked)),
        (organisations, InterpretationRequest.organisation_id.in_(organisations)),
    ]
