"""What messages and calendar entries may say of an assignment to who comes."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import settings
from dispatch.assignments import partners
from dispatch.assignments.models import Assignment
from dispatch.assignments.partners import Place
from dispatch.assignments.whereabouts import district_or_way, place_or_way
from dispatch.languages.rules import name_of
from dispatch.languages.varieties import name_instead
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class AssignmentFacts:
    """What messages to an interpreter who comes may say: nothing about the client or the topic.

    `place` is that of the way: the address, the link to the video talk or the number to call; in
    `district` there is no link. `instead_of` is the language asked for where it is another,
    `together` says how two share the talk or who interprets in turn, of a `team` of so many (else
    0). `arrives`: when they are there by the way
    there, where they have said yes too late to be in time; else nothing. `absences` is where they
    answer for all that an absence left open. `take_back_by` is until when they can take their yes
    back on its page, `take_back_hours` before the start; nothing where that is over. `relay_with`:
    the language to which the other of a relay goes on.
    """

    number: str
    name: str
    day: str
    short_day: str
    start: str
    end: str
    way: str
    place: str
    district: str
    language: str
    instead_of: str
    reason: str
    owed_minutes: int
    office: str
    phone: str
    link: str
    together: str
    team: int
    arrives: str
    absences: str
    take_back_by: str
    take_back_hours: int
    relay_with: str


def facts_of(
    assignment: Assignment, locale: str, reason: str = "", owed_minutes: int = 0
) -> AssignmentFacts:
    """Return what may be said about an assignment, in the recipient's language."""
    interpretation_request = assignment.interpretation_request
    zone = interpretation_request.time_zone
    city = settings.active().city
    return AssignmentFacts(
        number=str(assignment.id),
        name=assignment.interpreter.name,
        day=date_in(assignment.starts_at, zone, locale),
        short_day=short_date_in(assignment.starts_at, zone, locale),
        start=time_in(assignment.starts_at, zone, locale),
        end=time_in(assignment.ends_at, zone, locale),
        way=assignment.way,
        place=place_or_way(assignment.way, interpretation_request, assignment.site, locale),
        district=district_or_way(assignment.way, assignment.site, locale),
        language=name_of(assignment.language, locale),
        instead_of=""
        if interpretation_request.sharing
        else name_instead(assignment.language, interpretation_request.language, locale),
        reason=reason,
        owed_minutes=owed_minutes,
        office=city.office.name,
        phone=city.office_phone,
        link=f"{settings.active().base_url}/assignments/{assignment.id}",
        together=partners.said(
            Place(interpretation_request, assignment.seat, assignment.starts_at),
            locale,
            comes=True,
        )
        or partners.in_turn(assignment, locale),
        team=partners.team_of(interpretation_request),
        arrives="",
        absences=f"{settings.active().base_url}/absences/open",
        take_back_by="",
        take_back_hours=city.policies.withdrawal_ends_hours,
        relay_with=partners.relay_with(interpretation_request, assignment.seat, locale),
    )


def take_back_by(assignment: Assignment, now: datetime) -> str:
    """Return until when the page takes the interpreter's yes back; nothing once that is over."""
    until = settings.active().city.policies.withdrawal_ends(assignment.starts_at)
    if now >= until:
        return ""
    zone = assignment.interpretation_request.time_zone
    locale = assignment.interpreter.account.locale
    return f"{date_in(until, zone, locale)}, {time_in(until, zone, locale)}"
