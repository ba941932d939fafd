"""What goes wrong today, and where the office sees to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.absences.models import AbsenceJob
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import queries as attendance
from dispatch.web.formats import local_date

NO_SHOWS = {
    AssignmentState.NO_SHOW_CLIENT: _l("The client did not come."),
    AssignmentState.NO_SHOW_INTERPRETER: _l("The interpreter did not come; call both sides."),
}


@dataclass(frozen=True)
class OfTheDay:
    """Something that goes wrong today, why, and where one sees to it."""

    assignment: Assignment
    why: str
    url: str


def today(now: datetime, begun: Iterable[AbsenceJob] = ()) -> list[OfTheDay]:
    """Return what goes wrong today: who will be missed next, who is late, who did not come.

    Before it stands what has `begun` while nobody had decided what becomes of it in an absence.
    """
    found = attendance.out_of_the_ordinary(now)
    return [
        *(_of_the_day(one.assignment, _away(one)) for one in begun),
        *(_rescue(one) for one in found.missed),
        *(_of_the_day(one, _late(one)) for one in found.late),
        *(_of_the_day(one, _unconfirmed(one)) for one in found.unconfirmed),
        *(_of_the_day(one, str(NO_SHOWS[AssignmentState(one.state)])) for one in found.no_shows),
    ]


def _of_the_day(assignment: Assignment, why: str) -> OfTheDay:
    return OfTheDay(assignment, why, url_for("interpreter.assignment", assignment_id=assignment.id))


def _rescue(one: attendance.Missed) -> OfTheDay:
    why = _(
        "%(name)s will be %(count)d min too late here, because assignment %(number)d lasts longer.",
        name=one.assignment.interpreter.name,
        count=one.minutes,
        number=one.because_of.id,
    )
    request_id = one.assignment.interpretation_request_id
    return OfTheDay(one.assignment, why, url_for("coordinator.rescue", request_id=request_id))


def _unconfirmed(one: Assignment) -> str:
    day = local_date(one.starts_at, one.interpretation_request.time_zone)
    return _("%(name)s has not confirmed for %(day)s; call.", name=one.interpreter.name, day=day)


def _away(one: AbsenceJob) -> str:
    return _(
        "%(name)s is away, and it began before anybody decided; call, and say whether somebody "
        "came.",
        name=one.assignment.interpreter.name,
    )


def _late(one: Assignment) -> str:
    return _(
        "%(name)s comes %(count)d min late.", name=one.interpreter.name, count=one.late_minutes
    )
