"""Which column is which: our names, and what people call them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

MOST_COLUMNS = 100
LONGEST_NAMED = 200


@dataclass(frozen=True)
class Columns:
    """The columns of an import; `synonyms` are other headings for them, such as German ones.

    `words` are other words for what cells of a column say, by our word. A heading or word is the
    same in capitals, with spaces, and with any signs between its words.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def known(self) -> tuple[str, ...]:
        """All of our names."""
        return self.required + self.optional

    def named_by(self, headings: Sequence[str]) -> list[str]:
        """Return our name of each heading; raises `Refusal` for what is missing or unknown."""
        if len(headings) > MOST_COLUMNS:
            raise Refusal(
                "too-many-columns",
                _l(
                    "The heading has %(number)d columns; %(most)d are the most.",
                    number=len(headings),
                    most=MOST_COLUMNS,
                ),
                field="file",
            )
        ours = self._by_heading()
        names = [ours.get(_plain(heading), heading.strip()) for heading in headings]
        self._require(names)
        return names

    def in_our_words(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return a row's cells by column, with our words for those that are known by others."""
        return {
            name: self._our_words[name].get(_plain(cell), cell) if name in self.words else cell
            for name, cell in cells.items()
        }

    @cached_property
    def _our_words(self) -> dict[str, dict[str, str]]:
        return {
            name: {_plain(other): ours for ours, others in words.items() for other in others}
            for name, words in self.words.items()
        }

    def _by_heading(self) -> dict[str, str]:
        return {
            _plain(heading): name
            for name in self.known
            for heading in (name, *self.synonyms.get(name, ()))
        }

    def _require(self, names: list[str]) -> None:
        missing = [name for name in self.required if name not in names]
        unknown = [name or "“”" for name in names if name not in self.known]
        twice = [name for name, times in Counter(names).items() if name and times > 1]
        wrong = [
            text
            for text, found in (
                (
                    _l("Missing: %(columns)s.", columns=", ".join(map(self._called, missing))),
                    missing,
                ),
                (_l("Unknown: %(columns)s.", columns=_named(unknown)), unknown),
                (_l("Twice: %(columns)s.", columns=_named(twice)), twice),
            )
            if found
        ]
        if wrong:
            raise Refusal(
                "wrong-columns",
                _l(
                    "%(wrong)s The heading must name each of these columns once: "
                    "%(required)s%(more)s.",
                    wrong=reduce(_both, wrong),
                    required=", ".join(map(self._called, self.required)),
                    more=self._more(),
                ),
                field="file",
            )

    def _more(self) -> Any:
        optional = ", ".join(map(self._called, self.optional))
        return _l("; it may name: %(optional)s", optional=optional) if optional else ""

    def _called(self, name: str) -> str:
        others = self.synonyms.get(name)
        return f"{name} ({others[0]})" if others else name


def _named(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= LONGEST_NAMED else f"{text[:LONGEST_NAMED]}…"


def _both(one: Any, other: Any) -> Any:
    return _l("%(one)s %(other)s", one=one, other=other)


def _plain(heading: str) -> str:
    composed = unicodedata.normalize("NFC", heading[:200]).casefold()
    return re.sub(r"[\W_]+", " ", composed).strip()
