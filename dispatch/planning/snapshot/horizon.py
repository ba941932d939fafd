"""Which local days are planned at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.errors import Refusal

MOST_DAYS = 31


@dataclass(frozen=True)
class Horizon:
    """The local days from `first` to `last`, both among them, in the city's time zone.

    Raises `Refusal` when it ends before it begins, has more than 31 days or lies in a year nobody
    plans.
    """

    first: date
    last: date
    zone_name: str

    def __post_init__(self) -> None:
        clock.require_plausible(self.first)
        clock.require_plausible(self.last)
        if self.last < self.first:
            raise Refusal(
                "ends-before-it-begins",
                _l("The last day lies before the first one; choose a later day."),
                field="until",
            )
        if self.last - self.first >= timedelta(days=MOST_DAYS):
            raise Refusal(
                "too-many-days",
                _l("At most %(most)d days are planned at once; choose an earlier day.",
                   most=MOST_DAYS),
                field="until",
            )  # fmt: skip

    def require_to_come(self, now: datetime) -> None:
        """Refuse days that are all over: nothing on them can be planned any more."""
        if self.bounds[1] <= now:
            raise Refusal("days-over", _l("These days are over; choose today or a later day."))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, in order."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=number) for number in range(count))

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first instant of the first day, and the first after the last day, in UTC."""
        origin, _next = clock.day_bounds(self.first, self.zone_name)
        _last, after = clock.day_bounds(self.last, self.zone_name)
        return origin, after

    @property
    def whole_weeks(self) -> tuple[datetime, datetime]:
        """The bounds of the weeks, Monday to Sunday, that the days lie in."""
        monday = self.first - timedelta(days=self.first.weekday())
        sunday = self.last + timedelta(days=6 - self.last.weekday())
        first, _next = clock.day_bounds(monday, self.zone_name)
        _last, after = clock.day_bounds(sunday, self.zone_name)
        return first, after


def week_of(day: date) -> int:
    """Return year and number of the ISO week of a day as one number, such as 202709."""
    year, week, _weekday = day.isocalendar()
    return 100 * year + week


def rest_of_week(day: date, today: date, zone_name: str) -> Horizon:
    """Return Monday to Sunday of the week of `day`, from `today` on; today lies not after it."""
    monday = day - timedelta(days=day.weekday())
    return Horizon(max(monday, today), monday + timedelta(days=6), zone_name)
