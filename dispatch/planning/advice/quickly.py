"""Looking who could come while somebody waits with a block in the hand: the same, sooner.

What people do on the day, and the ways between all its places, is the same for every request of
the day. It is kept for the next question as the solver's plain values, for as long as nothing has
changed: whoever changes anything of it leaves an entry in the record, or a higher version.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

import solver.analysis
from dispatch.availability.models import Availability
from dispatch.cancellations.deciding import Paid
from dispatch.database import db
from dispatch.interpreters import queries as interpreters
from dispatch.ledger.models import Change
from dispatch.planning.advice import before_asking, standing, wording
from dispatch.planning.advice.barring import bars
from dispatch.planning.advice.candidates import (
    CandidateLine,
    Look,
    look,
    paid_until,
    reasons,
    remarks,
)
from dispatch.planning.snapshot import wanted
from dispatch.planning.snapshot.beside import load_beside, load_day
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.loading import is_particular
from dispatch.planning.snapshot.places import Origins
from dispatch.planning.snapshot.problem import Question
from dispatch.planning.snapshot.translation import translated
from dispatch.requests.models import InterpretationRequest
from dispatch.travel.models import Timetable, TravelRow

MOST_DAYS = 4
"""So many days (of a language and a way) are kept; the one not asked for longest goes."""

LATEST = 100
"""So many entries of the record are compared: an entry with an earlier number may be written
after one with a later (on PostgreSQL), but not a hundred entries after it."""

WITHOUT_EFFECT = ("account.%", "feed.%", "mail.%", "message.%", "sms.%", "text.%")
"""What changes nothing of who could come where; somebody signs in all the time."""


class _Day(NamedTuple):
    question: Question
    desk: solver.analysis.Desk
    particular: frozenset[int]
    still_paid: Sequence[Paid]


kept_days: WeakKeyDictionary[sa.Engine, OrderedDict[Any, _Day]] = WeakKeyDictionary()
_lock = threading.Lock()


def look_quickly(one: InterpretationRequest, now: datetime) -> Look:
    """Return what `look` does of everybody of the language, but for the starts of a window.

    What somebody costs is said only of those who could come.
    Raises KeyError where nobody can come to the request any more.
    """
    who = interpreters.working_in({*one.direct_languages, *one.languages})
    day = _day_of(one, who, now)
    beside = load_beside(one, who, day.particular, now=now)
    if any(each.interpreter_id not in who for each in beside.taken):
        return look(one, now)  # somebody on it works in none of its languages
    job = next(iter(wanted.requests(beside)), None)
    if job is None:
        raise KeyError(one.id)
    on_it = {each.interpreter_id for each in beside.taken}
    found = standing.not_on_it(day.desk.candidates(job), on_it)
    people = {each.id: each for each in beside.pool}
    said_no = beside.barred | set(beside.times_declined)
    barred = bars(one, found, people, said_no, now=now)
    problem, times = day.question.problem, day.question.times
    with_it = problem.model_copy(update={"requests": (*problem.requests, job)})
    origins = Origins(with_it, times)
    able = [each for each in found if each.feasible]
    long = standing.long_ways(able, day.question, people, one)
    busy = standing.privately_busy(found, one)
    known = before_asking.known_of(able, people, one, day.question, now)
    over, found = known.over(one), known.in_time_first(found)
    regular = beside.regular.get(one.id, set())

    def line(each: solver.analysis.Candidate) -> CandidateLine:
        person, note = people[int(each.interpreter)], ""
        if each.feasible:
            note = wording.price(
                each,
                job,
                origins.with_another(each.interpreter, job.id),
                paid_until(each, one, day.still_paid),
                regular=person.id in regular,
                wishes=remarks(each, people, job, one, long, known.words),
            )
        if person.id in over:
            return CandidateLine(person, False, note, [before_asking.OVER], [])
        return CandidateLine(person, each.feasible, note, reasons(each, barred, busy), [])

    return Look(day.desk, found, people, barred, [line(each) for each in found], on_it)


def _day_of(one: InterpretationRequest, who: Sequence[int], now: datetime) -> _Day:
    """Return the day of a request without it, read anew where anything has changed since."""
    ways = frozenset(one.ranked_ways)
    key = (one.day, one.time_zone, tuple(who), ways, as_of())
    with _lock:
        days = kept_days.setdefault(db.engine, OrderedDict())
        if key in days:
            days.move_to_end(key)
            return days[key]
    day = _read(Horizon(one.day, one.day, one.time_zone), who, ways, now)
    with _lock:
        days[key] = day
        while len(days) > MOST_DAYS:
            days.popitem(last=False)
    return day


def _read(horizon: Horizon, who: Sequence[int], ways: frozenset[Any], now: datetime) -> _Day:
    loaded = load_day(horizon, who, ways, now=now)
    problem = translated(loaded, disturb_at_most=0, shared=False, late_too=True)
    question = Question(problem, horizon, versions={}, times=loaded.times)
    particular = frozenset(each.id for each in loaded.pool if is_particular(each))
    return _Day(question, standing.as_it_stands(question), particular, loaded.still_paid)


def as_of() -> tuple[Any, ...]:
    """Return what is another whenever anything has changed that a day is made of."""
    latest = (
        sa.select(Change.id)
        .where(*(Change.kind.not_like(kind) for kind in WITHOUT_EFFECT))
        .order_by(Change.id.desc())
        .limit(LATEST)
        .subquery()
    )
    beside = [
        sa.select(sa.func.sum(Availability.version)),  # private calendars
        sa.select(sa.func.count(TravelRow.mode)),
        sa.select(sa.func.max(TravelRow.found_at)),
        sa.select(sa.func.max(Timetable.id)),
    ]
    row = db.session.execute(
        sa.select(
            sa.func.max(latest.c.id),
            sa.func.min(latest.c.id),
            sa.func.count(latest.c.id),
            *(one.scalar_subquery() for one in beside),
        )
    ).one()
    return tuple(row)
