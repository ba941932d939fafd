"""Finding a language by what somebody types: any of its names, who speaks it, a typing error."""

import csv
import re
import unicodedata
from functools import cache

from babel import Locale
from rapidfuzz import fuzz

from dispatch.languages.rules import TABLES, Language, known, macrolanguages

MOST_RESULTS = 8
LOCALES = ("de", "en", "el")
ENDING = re.compile(r"(?<=\w{3})(?:isch|ish|isc|ich|ian|ean|ese|ika|sch)$")
"""With what the names of most languages end, and how it is mistyped."""

LIKE_ENOUGH = 76
"""How alike (of 100) a name has to be to what was typed; below, anything is like anything."""


def languages_like(text: str, locale: str, most: int = MOST_RESULTS) -> list[Language]:
    """Return the languages somebody may mean, the likeliest first; none if nothing is like it.

    A name may be the one in German, English or Greek, the language's own, that of its group
    (which brings all its varieties), another name for it, or its tag. The very name comes first,
    then names that begin with what was typed, those with a word that does, those that hold
    it; only where none does are names looked at that are like it. Offered languages come before
    the others. Whoever types a language that nobody here interprets finds none: Tunisian Arabic is
    no answer to Cantonese.
    """
    wanted = _folded(text[:60])
    if not wanted:
        return []
    names = _names()
    ranks = {tag: _rank(wanted, names[tag]) for tag in names}
    best = min((rank for rank in ranks.values() if rank is not None), default=None)
    if wanted in _elsewhere() and best not in {0, 1}:
        return []
    if best is None:
        if any(name.startswith(wanted) for name in _elsewhere()):
            return []
        ranks = {tag: _unlikeness(wanted, names[tag]) for tag in names}
    found = [(rank, one) for one in known() if (rank := ranks[one.tag]) is not None]
    found.sort(key=lambda pair: (pair[0], not pair[1].offered, pair[1].name(locale)))
    return [one for _, one in found[:most]]


def named(text: str) -> list[Language]:
    """Return the languages whose very name this is, in any of their names; none for a tag alone."""
    wanted = _folded(text[:60])
    return [one for one in known() if wanted and wanted in _names()[one.tag]]


def is_a_name(text: str) -> bool:
    """Tell whether this is the name of a language and nothing else, interpreted here or not."""
    if not all(c.isalpha() or c in " -()" for c in text):
        return False
    wanted = _folded(text)
    return wanted in _elsewhere() or any(wanted in names for names in _names().values())


def _rank(wanted: str, names: tuple[str, ...]) -> int | None:
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(f" {wanted}" in name for name in names):
        return 2
    return 3 if len(wanted) > 2 and any(wanted in name for name in names) else None


def _unlikeness(wanted: str, names: tuple[str, ...]) -> int | None:
    likest = max(_likeness(wanted, word) for name in names for word in (name, *name.split()))
    return None if likest < LIKE_ENOUGH else round(110 - likest)


def _likeness(wanted: str, word: str) -> float:
    """Return how alike two names are, of 100, and 10 more where they begin with the same letter.

    Without their endings as well: half the letters of Danish and Spanish are those of any language.
    """
    alike = min(fuzz.ratio(wanted, word), fuzz.ratio(ENDING.sub("", wanted), ENDING.sub("", word)))
    return alike + 10 * (wanted[:1] == word[:1]) if alike >= LIKE_ENOUGH else 0


def _folded(text: str) -> str:
    """Return what counts of a name: letters of any script without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


@cache
def _elsewhere() -> frozenset[str]:
    """Return the names of all languages that are not interpreted here (Unicode CLDR)."""
    tags = {one.tag for one in known()} | {one.iso for one in known()}
    tags |= {group.tag for group in macrolanguages()}
    own = {name for names in _names().values() for name in names}
    named = {
        _folded(name)
        for locale in LOCALES
        for tag, name in Locale.parse(locale).languages.items()
        if tag not in tags
    }
    return frozenset(named - own)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    with (TABLES / "other_names.csv").open(encoding="utf-8", newline="") as file:
        others = [(row["tag"], row["name"]) for row in csv.DictReader(file)]
    groups = {group.tag: group for group in macrolanguages()}
    return {
        one.tag: tuple(
            _folded(name)
            for name in (
                *one.names.values(),
                one.own,
                *(groups[one.macrolanguage].names.values() if one.macrolanguage else ()),
                *(name for tag, name in others if tag == one.tag),
                one.tag,
                one.iso,
            )
        )
        for one in known()
    }
