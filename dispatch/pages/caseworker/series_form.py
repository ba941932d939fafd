"""How a request repeats: the part of the asking form that is behind one press, and its dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from dispatch import clock
from dispatch.cities import City
from dispatch.errors import Refusal
from dispatch.requests import rules as request_rules
from dispatch.series import rules
from dispatch.series.rules import OnHoliday, Pattern, Proposed, Remark, Rhythm
from dispatch.web.formats import local_date
from dispatch.web.forms import Day, Whole, options

PREFIX = "series-"
NUMBER = _l("Give a whole number, such as 2.")


class SeriesPart(FlaskForm):  # type: ignore[misc]
    """How often and until when; `seen` stands for the dates that the page has shown."""

    class Meta:
        """It is part of a form that says itself who may send it."""

        csrf = False

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix=PREFIX, **options)

    repeats = RadioField(
        _l("How often"),
        choices=options(
            [
                ("", _l("Once")),
                (Rhythm.WEEKLY, _l("Every week, or every few weeks")),
                (Rhythm.MONTHLY, _l("Every month, or every few months")),
                (Rhythm.CHOSEN, _l("On certain days")),
            ]
        ),
        default="",
        validators=[Optional()],
    )
    every = Whole(_l("Every so many weeks or months"), default=1, needed=False, wrong=NUMBER)
    count = Whole(_l("How many times"), needed=False, wrong=NUMBER)
    last = Day(_l("Or until"), needed=False, wrong=_l("Give the day as a date."))
    chosen = TextAreaField(
        _l("Further days"),
        description=_l("Only for “On certain days”: one a line, such as 31.03.2027."),
    )
    on_holiday = SelectField(
        _l("On public holidays"),
        choices=options(
            [
                (OnHoliday.LEAVE_OUT, _l("Leave the date out")),
                (OnHoliday.MOVE, _l("The next working day")),
                (OnHoliday.KEEP, _l("It takes place all the same")),
            ]
        ),
        default=OnHoliday.LEAVE_OUT.value,
    )
    no_school_holidays = BooleanField(_l("Leave out the school holidays"))
    seen = HiddenField()

    def pattern(self, first: date) -> Pattern:
        """Return what was filled in, from the first day on; raises `Refusal` for no days."""
        rhythm = Rhythm(self.repeats.data or Rhythm.CHOSEN)
        chosen = rules.read_days(self.chosen.data or "") if rhythm == Rhythm.CHOSEN else ()
        return Pattern(
            rhythm=rhythm,
            first=first,
            every=1 if self.every.data is None else self.every.data,
            last=self.last.data,
            count=self.count.data,
            chosen=(first, *chosen),
            on_holiday=OnHoliday(self.on_holiday.data),
            in_school_holidays=not self.no_school_holidays.data,
        )


@dataclass(frozen=True)
class Line:
    """A date to be ticked: the day it would be, what is particular about it, what forbids it."""

    day: date
    ticked: bool
    remarks: tuple[str, ...]
    refused: Refusal | None


def lines_of(
    proposed: list[Proposed], start: time, zone_name: str, *, second: bool | None, city: City
) -> list[Line]:
    """Return the dates of a preview as they are shown, each with everything said about it."""
    lines = []
    for one in proposed:
        day = one.day or one.planned
        refused = _refused(datetime.combine(day, start), zone_name, second)
        ticked = one.day is not None and refused is None
        lines.append(Line(day, ticked, tuple(_remarks(one, city)), refused))
    return lines


def holiday(day: date, city: City) -> str | None:
    """Return the name of a public holiday in the reader's language."""
    return city.holiday_name(day, str(get_locale() or "de"))


def _refused(wall: datetime, zone_name: str, second: bool | None) -> Refusal | None:
    try:
        request_rules.require_future(clock.localize(wall, zone_name, second=second), clock.now())
    except Refusal as refusal:
        return refusal
    return None


def _remarks(one: Proposed, city: City) -> Iterator[str]:
    planned = local_date(one.planned)
    if Remark.SHORT_MONTH in one.remarks:
        month = get_month_names("wide", locale=get_locale())[one.planned.month]
        yield _("%(month)s is shorter: its last day", month=month)
    if Remark.PUBLIC_HOLIDAY in one.remarks:
        name = holiday(one.planned, city) or _("public holiday")
        if one.is_moved:
            yield _("moved from %(day)s, %(holiday)s", day=planned, holiday=name)
        elif one.day is None and Remark.TAKEN not in one.remarks:
            yield _("left out: %(holiday)s", holiday=name)
        else:
            yield name
    if Remark.TAKEN in one.remarks:
        yield _("left out: the day it moves to has a date already")
    if Remark.SCHOOL_HOLIDAY in one.remarks:
        yield _("left out: school holidays") if one.day is None else _("school holidays")
