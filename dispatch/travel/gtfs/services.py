"""On which days the services of a timetable run: calendar and its exceptions."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.errors import Refusal
from dispatch.travel.gtfs.archive import Archive, Faults, Row

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOKED_AT = timedelta(weeks=8)
"""The working day is sought in so many weeks from today on, or from the first day of the file."""

LONGEST = timedelta(days=1500)
Days = Mapping[str, frozenset[date]]


def days_of(archive: Archive) -> Days:
    """Return on which days each service runs. Raises `Several` naming rows that are wrong."""
    days: dict[str, set[date]] = defaultdict(set)
    faults = Faults("calendar.txt")
    columns = ("service_id", *DAYS, "start_date", "end_date")
    for number, row in archive.rows("calendar.txt", *columns):
        first, last = _day(row, "start_date"), _day(row, "end_date")
        if first is None or last is None or not timedelta() <= last - first <= LONGEST:
            faults.add(number, _l("start_date and end_date are no days like 20270131, in order"))
            continue
        runs = [row.get(name, "").strip() == "1" for name in DAYS]
        days[row["service_id"]].update(
            day
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
            if runs[day.weekday()]
        )
    faults.end()
    faults = Faults("calendar_dates.txt")
    for number, row in archive.rows("calendar_dates.txt", "service_id", "date", "exception_type"):
        day, kind = _day(row, "date"), row.get("exception_type", "").strip()
        if day is None or kind not in {"1", "2"}:
            faults.add(number, _l("date is no day like 20270131, or exception_type not 1 or 2"))
        elif kind == "1":
            days[row["service_id"]].add(day)
        else:
            days[row["service_id"]].discard(day)
    faults.end()
    return {service: frozenset(known) for service, known in days.items()}


def working_day(days: Days, trips: Mapping[str, int], city: City, today: date) -> date:
    """Return a working day of the city on which as many vehicles run as on most of them.

    `trips` tells how many there are of each service. Of the working days of eight weeks it is the
    one in the middle by their number: neither a day of strike nor the one with extra vehicles.
    Raises `Refusal` when the timetable is over or has no working day.
    """
    running: Counter[date] = Counter()
    for service, known in days.items():
        for day in known:
            running[day] += trips.get(service, 0)
    served = {day: count for day, count in running.items() if count}
    if served and max(served) < today:
        raise Refusal(
            "timetable-over",
            _l(
                "The timetable ended on %(day)s; get the one that is valid now.",
                day=max(served).isoformat(),
            ),
            field="file",
        )
    working = sorted(day for day in served if day >= today and city.is_working_day(day))
    if not working:
        raise Refusal(
            "no-working-day",
            _l("No vehicle runs on any working day of this timetable; is it the right file?"),
            field="file",
        )
    near = [day for day in working if day < working[0] + LOOKED_AT]
    by_number = sorted(near, key=lambda day: (served[day], day))
    middle = served[by_number[(len(by_number) - 1) // 2]]
    return next(day for day in near if served[day] == middle)


def _day(row: Row, name: str) -> date | None:
    try:
        return datetime.strptime(row.get(name, "").strip(), "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None
