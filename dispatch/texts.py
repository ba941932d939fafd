"""What people write, as it is kept: one Unicode form, on one line, nothing unseen but joiners."""

import re
import unicodedata

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

LONGEST_NAME = 120
LEADS_ELSEWHERE = re.compile(
    r"://|\bwww\.|\S@\S|\b[\w-]+\.(?:at|ch|com|de|eu|gr|info|io|net|org)\b", re.IGNORECASE
)
"""What mail programs and telephones make a link of."""

JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: without them Persian and Indic names are spelt wrongly."""

LAST_OF_PLANE, ARABIC_FORMS = 0xFFFE, range(0xFDD0, 0xFDF0)
"""Where Unicode has code points that are no characters and never will be."""

LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"
SPACES, UNSEEN, UNWRITABLE = ("Zs",), ("Cf",), ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode that become a space, are left out, and are refused."""


def line(text: str, *, most: int, field: str | None = None) -> str:
    """Return the text as one line in composed form (NFC), without spaces around it.

    Marks that steer the direction of writing and all else that nobody sees are left out. Raises
    `Refusal` for more than `most` characters, for line breaks and for control characters.
    """
    # Measured first: composing a long run of combining marks takes time that grows as its square.
    if len(text) > most:
        raise Refusal(
            "text-too-long",
            _l(
                "The text has %(length)d characters and may have %(most)d; shorten it.",
                length=len(text),
                most=most,
            ),
            field=field,
        )
    kept = "".join(_kept(character, field) for character in text.strip())
    return unicodedata.normalize("NFC", kept).strip(" " + JOINERS)


def name(text: str, *, field: str = "name") -> str:
    """Return a name of somebody or something as one line; raises what `line` raises, or empty."""
    found = line(text, most=LONGEST_NAME, field=field)
    if not found:
        raise Refusal("name-missing", _l("The name is missing; write it."), field=field)
    return found


def require_tellable(text: str, *, most: int, field: str) -> None:
    """Refuse what must not go into a message in somebody's own words.

    It would come with the city's name on it: so it is one short line, all of it seen, and leads to
    no page and no mailbox. Raises `Refusal`.
    """
    line(text, most=most, field=field)
    for character in text:
        if unicodedata.category(character) in UNSEEN and character not in JOINERS:
            raise _unwritable(character, field)
    if LEADS_ELSEWHERE.search(text):
        raise Refusal(
            "text-leads-elsewhere",
            _l(
                "Others read this in their messages, so it must not hold the address of a page or "
                "a mailbox; say it in a few words."
            ),
            field=field,
        )


def is_no_character(character: str) -> bool:
    """Tell whether it is a code point that is no character: XML, and so no spreadsheet, has it."""
    code = ord(character)
    return code & LAST_OF_PLANE == LAST_OF_PLANE or code in ARABIC_FORMS


def _kept(character: str, field: str | None) -> str:
    category = unicodedata.category(character)
    if category in UNWRITABLE or is_no_character(character):
        raise _unwritable(character, field)
    if category in SPACES:
        return " "
    return "" if category in UNSEEN and character not in JOINERS else character


def _unwritable(character: str, field: str | None) -> Refusal:
    return Refusal(
        "text-not-one-line",
        _l("The text holds a line break; write it on one line.")
        if character in LINE_BREAKS
        else _l(
            "The text holds a character that cannot be seen (U+%(code)s); leave it out.",
            code=f"{ord(character):04X}",
        ),
        field=field,
    )
