"""Who interprets with whom, a talk that two share or in turn, and how each reads of the other."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from babel.lists import format_list
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from dispatch import settings
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME
from dispatch.cities.telephones import grouped
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of, name_of_german, sides
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import Part, Sharing, part_of, talk_begins
from dispatch.web.formats import apart, time_in


class Place(NamedTuple):
    """Whose part of which request it is: the seat, and when its part of the talk begins."""

    interpretation_request: InterpretationRequest
    seat: int
    starts_at: datetime


def other_of(one: InterpretationRequest, seat: int) -> Assignment | None:
    """Return the assignment of the other of two who share a talk, while it is to come."""
    if one.sharing is None:
        return None
    return db.session.scalar(
        sa.select(Assignment).where(
            Assignment.interpretation_request_id == one.id,
            Assignment.seat != seat,
            Assignment.state.in_(TO_COME),
        )
    )


def said(place: Place, locale: str, *, comes: bool) -> str:
    """Return in a sentence how a talk is shared; nothing where somebody does all of it.

    Everybody reads the first name of the other once they have said yes. Whoever `comes` reads how
    to reach them, too: by number where the city's policy gives it, else through the office.
    """
    one = place.interpretation_request
    if one.sharing is None:
        return ""
    other = other_of(one, place.seat)
    with force_locale(locale):
        text = _shared(place, one.sharing, other.interpreter if other else None, locale)
        return f"{text} {_reach(other.interpreter)}" if other and comes else text


def team_of(one: InterpretationRequest) -> int:
    """Return how many interpret a request in turn; 0 where one does, or two share the talk."""
    return 0 if one.sharing or one.interpreter_count == 1 else one.interpreter_count


def in_turn(assignment: Assignment, locale: str) -> str:
    """Return in a sentence with whom somebody interprets in turn; nothing where alone or over.

    The others by first name, as far as they are found; an agency names nobody beforehand.
    """
    one = assignment.interpretation_request
    if not team_of(one) or assignment.state not in TO_COME:
        return ""
    others = db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.interpretation_request_id == one.id,
            Assignment.id != assignment.id,
            Assignment.state.in_(TO_COME),
        )
        .order_by(Assignment.seat)
    ).all()
    names = [apart(other.interpreter.first_name) for other in others]
    sent = one.agency_seats or 0
    missing = one.interpreter_count - 1 - len(names) - sent
    with force_locale(locale):
        if sent:
            names.append(
                ngettext("%(num)d person of an agency", "%(num)d people of an agency", sent)
            )
        if missing > 0:
            names.append(
                ngettext(
                    "%(num)d person still being looked for",
                    "%(num)d people still being looked for",
                    missing,
                )
            )
        return _("In turn with %(who)s.", who=format_list(names, locale=locale))


def relay_with(one: InterpretationRequest, seat: int, locale: str) -> str:
    """Return to which language the other of a relay goes on; nothing where it is none."""
    if one.sharing is None or one.sharing.pivot is None:
        return ""
    return name_of_german(locale) if seat == 1 else name_of(one.language, locale)


def part_of_who(assignment: Assignment, locale: str) -> dict[str, str]:
    """Return what somebody does of a talk that two share, for those who asked; empty otherwise.

    From when to when, of one that is handed over; in which languages, of a relay.
    """
    one = assignment.interpretation_request
    part = {"part_start": "", "part_end": "", "relay": ""}
    if one.sharing is None:
        return part
    if one.sharing.pivot is not None:
        return part | {"relay": sides(assignment.language, locale)}
    return part | {
        "part_start": time_in(assignment.starts_at, one.time_zone, locale),
        "part_end": time_in(assignment.ends_at, one.time_zone, locale),
    }


def _shared(place: Place, sharing: Sharing, other: Interpreter | None, locale: str) -> str:
    one = place.interpretation_request
    begins = talk_begins(one, place.seat, place.starts_at)
    own, rest = (part_of(one, seat, begins) for seat in (place.seat, 3 - place.seat))
    who = {"name": other.first_name} if other else {}
    if sharing.pivot is not None:
        who |= {"yours": sides(own.language, locale), "theirs": sides(rest.language, locale)}
        if other:
            return _("By relay: you interpret %(yours)s, %(name)s interprets %(theirs)s.", **who)
        return _(
            "By relay: you interpret %(yours)s, a second person interprets %(theirs)s; you hear "
            "who it is.",
            **who,
        )
    who |= {"yours": _span(one, own, locale), "theirs": _span(one, rest, locale)}
    if other:
        return _("Two share this talk: you interpret %(yours)s, %(name)s %(theirs)s.", **who)
    return _(
        "Two share this talk: you interpret %(yours)s, a second person %(theirs)s; you hear who it "
        "is.",
        **who,
    )


def _span(one: InterpretationRequest, part: Part, locale: str) -> str:
    times = (time_in(at, one.time_zone, locale) for at in (part.starts_at, part.ends_at))
    return "–".join(times)


def _reach(other: Interpreter) -> str:
    city = settings.active().city
    if city.policies.partners_read_numbers:
        phone = grouped(other.phone, city.phone_region)
        return _("You reach %(name)s at %(phone)s.", name=other.first_name, phone=phone)
    phone = city.office_phone
    return _(
        "You reach %(name)s through the office, %(phone)s.", name=other.first_name, phone=phone
    )
