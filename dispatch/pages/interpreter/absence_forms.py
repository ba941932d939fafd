"""The forms in which somebody says to be away."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from dispatch.absences.rules import Resolution
from dispatch.availability.times import Span
from dispatch.cities import City
from dispatch.cities.working_time import at_wall
from dispatch.pages.interpreter.availability_forms import A_DAY, A_TIME
from dispatch.web.days import day_from
from dispatch.web.formats import local_date
from dispatch.web.forms import Day, Time, options

DAYS_OF_ILLNESS = 7
A_DAY_LATER = timedelta(days=1)
RESOLUTIONS = {
    Resolution.REPLACE: _l("Look for somebody else"),
    Resolution.ASK: _l("Ask first; until then it stays"),
    Resolution.KEEP: _l("It stays in spite of the absence"),
    Resolution.CANCEL: _l("Cancel the request"),
}
OF_THE_OFFICE = RESOLUTIONS | {Resolution.ASK: _l("Leave it open; until then it stays")}
OF_THE_INTERPRETER = {
    Resolution.REPLACE: _l("No, I cannot"),
    Resolution.ASK: _l("I do not know yet"),
    Resolution.KEEP: _l("Yes, I come"),
}
JOB = "job-"
SHOWN = "shown"


class AbsenceForm(FlaskForm):  # type: ignore[misc]
    """From when until when somebody is away, whole days where no times are given; and why."""

    class Meta:
        """Looking at what would be hit reads it from the address; every POST is guarded anyway."""

        csrf = False

    first = Day(_l("First day"), wrong=A_DAY)
    last = Day(_l("Last day"), wrong=A_DAY)
    start = Time(_l("From"), wrong=A_TIME, needed=False)
    end = Time(_l("Until"), wrong=A_TIME, needed=False)
    reason = StringField(
        _l("Reason"),
        description=_l("Only the office reads this, an illness for example. It can be erased."),
    )

    def span(self, city: City) -> Span:
        """Return the instants, from the city's midnight to midnight where there are no times."""
        after = self.last.data if self.end.data else self.last.data + A_DAY_LATER
        return (
            at_wall(self.first.data, self.start.data or time.min, city),
            at_wall(after, self.end.data or time.min, city),
        )


class SickForm(FlaskForm):  # type: ignore[misc]
    """Until when somebody is ill, today among the days."""

    until = RadioField(_l("Until when?"))

    @classmethod
    def of(cls, today: date, jobs: Mapping[date, int]) -> "SickForm":
        """Return the form; `jobs` says how many assignments there are on each day to come."""
        days = [today + n * A_DAY_LATER for n in range(DAYS_OF_ILLNESS)]
        form = cls()
        form.until.choices = options(
            (day.isoformat(), _until(day, today, sum(jobs.get(one, 0) for one in days[1 : n + 1])))
            for n, day in enumerate(days)
        )
        if form.until.data is None:
            form.until.data = today.isoformat()
        return form

    def last_day(self) -> date:
        """Return the last day of the illness."""
        return day_from(self.until.data, missing=True)


def _until(day: date, today: date, more: int) -> str:
    if day == today:
        return _("only today")
    text = _("until %(day)s", day=local_date(day))
    further = ngettext("%(num)d more assignment", "%(num)d more assignments", more)
    return f"{text} ({further})" if more else text


def resolved(fields: Mapping[str, str]) -> dict[int, Resolution]:
    """Return what was chosen in a form for each assignment of the list."""
    return {
        int(name.removeprefix(JOB)): Resolution(text)
        for name, text in fields.items()
        if name.startswith(JOB) and name.removeprefix(JOB).isdecimal() and text in set(Resolution)
    }


def left_open() -> set[int]:
    """Return the assignments that stood in the list and of which nothing was chosen."""
    shown = {int(text) for text in request.form.getlist(SHOWN) if text.isdecimal()}
    return shown - resolved(request.form).keys()
