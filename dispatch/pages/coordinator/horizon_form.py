"""What a coordinator chooses before planning: which days, and who may be asked to move."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Optional
from wtforms.widgets import DateInput

from dispatch.errors import Refusal
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.web.days import day_from
from dispatch.web.formats import local_days
from dispatch.web.forms import options


class HorizonForm(FlaskForm):  # type: ignore[misc]
    """One day, the rest of its week or up to a last day; how many confirmed people may move."""

    span = RadioField(
        _l("What to plan"), default="day", validators=[Optional()], validate_choice=False
    )
    until = StringField(
        _l("Last day"), description=_l("At most 31 days in all."), widget=DateInput()
    )
    disturb_at_most = SelectField(
        _l("Confirmed people may be asked to move"),
        description=_l("Only where that fills more; who is pinned always stays."),
        default="0",
        validators=[Optional()],
        validate_choice=False,
    )

    def offer(self, day: Horizon, week: Horizon, counts: Sequence[int]) -> None:
        """List what can be chosen; `counts` are the open requests of the day and of the week."""
        for needed in (self.span, self.until, self.disturb_at_most):
            needed.flags.required = True
        of_day, of_week = counts
        spans = [("day", _("This day: %(open)s", open=_open(of_day)))]
        if week != day:
            days = local_days(week.first, week.last)
            label = _("This week, %(days)s: %(open)s", days=days, open=_open(of_week))
            spans.append(("week", label))
        spans.append(("until", _("From this day until another")))
        self.span.choices = options(spans)
        numbers = range(1, MOST_DISTURBED + 1)
        self.disturb_at_most.choices = options(
            [("0", _("none")), *((one, _("at most %(number)d", number=one)) for one in numbers)]
        )

    def chosen(self, day: Horizon, week: Horizon) -> Horizon:
        """Return the days chosen; raises `Refusal` for a last day that cannot be."""
        if self.span.data == "week":
            return week
        if self.span.data == "until":
            last = day_from(self.until.data)
            if last is None:
                wrong = _l("Give the last day as a date.")
                raise Refusal("last-day-missing", wrong, field="until")
            return Horizon(day.first, last, day.zone_name)
        return day


def _open(number: int) -> str:
    if not number:
        return _("nothing open")
    return ngettext("%(num)d open request", "%(num)d open requests", number)
