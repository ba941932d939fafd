"""What an entry of the record says has changed: its names of fields in words."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.requests.wording import DEMANDS

FIELDS: dict[str, Any] = {
    # of a request
    **DEMANDS,
    "preferred_interpreters": _l("Wished for"),
    "only_preferred": _l("Only who is wished for"),
    "only_same_person": _l("Only the same person"),
    "excluded_interpreters": _l("Must not come"),
    "strategy": _l("How interpreters are asked"),
    "agency": _l("Partner agency"),
    "agency_cents": _l("Cost of the agency"),
    "agency_seats": _l("Seats of the agency"),
    # of an offer, an assignment, a message
    "state": _l("State"),
    "late_minutes": _l("Minutes late"),
    "lasts_until": _l("Takes until"),
    "day_before_confirmed_at": _l("Confirmed the day before"),
    "hours": _l("Hours"),
    "notice": _l("Notice before the start"),
    "district": _l("District"),
    # of a person and their times
    "active": _l("In use"),
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "phone": _l("Mobile number"),
    "locale": _l("Language of pages and messages"),
    "choices": _l("Messages"),
    "quiet_hours": _l("Quiet hours"),
    "home_postcode": _l("Postcode of home"),
    "home_latitude": _l("Home"),
    "home_longitude": _l("Home"),
    "travel_mode": _l("Travels"),
    "employment": _l("Employment"),
    "gender": _l("Gender"),
    "fee_cents_per_hour": _l("Fee"),
    "maximum_minutes_per_day": _l("Hours a day at most"),
    "maximum_minutes_per_week": _l("Hours a week at most"),
    "office_note": _l("Note of the office"),
    "working_languages": _l("Languages"),
    "qualifications": _l("Qualifications"),
    "proof_file": _l("Proof"),
    "weekly_hours": _l("Weekly hours"),
    "exceptional_days": _l("Exceptions"),
    "notice_unit": _l("Notice before the start"),
    "regions": _l("Districts"),
    "on_public_holidays": _l("Also on public holidays"),
    "in_school_holidays": _l("Also in the school holidays"),
    # of a site or an organisation
    "register_number": _l("Number in the register"),
    "kind": _l("Kind"),
    "address": _l("Street and number"),
    "postcode": _l("Postcode"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "time_zone": _l("Time zone"),
    "buffer_before_minutes": _l("Minutes before"),
    "buffer_after_minutes": _l("Minutes after"),
    "is_public": _l("The address tells nothing about the client"),
    "access_notes": _l("How to get in"),
    "source": _l("Where it is known from"),
    "organisation_id": _l("Organisation"),
    "assigns_directly": _l("Assigned directly"),
    "asks_by_itself_since": _l("Asking begins by itself"),
    "is_reviewed": _l("The office looks first"),
    "two_above_minutes": _l("Two interpreters above so many minutes"),
}
UNSEEN = frozenset({"search_text"})
"""Made of other fields, so that it says nothing of its own."""


def in_words(names: Iterable[str]) -> str:
    """Return names of fields in words, each once; the path of a text is its name already."""
    words = [str(FIELDS.get(name, name)) for name in names if name not in UNSEEN]
    return ", ".join(dict.fromkeys(words))
