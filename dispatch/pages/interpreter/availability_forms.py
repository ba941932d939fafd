"""The forms in which somebody says when to be asked."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import Optional

from dispatch.availability.rules import (
    ConditionDetails,
    DayDetails,
    Exceptional,
    NoticeUnit,
    Way,
    WeeklyDetails,
)
from dispatch.interpreters.models import Interpreter
from dispatch.pages.words import WEEKDAYS
from dispatch.requests.ways import WAY_NAMES
from dispatch.travel.wording import MODES
from dispatch.web.forms import Boxes, Day, Time, Whole, options, whole

A_TIME = _l("Give a time, such as 09:30.")
A_DAY = _l("Give the day as a date.")
KINDS = {
    Exceptional.OFF: _l("Not this day"),
    Exceptional.INSTEAD: _l("Other hours this day"),
    Exceptional.ALSO: _l("These hours, too"),
}
UNITS = {NoticeUnit.HOURS: _l("hours"), NoticeUnit.WORKING_DAYS: _l("working days")}


def _ways() -> Any:
    return Boxes(
        _l("Ways to take part"), choices=options(WAY_NAMES.items()),
        default=[str(way) for way in Way],
    )  # fmt: skip


class HoursForm(FlaskForm):  # type: ignore[misc]
    """Hours on some weekdays."""

    weekdays = Boxes(_l("Weekdays"), choices=options(enumerate(WEEKDAYS)))
    start = Time(_l("From"), wrong=A_TIME)
    end = Time(_l("Until"), wrong=A_TIME)
    ways = _ways()
    valid_from = Day(_l("First day"), wrong=A_DAY, needed=False)
    valid_until = Day(_l("Last day"), wrong=A_DAY, needed=False)

    @property
    def details(self) -> WeeklyDetails:
        """What was filled in."""
        return WeeklyDetails(
            weekdays=[whole(one) for one in self.weekdays.data if one.isdigit()],
            start=self.start.data,
            end=self.end.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            ways=self.ways.data,
        )


class DayForm(FlaskForm):  # type: ignore[misc]
    """What is otherwise on one day."""

    day = Day(_l("Day"), wrong=A_DAY)
    kind = RadioField(
        _l("What is otherwise?"),
        choices=options(KINDS.items()),
        default=str(Exceptional.OFF),
    )
    start = Time(_l("From"), wrong=A_TIME, needed=False)
    end = Time(_l("Until"), wrong=A_TIME, needed=False)
    ways = _ways()

    @property
    def details(self) -> DayDetails:
        """What was filled in."""
        return DayDetails(
            day=self.day.data,
            kind=Exceptional(self.kind.data),
            start=self.start.data,
            end=self.end.data,
            ways=self.ways.data,
        )


class ConditionsForm(FlaskForm):  # type: ignore[misc]
    """What holds for every question."""

    notice = Whole(
        _l("To be asked at the latest so long before"),
        wrong=_l("Give a whole number; 0 means at any time."),
    )
    notice_unit = SelectField(_l("Counted in"), choices=options(UNITS.items()))
    travel_mode = SelectField(_l("Travelling"), choices=options(MODES.items()))
    regions = Boxes(
        _l("Districts to go to"), description=_l("Tick none to be asked for the whole city.")
    )
    on_public_holidays = BooleanField(_l("Also on public holidays"))
    in_school_holidays = BooleanField(_l("Also in the school holidays"))
    version = IntegerField(validators=[Optional()])

    @classmethod
    def of(cls, interpreter: Interpreter, districts: Any, *, schools_known: bool) -> Any:
        """Return the form with what the interpreter said last, or what was just sent."""
        said = interpreter.availability
        form = cls(prefix="all-", obj=said, travel_mode=interpreter.travel_mode)
        form.regions.choices = options((name, name) for name in districts)
        if not schools_known:
            del form.in_school_holidays
        return form

    @property
    def details(self) -> ConditionDetails:
        """What was filled in; where nobody knows the school holidays, they are worked in."""
        return ConditionDetails(
            notice=self.notice.data,
            notice_unit=NoticeUnit(self.notice_unit.data),
            regions=self.regions.data,
            on_public_holidays=self.on_public_holidays.data,
            in_school_holidays="in_school_holidays" not in self or self.in_school_holidays.data,
        )
