"""What held before a change for one person, as far as messages say it beside what is new."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dispatch.amendments import differences
from dispatch.amendments.differences import Difference
from dispatch.amendments.foreseeing import Concerned
from dispatch.amendments.rules import Demand
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.whereabouts import district_or_way, place_or_way
from dispatch.offers.models import Offer


@dataclass(frozen=True)
class Before:
    """What held before a change; `place` as calendars show it, `also` what else is new."""

    starts_at: datetime
    ends_at: datetime
    district: str
    language: str
    place: str
    site_id: int
    also: tuple[Difference, ...]


def before(one: Concerned, was: Demand, demand: Demand, names: Collection[str]) -> Before:
    """Return what somebody has agreed to, never what they were only asked; of a question, that."""
    by: Offer | Assignment | Confirmation = one.by
    if isinstance(one.by, Assignment):
        by = agreed.still_agreed(one.by) or one.by
    locale = one.interpreter.account.locale
    return Before(
        starts_at=by.starts_at,
        ends_at=by.ends_at,
        district=district_or_way(by.way, by.site, locale),
        language=by.language,
        place=place_or_way(by.way, one.by.interpretation_request, by.site, locale),
        site_id=by.site_id,
        also=differences.for_who_comes(was, demand, names, one.terms.way, locale),
    )
