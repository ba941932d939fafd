"""How long an SMS is, and how it is brought into the length it may have."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import smsutil

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Facts = TypeVar("Facts", bound="DataclassInstance")

MOST_GSM_SEGMENTS = 1
MOST_UCS2_SEGMENTS = 2
SHORTENED = (("name", 12), ("place", 12), ("agency", 12), ("language", 10), ("district", 8))
"""Facts that may be shortened, in this order, each to no fewer characters than this."""
AT_WORST = 4
"""Characters left of each when even that is not enough, as in a text with foreign letters."""
RELAY = "relay_with"
TEAM = "team"
OF_A_RELAY = (("language", 14), (RELAY, 6), ("district", 8))
"""The same where it is said of a relay how it goes on; where that is not enough, it is not said."""
BETWEEN = " - "
"""Between the two languages of somebody who interprets in a relay."""
MARK = "."  # an ellipsis is not in GSM-7: one would turn the whole text to UCS-2
BRACKETS = {"(": ")", "[": "]"}
LAST_WORDS = re.compile(r"[(\[]")
LEAST_IN_BRACKETS = 3
TYPOGRAPHY = str.maketrans(
    {
        "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "’": "'",
        "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "·": "-", "•": "-",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u00ad": "",
    }
)  # fmt: skip
LETTERS = str.maketrans("ıİłŁđĐþÞœŒ", "iIlLdDtToO")
"""Letters that no decomposition brings into GSM-7."""
GREEK_WORD = re.compile(r"[^\s/]*[\u0370-\u03ff\u1f00-\u1fff][^\s/]*")
GREEK_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
"""Of the Greek letters GSM-7 has those capitals only that are not drawn like a Latin one."""


def segments(text: str) -> int:
    """Return how many SMS the text takes: 160 (then 153) GSM-7 units each, or 70 (67) of UCS-2."""
    return len(smsutil.split(text).parts)


def is_gsm(text: str) -> bool:
    """Tell whether every character is in the GSM-7 alphabet (3GPP TS 23.038)."""
    return bool(smsutil.is_valid_gsm(text))


def fits(text: str) -> bool:
    """Tell whether the text is one segment of GSM-7 or at most two of UCS-2."""
    return segments(text) <= (MOST_GSM_SEGMENTS if is_gsm(text) else MOST_UCS2_SEGMENTS)


def write_short(write: Callable[[Facts], str], facts: Facts) -> str:
    """Return what `write` makes of the facts, brought into the length an SMS may have.

    Typographic signs become plain ones, Greek words capitals. What is still too long loses the
    marks on letters if that leads into GSM-7, then the ends of the facts in `SHORTENED`, one after
    the other; that it is a team is left out before. Where all that is not enough it stays too
    long: the template or an address in it has to change.
    """
    if getattr(facts, RELAY, ""):
        text = _shortened(write, facts, OF_A_RELAY)
        if fits(text):
            return text
        facts = replace(facts, **{RELAY: ""})
    if getattr(facts, TEAM, 0):
        text = _shortened(write, facts, ())
        if fits(text):
            return text
        facts = replace(facts, **{TEAM: 0})
    at_worst = [(name, AT_WORST) for name, _least in SHORTENED]
    return _shortened(write, facts, [*SHORTENED, *at_worst])


def _shortened(
    write: Callable[[Facts], str], facts: Facts, steps: Iterable[tuple[str, int]]
) -> str:
    def written(facts: Facts) -> str:
        return greek_in_capitals(write(facts).translate(TYPOGRAPHY))

    plain = _each(facts, lambda text: text.translate(TYPOGRAPHY))
    folded = _each(plain, _without_marks)
    if not fits(written(plain)) and is_gsm(written(folded)):
        plain = folded
    text = written(plain)
    for name, least in steps:
        whole = getattr(plain, name, "")
        for length in range(len(whole) - 1, least - 1, -1):
            if fits(text):
                return text
            plain = replace(plain, **{name: _cut(whole, length)})
            text = written(plain)
    return text


def greek_in_capitals(text: str) -> str:
    """Return the text with its Greek words in capitals without accents, as GSM-7 has them.

    In small letters a Greek text takes 70 characters a message instead of 160, and three messages
    instead of one; people in Greece are used to reading them so.
    """
    return GREEK_WORD.sub(
        lambda word: _without_accents(word[0]).upper().translate(GREEK_CAPITALS), text
    )


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(p for p in parts if not unicodedata.combining(p)))


def _each(facts: Facts, change: Callable[[str], str]) -> Facts:
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    changed = {name: change(value) for name, value in values.items() if isinstance(value, str)}
    return replace(facts, **changed)


def _without_marks(text: str) -> str:
    return "".join(
        letter if is_gsm(letter) else _bare(letter) for letter in unicodedata.normalize("NFC", text)
    )


def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.translate(LETTERS))
    return "".join(part for part in decomposed if not unicodedata.combining(part))


def _cut(text: str, length: int) -> str:
    """Return at most `length` characters of the text; of two languages something of each."""
    first, between, second = text.partition(BETWEEN)
    room = length - len(between)
    if not between or room < 2 * AT_WORST:
        return _beginning(text, length)
    left = min(len(first), max(room - len(second), room // 2))
    sides = (first, left), (second, room - left)
    return between.join(
        side if len(side) <= most else _beginning(side, most) for side, most in sides
    )


def _beginning(text: str, length: int) -> str:
    """Return at most `length` characters of the text: its beginning, and that more belongs.

    A bracket it opens is closed, "Kurdisch (Kurm.)", or left out where little is left in it.
    """
    for room in range(1, length):
        kept = text[: length - room].rstrip(" ,.-(/[")
        mark = MARK + _closing(kept)
        is_told = mark == MARK or len(LAST_WORDS.split(kept)[-1]) >= LEAST_IN_BRACKETS
        if is_told and len(mark) <= room:
            return kept + mark
    return MARK


def _closing(text: str) -> str:
    """Return the brackets that close what a text has opened."""
    open_ones: list[str] = []
    for sign in text:
        if sign in BRACKETS:
            open_ones.append(BRACKETS[sign])
        elif open_ones and sign == open_ones[-1]:
            open_ones.pop()
    return "".join(reversed(open_ones))
