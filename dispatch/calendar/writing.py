"""How an invitation is written (RFC 5545): in a zone every client reads; in UTC where in doubt."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

from dispatch.calendar.invitation import CalendarEvent

PRODUCT = "-//Dragoman//Interpreter dispatch//EN"
EUROPEAN_CHANGE_UTC_HOUR = 1
SUMMER_SINCE = (1981, 3, 29)  # each the first of the changes that still come every year
WINTER_SINCE = (1996, 10, 27)


def text(method: str, event: CalendarEvent) -> str:
    """Return the text of a calendar with one event (RFC 5545) for a method of RFC 5546."""
    place = ZoneInfo(event.time_zone)
    says_it_all = _keeps_european_summer_time(place, event.starts_at.year) and not (
        _exists_twice(event.starts_at, place) or _exists_twice(event.ends_at, place)
    )
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if says_it_all:
        calendar.add_component(_zone(place, event.starts_at.year))
    calendar.add_component(_event(method, event, place if says_it_all else UTC))
    return str(calendar.to_ical().decode())


def _event(method: str, event: CalendarEvent, place: tzinfo) -> Event:
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.stamped_at)
    entry.add("dtstart", event.starts_at.astimezone(place))
    entry.add("dtend", event.ends_at.astimezone(place))
    entry.add("summary", event.summary)
    for name, text in (("location", event.location), ("description", event.description)):
        if text:
            entry.add(name, text)
    if event.url:
        entry.add("url", event.url)
    entry.add("class", "PRIVATE")
    entry.add("transp", "OPAQUE")
    entry.add("status", _status(method, event))
    entry.add("organizer", _address(event.organizer_name, event.organizer_address))
    entry.add("attendee", _attendee(event))
    return entry


def _status(method: str, event: CalendarEvent) -> str:
    if method == "CANCEL":
        return "CANCELLED"
    return "TENTATIVE" if event.tentative else "CONFIRMED"


def _attendee(event: CalendarEvent) -> vCalAddress:
    attendee = _address(event.attendee_name, event.attendee_address)
    attendee.params.update(
        {
            "CUTYPE": vText("INDIVIDUAL"),
            "ROLE": vText("REQ-PARTICIPANT"),
            "PARTSTAT": vText(_standing(event)),
            "RSVP": vText("TRUE" if event.asks and not event.accepted else "FALSE"),
        }
    )
    return attendee


def _standing(event: CalendarEvent) -> str:
    """Return what the attendee has said (PARTSTAT, RFC 5545, 3.2.12)."""
    if event.declined:
        return "DECLINED"
    return "ACCEPTED" if event.accepted else "NEEDS-ACTION"


def _address(name: str, address: str) -> vCalAddress:
    value = vCalAddress(f"mailto:{address}")
    value.params["CN"] = vText(name)
    return value


def _zone(place: ZoneInfo, year: int) -> Timezone:
    """Return the zone with one yearly rule for each half, the form every client reads."""
    zone = Timezone()
    zone.add("tzid", place.key)
    winter, summer = (datetime(year, month, 1, 12, tzinfo=place) for month in (1, 7))
    for part, since, before, after in (
        (TimezoneDaylight(), SUMMER_SINCE, winter, summer),
        (TimezoneStandard(), WINTER_SINCE, summer, winter),
    ):
        change = datetime(*since, EUROPEAN_CHANGE_UTC_HOUR)  # noqa: DTZ001 - wall time
        part.add("dtstart", change + (before.utcoffset() or timedelta()))
        part.add("tzoffsetfrom", before.utcoffset())
        part.add("tzoffsetto", after.utcoffset())
        part.add("tzname", after.tzname())
        part.add("rrule", vRecur(freq="YEARLY", bymonth=since[1], byday="-1SU"))
        zone.add_component(part)
    return zone


def _keeps_european_summer_time(place: ZoneInfo, year: int) -> bool:
    """Tell whether clocks change there on the days of Directive 2000/84/EC in that year."""
    return all(
        (change - timedelta(seconds=1)).astimezone(place).utcoffset()
        != change.astimezone(place).utcoffset()
        for change in (_last_sunday(year, SUMMER_SINCE[1]), _last_sunday(year, WINTER_SINCE[1]))
    )


def _exists_twice(instant: datetime, place: ZoneInfo) -> bool:
    """Tell whether the wall time comes twice that day, of which TZID can mean the first only."""
    local = instant.astimezone(place)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, EUROPEAN_CHANGE_UTC_HOUR, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
