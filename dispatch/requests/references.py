"""The numbers people quote on the telephone."""

import re

from dispatch.cities import City

ALPHABET, REFERENCE_LETTERS = "CDFGHJKMNPQRTVWXY34679", 6
"""No vowels, so that no word comes out; nothing that looks or sounds on paper like another."""

REFERENCES = len(ALPHABET) ** REFERENCE_LETTERS
"""So many different ones there are for a year: a hundred million."""


def reference(city: City, year: int, number: int) -> str:
    """Return the number people quote on the telephone, such as DO-2026-K7QF3D.

    `number` is drawn from `REFERENCES`; it tells nobody how many requests there are.
    """
    letters = ""
    for _ in range(REFERENCE_LETTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters = ALPHABET[letter] + letters
    return f"{city.reference_prefix}-{year}-{letters}"


def may_be_of_reference(word: str) -> bool:
    """Tell whether a word can be a number people quote, or a piece of one."""
    piece = rf"([A-Z]{{1,3}}-)?\d{{0,4}}-?[{ALPHABET}]{{0,{REFERENCE_LETTERS}}}"
    return re.fullmatch(piece, word.upper()) is not None
