"""By which ways somebody may take part, ranked: each only where nobody is found by one before."""

import re
from collections.abc import Collection, Sequence
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from dispatch.availability.rules import Way
from dispatch.errors import Refusal

WAY_NAMES: dict[str, Any] = {
    Way.ON_SITE: _l("on site"),
    Way.VIDEO: _l("by video"),
    Way.TELEPHONE: _l("by telephone"),
}
RANKINGS = tuple(
    ",".join(chosen) for count in range(1, len(Way) + 1) for chosen in permutations(Way, count)
)
"""Every order of one, two or three ways, as it is stored."""

ONLY_ON_SITE = (Way.ON_SITE,)
LONGEST_LINK = 500
DIAL_IN = re.compile(r"[0-9+()/*#,;. -]{5,40}(PIN:? ?[0-9 ]{1,20}#?)?")
"""A number as telephones dial it, and a PIN: no words, so that none is about a client."""

_NAMED = {
    "on site": Way.ON_SITE,
    "by video": Way.VIDEO,
    "by telephone": Way.TELEPHONE,
    "vor ort": Way.ON_SITE,
    "per video": Way.VIDEO,
    "telefon": Way.TELEPHONE,
    "per telefon": Way.TELEPHONE,
}
LINK_OF: dict[str, str] = {Way.VIDEO: "video_link", Way.TELEPHONE: "dial_in"}
"""The field of a request that says how to take part by a way."""


def ranked(stored: str) -> tuple[Way, ...]:
    """Return the ways of a request, the one to be tried first before the others."""
    return tuple(Way(one) for one in stored.split(","))


def read(text: str) -> tuple[str, ...]:
    """Return the ways a cell or a command names, the one wanted most first; none: on site.

    Such as `on site, video` or `Vor Ort > Telefon`; words that name none are for `require_ways`.
    """
    named = [part.strip().casefold() for part in text.replace(">", ",").split(",")]
    return tuple(_NAMED.get(one, one) for one in named if one) or ONLY_ON_SITE


def written(ways: Sequence[str]) -> str:
    """Return ways in their order as they are stored."""
    return ",".join(ways)


def is_fallback(stored: str, way: str) -> bool:
    """Tell whether a way is only taken where nobody is found by one before it."""
    return ranked(stored)[0] != way


def way_name(way: str, locale: str) -> str:
    """Return a way in words, in a language: on site, by video, by telephone."""
    with force_locale(locale):
        return str(WAY_NAMES[way])


def require_ways(ways: Collection[str]) -> None:
    """Refuse no way, an unknown one, and one that is named twice."""
    if written(tuple(ways)) not in RANKINGS:
        raise Refusal(
            "unknown-ways",
            _l(
                "Name each way once, the one you want most first: on site, by video or by "
                "telephone."
            ),
            field="ways",
        )


def require_link(link: str) -> None:
    """Refuse a link that no browser opens safely."""
    if not link:
        return
    try:
        parts = urlsplit(link)
        fits = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or len(link) > LONGEST_LINK or not link.isprintable() or " " in link:
        raise Refusal(
            "not-a-link",
            _l(
                "This is no link to a video talk; it begins with https:// and has at most "
                "%(most)d characters.",
                most=LONGEST_LINK,
            ),
            field="video_link",
        )


def require_dial_in(number: str) -> None:
    """Refuse what no telephone dials."""
    if number and not DIAL_IN.fullmatch(number):
        raise Refusal(
            "not-a-number",
            _l("Give the number to dial and perhaps a PIN, such as 0231 500 1234 PIN 4711."),
            field="dial_in",
        )
