"""A calendar to subscribe to (RFC 5545, RFC 7986): few neutral words, nothing of a client."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vDuration

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Sight, sight
from dispatch.assignments.whereabouts import district_or_way, place_or_way
from dispatch.calendar.writing import PRODUCT
from dispatch.feeds import queries
from dispatch.feeds.queries import Events, LeftOut, Shown
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active

READ_AGAIN_AFTER, READ_AGAIN_AFTER_AS_WRITTEN = timedelta(hours=1), "PT1H"


@dataclass(frozen=True)
class Reader:
    """Who reads a calendar: in which language, by which account; None at the door of a site."""

    locale: str
    account_id: int | None


def written(events: Events, reader: Reader, now: datetime, *, name_by: Callable[[str], str]) -> str:
    """Return the text of a calendar in the language of who reads it.

    Of `now` it holds only what has ended, so that it is the same, octet by octet, while nothing
    changes and nothing ends.
    `name_by` names an event for good.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    again = vDuration(READ_AGAIN_AFTER)
    again.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", again)
    calendar.add("x-published-ttl", READ_AGAIN_AFTER_AS_WRITTEN)
    domain = active().mail_from.rpartition("@")[2]
    with force_locale(reader.locale):
        calendar.add("x-wr-calname", _("Interpreting, %(city)s", city=active().city.name))
        for one in events.shown:
            event = _event(one, reader, now)
            event.add("uid", f"{name_by(one.thing)}@{domain}")
            calendar.add_component(event)
        if events.left_out is not None:
            event = _end(events.left_out, reader)
            event.add("uid", f"{name_by(f'end before {events.left_out.thing}')}@{domain}")
            calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _event(one: Shown, reader: Reader, now: datetime) -> Event:
    event = Event()
    event.add("dtstamp", one.written_at)
    event.add("last-modified", one.written_at)
    event.add("sequence", one.changes)
    if one.assignment is not None:
        _add_assignment(event, one.assignment, reader, now)
    elif one.interpretation_request is not None:
        _add_request(event, one.interpretation_request, reader)
    event.add("status", _status(one))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if one.is_off else "OPAQUE")
    return event


def _end(left_out: LeftOut, reader: Reader) -> Event:
    """Say where a calendar ends that has no room for more, and where the rest is to be found."""
    event = Event()
    event.add("dtstamp", left_out.starts_at)  # not now: the text is the same while nothing changes
    event.add("dtstart", left_out.starts_at.astimezone(active().city.zone).date())
    event.add("summary", _("This calendar ends here"))
    holds = {"count": queries.MOST_EVENTS}
    if reader.account_id is None:
        phone = active().city.office_phone
        text = _(
            "It holds the first %(count)d entries; ask the office for the others, %(phone)s.",
            **holds, phone=phone,
        )  # fmt: skip
    else:
        link = active().base_url
        text = _(
            "It holds the first %(count)d entries; the others are to be found at %(link)s.",
            **holds, link=link,
        )  # fmt: skip
    event.add("description", text)
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _status(one: Shown) -> str:
    if one.is_off:
        return "CANCELLED"
    return "CONFIRMED" if one.is_sure else "TENTATIVE"


def _add_assignment(event: Event, one: Assignment, reader: Reader, now: datetime) -> None:
    """Write when and, for whoever goes there while they do, where; else the district at most.

    At the door of a site nobody reads more than when and the number.
    Whose part is over reads nothing of the place; whoever is asked again, no more than when asked.
    """
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    if reader.account_id is None:
        event.add("summary", _("Interpreting, assignment %(number)d", number=one.id))
        return
    event.add("summary", _("Assignment %(number)d", number=one.id))
    is_own = one.interpreter.account_id == reader.account_id
    wanted, locale = one.interpretation_request, reader.locale
    seen = sight(one.state, one.ends_at, now)
    if is_own and seen == Sight.FULL:
        _add_place(event, place_or_way(one.way, wanted, one.site, locale))
    elif not is_own or seen == Sight.AS_AGREED:
        _add_place(event, district_or_way(one.way, one.site, locale))
    event.add("description", f"{active().base_url}/assignments/{one.id}")


def _add_request(event: Event, one: InterpretationRequest, reader: Reader) -> None:
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", _("Interpreter %(reference)s", reference=one.reference))
    _add_place(event, one.site.district)
    event.add("description", f"{active().base_url}/requests/{one.id}")


def _add_place(event: Event, place: str) -> None:
    if place:
        event.add("location", place)
