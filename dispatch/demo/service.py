"""Filling an empty database with invented people at real places, and letting them answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings
from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cities import City
from dispatch.database import db
from dispatch.demo import people, sources, tomorrow
from dispatch.demo.chance import stream
from dispatch.demo.demand import Demand, Wish
from dispatch.demo.history import History
from dispatch.demo.matching import Matching
from dispatch.demo.recording import Recording, requests_of
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.proposals.models import Proposal
from dispatch.sites import service as sites
from dispatch.sites.models import Site

HISTORY, ASKED_AHEAD = timedelta(days=92), timedelta(days=14)
SET_UP_BEFORE = timedelta(days=60)
A_DAY, A_DAY_AHEAD = (10, 18), (2, 6)
ACCEPTS, DECLINES = 0.55, 0.1
LEFT_OPEN = 4
"""One in so many of the days after is left to be asked for; of all others nobody is wanted."""


@dataclass(frozen=True)
class Seeded:
    """What was made: the day whose requests are open."""

    day: date


def require_city(city: City) -> None:
    """Refuse a city the demonstration has no data for."""
    if city.key not in sources.cities():
        raise NotFound(
            "unknown-city",
            _l(
                "There is no demo data for “%(city)s”; there is some for: %(cities)s.",
                city=city.key,
                cities=", ".join(sources.cities()),
            ),
            field="city",
        )


def seed(city: City, seed_number: int, day: date | None, now: datetime) -> Seeded:
    """Invent people at real sites, three months behind, sixty requests for the day.

    The same seed, day and now give the same data, secrets apart. Without a day it is the next
    working day. Raises `NotFound` for another city, `Refusal` for a day nobody works or that is
    not to come, and `Conflict` when there is data already.
    """
    require_city(city)
    zone_name = city.zone_name
    today = _today(now)
    day = day or _next_working_day(today, city)
    _require_working_day_to_come(day, today, city)
    _require_empty()
    since = now - HISTORY - SET_UP_BEFORE
    for path in sources.site_files():
        sites.store(SYSTEM, sites.read_file(path, city=city), now=since)
    some = people.names(stream(seed_number, "names"))
    offices = people.invent_offices(some, since)
    coordinator = people.invent_dispatch(some, since)
    pool = people.invent_pool(stream(seed_number, "pool"), some, day, zone_name, since)
    demand = Demand(stream(seed_number, "demand"), offices, _sites(), city, now)
    matching = Matching(pool, zone_name)
    recording = Recording()
    history = History(
        stream(seed_number, "history"), matching, recording, coordinator.actor, city, now
    )
    wishes = _around(day, demand, today, city) + tomorrow.wishes_for(day, demand, matching)
    asked = requests_of(wishes, recording, stream(seed_number, "numbers"), city)
    for number, (wish, row) in enumerate(asked):
        is_left = wish.day > day and number % LEFT_OPEN == 0
        if wish.day != day and not is_left:
            history.unfold(wish, row)
    recording.write()
    return Seeded(day)


def answer_some(seed_number: int, day: date, *, now: datetime) -> tuple[int, int]:
    """Let some of those who were asked for the day accept or decline; return how many did which."""
    random = stream(seed_number, "answers")
    accepted = declined = 0
    for offer in _asked_for(day):
        answer = random.random()
        person = offer.interpreter.account.actor
        if answer < ACCEPTS:
            offers.accept(person, offer.id, via=Via.LINK, now=now)
            accepted += 1
        elif answer < ACCEPTS + DECLINES:
            offers.decline(person, offer.id, via=Via.LINK, now=now)
            declined += 1
    return accepted, declined


def busiest_asked() -> Interpreter | None:
    """Return who waits to answer an offer and comes to the most assignments, if anybody waits."""
    asked = sa.select(Offer.interpreter_id).where(Offer.state == OfferState.MADE)
    confirmed = sa.select(sa.func.count()).where(
        Assignment.interpreter_id == Interpreter.id,
        Assignment.state == AssignmentState.CONFIRMED,
    )
    return db.session.scalar(
        sa.select(Interpreter)
        .where(Interpreter.id.in_(asked))
        .order_by(confirmed.scalar_subquery().desc(), Interpreter.id)
        .limit(1)
    )


def is_over(now: datetime) -> bool:
    """Tell whether the last day that was planned has passed."""
    planned = db.session.scalar(sa.select(sa.func.max(Proposal.last_day)))
    return planned is not None and planned < _today(now)


def _around(day: date, demand: Demand, today: date, city: City) -> list[Wish]:
    behind = [today - HISTORY + timedelta(days=n) for n in range(HISTORY.days + 1)]
    ahead = [day + timedelta(days=n) for n in range(1, ASKED_AHEAD.days + 1)]
    return [
        demand.draw(each)
        for each in behind + ahead
        if city.is_working_day(each)
        for _ in range(demand.random.randint(*(A_DAY if each <= today else A_DAY_AHEAD)))
    ]


def _today(now: datetime) -> date:
    return clock.at_place(now, settings.active().city.zone_name).date()


def _sites() -> Sequence[Site]:
    return db.session.scalars(sa.select(Site).order_by(Site.id)).all()


def _asked_for(day: date) -> Sequence[Offer]:
    first, after = clock.day_bounds(day, settings.active().city.zone_name)
    return db.session.scalars(
        sa.select(Offer)
        .where(
            Offer.state == OfferState.MADE,
            Offer.starts_at >= first,
            Offer.starts_at < after,
        )
        .order_by(Offer.id)
    ).all()


def _next_working_day(today: date, city: City) -> date:
    day = today + timedelta(days=1)
    while not city.is_working_day(day):
        day += timedelta(days=1)
    return day


def _require_working_day_to_come(day: date, today: date, city: City) -> None:
    if day <= today or not city.is_working_day(day):
        raise Refusal(
            "not-a-working-day-to-come",
            _l(
                "%(day)s is not a working day to come; the next one is %(next)s.",
                day=day.isoformat(),
                next=_next_working_day(max(day, today), city).isoformat(),
            ),
            field="day",
        )


def _require_empty() -> None:
    for table in (Account, Site):
        if db.session.scalar(sa.select(sa.func.count()).select_from(table)):
            raise Conflict(
                "not-empty",
                _l("There is data already and it is kept; demo data goes into an empty database."),
            )
