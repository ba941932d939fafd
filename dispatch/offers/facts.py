"""What messages and calendar entries may say of an offer."""

from dataclasses import dataclass

from dispatch import settings
from dispatch.assignments import partners
from dispatch.assignments.models import Assignment
from dispatch.assignments.partners import Place
from dispatch.assignments.whereabouts import district_or_way, home_of, place_by
from dispatch.languages.rules import name_of
from dispatch.languages.varieties import name_instead
from dispatch.messaging.codes import NO_CODES, Codes
from dispatch.offers.models import Offer
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_time
from dispatch.travel.times import TravelTime
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class OfferFacts:
    """What an offer may say before anybody has said yes: when, district, language, deadline.

    An SMS has room for `short_day`, `district` and `short_answer_by` only. By video or telephone
    `district` says that. The minutes are those of the way from home; their source is one of
    `travel.times.Source`. `instead_of` is the language asked for where it is another; `released` is
    when the job begins that the person was released from for this; `again`: it was cancelled and
    takes place after all; `declined_start` the start of the same window they said no to. So many
    `others` take turns with the person; `together` says how two would share the talk, if they do,
    and of a relay `relay_with` to which language the other goes on.
    `all_offers` is where all questions to the person are answered; the codes are those by which an
    SMS answers, "" where none can.
    """

    name: str
    day: str
    short_day: str
    start: str
    end: str
    way: str
    district: str
    way_minutes: int
    way_source: str
    language: str
    instead_of: str
    others: int
    urgent: bool
    answer_by: str
    short_answer_by: str
    reason: str
    office: str
    phone: str
    link: str
    all_offers: str
    together: str
    relay_with: str
    released: str
    again: bool
    declined_start: str
    yes_code: str
    no_code: str


def facts_of(
    offer: Offer,
    locale: str,
    link: str = "",
    reason: str = "",
    codes: Codes = NO_CODES,
    released: Assignment | None = None,
    again: bool = False,
    declined_start: str = "",
) -> OfferFacts:
    """Return what may be said about an offer; without a link to it, that to all offers.

    `released` is what its person was released from in the same step.
    """
    all_offers = f"{settings.active().base_url}/offers"
    zone = offer.interpretation_request.time_zone
    city = settings.active().city
    due_at = time_in(offer.answer_by, zone, locale)
    way = _way(offer)
    place = Place(offer.interpretation_request, offer.seat or 1, offer.starts_at)
    together = partners.said(place, locale, comes=False)
    return OfferFacts(
        name=offer.interpreter.name,
        day=date_in(offer.starts_at, zone, locale),
        short_day=short_date_in(offer.starts_at, zone, locale),
        start=time_in(offer.starts_at, zone, locale),
        end=time_in(offer.ends_at, zone, locale),
        way=offer.way,
        district=district_or_way(offer.way, offer.site, locale),
        way_minutes=way.minutes,
        way_source=way.source,
        language=name_of(offer.language, locale),
        instead_of=""
        if together
        else name_instead(offer.language, offer.interpretation_request.language, locale),
        others=0 if together else offer.interpretation_request.interpreter_count - 1,
        urgent=offer.interpretation_request.is_urgent,
        answer_by=f"{date_in(offer.answer_by, zone, locale)}, {due_at}",
        short_answer_by=f"{short_date_in(offer.answer_by, zone, locale)} {due_at}",
        reason=reason,
        office=city.office.name,
        phone=city.office_phone,
        link=link or all_offers,
        all_offers=all_offers,
        together=together,
        relay_with=partners.relay_with(offer.interpretation_request, place.seat, locale),
        released=_when(released, locale) if released else "",
        again=again,
        declined_start=declined_start,
        yes_code=codes.yes_code,
        no_code=codes.no_code,
    )


def _when(one: Assignment, locale: str) -> str:
    zone = one.interpretation_request.time_zone
    return f"{date_in(one.starts_at, zone, locale)}, {time_in(one.starts_at, zone, locale)}"


def _way(offer: Offer) -> TravelTime:
    """Return the way from home to the place; what the plan counts with."""
    interpreter = offer.interpreter
    return travel_time(
        home_of(interpreter),
        place_by(offer.way, offer.site, interpreter),
        Mode(interpreter.travel_mode),
    )
