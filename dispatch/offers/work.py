"""How much somebody works and how they answer, in figures for the office."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.cities import City
from dispatch.cities.working_time import local_day
from dispatch.database import db
from dispatch.offers.models import Offer
from dispatch.offers.rules import UNDECIDED, OfferState

BACK, AHEAD = timedelta(days=28), 4
ANSWERED_WITHIN = timedelta(days=90)
OPEN = "open"
"""Stands among the states for whatever is undecided, however old."""


@dataclass(frozen=True)
class Week:
    """The minutes somebody works or is to work in one week, from its Monday on."""

    monday: date
    minutes: int


@dataclass(frozen=True)
class Work:
    """What somebody did in the last four weeks, has to come, is asked now, and said (90 days).

    `unsaid` are assignments that are over by the clock while nobody has said how they ended.
    """

    done: int
    done_minutes: int
    to_come: int
    unsaid: int
    open_questions: int
    weeks: list[Week]
    answers: Counter[str]

    @property
    def asked(self) -> int:
        """How many questions there were that have ended with an answer or without."""
        return sum(
            self.answers[state]
            for state in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED)
        )


def work_of(interpreter_id: int, now: datetime, city: City) -> Work:
    """Return the figures of one person; weeks begin on Monday at the city's clock."""
    today = local_day(now, city)
    monday = today - timedelta(days=today.weekday())
    until = clock.day_bounds(monday + timedelta(weeks=AHEAD), city.zone_name)[0]
    rows = db.session.execute(
        sa.select(Assignment.state, Assignment.starts_at, Assignment.ends_at).where(
            Assignment.interpreter_id == interpreter_id,
            Assignment.starts_at >= now - BACK - timedelta(days=7),
            Assignment.state.in_(TO_COME | {AssignmentState.COMPLETED}),
        )
    ).all()
    done = [one for one in rows if one.state not in TO_COME and one.starts_at >= now - BACK]
    minutes: Counter[date] = Counter()
    for one in rows:
        if one.starts_at < until:
            day = local_day(one.starts_at, city)
            minutes[day - timedelta(days=day.weekday())] += _minutes(one.starts_at, one.ends_at)
    still_open, answers = _questions(interpreter_id, now)
    weeks = [monday + timedelta(weeks=number) for number in range(AHEAD)]
    return Work(
        done=len(done),
        done_minutes=sum(_minutes(one.starts_at, one.ends_at) for one in done),
        to_come=sum(one.state in TO_COME and one.ends_at > now for one in rows),
        unsaid=sum(one.state in TO_COME and one.ends_at <= now for one in rows),
        open_questions=still_open,
        weeks=[Week(week, minutes[week]) for week in weeks],
        answers=answers,
    )


def _questions(interpreter_id: int, now: datetime) -> tuple[int, Counter[str]]:
    """Return how many questions are open, and how those of late ended, in one statement."""
    theirs = Offer.interpreter_id == interpreter_id
    of_late = sa.select(Offer.state.label("state"), sa.func.count(Offer.id).label("count")).where(
        theirs,
        Offer.state.in_(OfferState),  # all of them: so the index finds the moments in each
        Offer.made_at >= now - ANSWERED_WITHIN,
    )
    still = sa.select(sa.literal(OPEN), sa.func.count(Offer.id)).where(
        theirs, Offer.state.in_(UNDECIDED)
    )
    counted = dict(db.session.execute(sa.union_all(of_late.group_by(Offer.state), still)).all())
    return counted.pop(OPEN), Counter(counted)


def _minutes(first: datetime, after: datetime) -> int:
    return clock.minutes_between(first, after)
