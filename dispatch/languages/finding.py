"""Finding a language by what somebody types: any of its names, who speaks it, a typing error."""

import csv
import unicodedata
from functools import cache

from rapidfuzz import fuzz, process

from dispatch.languages.rules import TABLES, Language, known, macrolanguages

MOST_RESULTS = 8
LIKE_ENOUGH = 76
"""How alike (of 100) a name has to be to what was typed; below, anything is like anything."""


def languages_like(text: str, locale: str, most: int = MOST_RESULTS) -> list[Language]:
    """Return the languages somebody may mean, the likeliest first; none if nothing is like it.

    A name may be the one in German, English or Greek, the language's own, that of its group
    (which brings all its varieties), another name for it, or its tag. The very name comes first,
    then names that begin with what was typed, those with a word that does, those that hold
    it; only where none does are names looked at that are like it. Offered languages come before
    the others.
    """
    wanted = _folded(text[:60])
    if not wanted:
        return []
    names = _names()
    ranks = {tag: _rank(wanted, names[tag]) for tag in names}
    if not any(rank is not None for rank in ranks.values()):
        ranks = {tag: _unlikeness(wanted, names[tag]) for tag in names}
    found = [(rank, one) for one in known() if (rank := ranks[one.tag]) is not None]
    found.sort(key=lambda pair: (pair[0], not pair[1].offered, pair[1].name(locale)))
    return [one for _, one in found[:most]]


def named(text: str) -> list[Language]:
    """Return the languages whose very name this is, in any of their names; none for a tag alone."""
    wanted = _folded(text[:60])
    return [one for one in known() if wanted and wanted in _names()[one.tag]]


def _rank(wanted: str, names: tuple[str, ...]) -> int | None:
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(f" {wanted}" in name for name in names):
        return 2
    return 3 if len(wanted) > 2 and any(wanted in name for name in names) else None


def _unlikeness(wanted: str, names: tuple[str, ...]) -> int | None:
    words = [word for name in names for word in (name, *name.split())]
    likest = process.extractOne(wanted, words, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return None if likest is None else round(100 - likest[1])


def _folded(text: str) -> str:
    """Return what counts of a name: letters of any script without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


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
