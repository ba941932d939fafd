"""Kinds of sites, which of them are told in messages, and how their names are searched."""

import re
import unicodedata
from enum import StrEnum


class SiteKind(StrEnum):
    """What a place is."""

    ADULT_EDUCATION = "adult_education"
    CITIZEN_OFFICE = "citizen_office"
    COMMUNITY_CENTRE = "community_centre"
    COUNSELLING = "counselling"
    COURT = "court"
    HEALTH_OFFICE = "health_office"
    HOSPITAL = "hospital"
    IMMIGRATION_OFFICE = "immigration_office"
    JOBCENTER = "jobcenter"
    KITA = "kita"
    LIBRARY = "library"
    LOKAL_WILLKOMMEN = "lokal_willkommen"
    MIGRANT_ORGANISATION = "migrant_organisation"
    MUNICIPAL_OFFICE = "municipal_office"
    POLICE = "police"
    PRISON = "prison"
    SCHOOL = "school"
    SENIOR_CENTRE = "senior_centre"
    SHELTER = "shelter"
    SOCIAL_WELFARE = "social_welfare"
    TOWN_HALL = "town_hall"
    YOUTH_CENTRE = "youth_centre"


TELLING = frozenset(
    {
        SiteKind.COUNSELLING,
        SiteKind.COURT,
        SiteKind.HEALTH_OFFICE,
        SiteKind.HOSPITAL,
        SiteKind.IMMIGRATION_OFFICE,
        SiteKind.POLICE,
        SiteKind.PRISON,
        SiteKind.SHELTER,
        SiteKind.SOCIAL_WELFARE,
    }
)
"""Kinds whose address tells something about the client; messages name the district only."""

KNOWN_TO_ALL = frozenset(
    {
        SiteKind.COURT,
        SiteKind.HEALTH_OFFICE,
        SiteKind.HOSPITAL,
        SiteKind.IMMIGRATION_OFFICE,
        SiteKind.POLICE,
        SiteKind.PRISON,
    }
)
"""Kinds of which everybody knows where they are, although who goes there is nobody's business."""

ONE_ADDRESS_KM = 0.5
"""Points of one address lie so near; what is farther is another street of the same name."""

ABBREVIATED = ((re.compile(r"str$"), "strasse"), (re.compile(r"(?:^|(?<=\w{3}))pl$"), "platz"))
"""How streets and squares are abbreviated, and what they are called."""

DEFAULT_BUFFER_MINUTES = 5
LONGEST_BUFFER_MINUTES = 120


def searchable(*parts: str) -> str:
    """Return the parts as the register is searched: `Hörder Straße` finds `hoerderstr`.

    Case, accents and signs do not count; ß is ss, an umlaut is the same with and without its e,
    an abbreviated street or square is written out, and `Hohe Straße` is `hohestrasse` as well.
    """
    return " ".join(_streets(_folded(part)) for part in parts if _folded(part).strip())


def _streets(folded: str) -> str:
    words = folded.split()
    for short, long in ABBREVIATED:
        words = [short.sub(long, word) for word in words]
    return re.sub(r"\b([^\W\d]+) (strasse|platz)\b", r"\1 \2 \1\2", " ".join(words))


def address_key(address: str, postcode: str, district: str) -> str:
    """Return what is the same for two ways of writing one address."""
    return searchable(address, postcode or district)


def search_words(text: str) -> list[str]:
    """Return the words that must all occur in what `searchable` made, at most eight."""
    return _folded(text[:100]).split()[:8]


def _folded(text: str) -> str:
    lower = text.casefold()
    for written_out, umlaut in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        lower = lower.replace(written_out, umlaut)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain)
