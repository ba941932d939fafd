"""What kind of place somebody means: the everyday words for it, in `kinds.csv` beside this file."""

import csv
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from dispatch.sites.rules import SiteKind, search_words

WORDS = Path(__file__).parent / "kinds.csv"
SHORTEST_BEGINNING = 4
"""Letters of a word's beginning that mean it; `kin` is the beginning of anything."""
LIKE_ENOUGH = 85
"""How alike (of 100) a word has to be to one that was mistyped."""


def kinds_meant(word: str) -> list[SiteKind]:
    """Return the kinds of places that a word of `search_words` names, whole or its beginning."""
    return [kind for kind, known in _words().items() if _is_named(word, known)]


def kinds_like(word: str) -> list[SiteKind]:
    """Return the kinds of places that a mistyped word may name."""
    return [
        kind
        for kind, known in _words().items()
        if any(fuzz.ratio(word, one) >= LIKE_ENOUGH for one in known)
    ]


def _is_named(word: str, known: frozenset[str]) -> bool:
    begins = len(word) >= SHORTEST_BEGINNING and any(one.startswith(word) for one in known)
    return begins or word in known


@cache
def _words() -> dict[SiteKind, frozenset[str]]:
    """Return for each kind every word that stands in one of its names."""
    named: dict[SiteKind, set[str]] = {kind: set() for kind in SiteKind}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named[SiteKind(row["kind"])].update(search_words(row["word"]))
    return {kind: frozenset(words) for kind, words in named.items()}
