"""Rows known by their number, cells read with a remedy."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal, Several

LONGEST_CELL = 1000
FORMULA = re.compile(r"[=@]|[+-](?:[A-Za-z]|.*\|)")
"""How a text begins that a spreadsheet would run; +49 231 and -3.5 do not."""
YES, NO = ("yes", "1", "true", "ja"), ("no", "0", "false", "nein")
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One row; `number` is what a spreadsheet shows beside it (the heading is row 1)."""

    number: int
    cells: dict[str, str]

    def optional(self, field: str) -> str:
        """Return the cell's text without spaces around it; empty if there is none."""
        text = self.cells.get(field, "").strip()
        if len(text) > LONGEST_CELL or not text.isprintable():
            raise Refusal(
                "cell-unreadable",
                _l(
                    "the text is longer than %(most)d characters or holds control characters; "
                    "shorten it and remove line breaks",
                    most=LONGEST_CELL,
                ),
                field=field,
            )
        if FORMULA.match(text):
            raise Refusal(
                "cell-is-a-formula",
                _l(
                    "“%(text)s” looks like a formula of a spreadsheet; write the value itself",
                    text=text[:40],
                ),
                field=field,
            )
        return text

    def text(self, field: str) -> str:
        """Return the cell's text; refuse an empty cell."""
        text = self.optional(field)
        if not text:
            raise Refusal("cell-empty", _l("the cell is empty; fill it in"), field=field)
        return text

    def number_between(self, field: str, low: float, high: float) -> float:
        """Return a number with a decimal point within [low, high]."""
        text = self.text(field)
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise Refusal(
                "cell-not-a-number",
                _l(
                    "“%(text)s” is not a number from %(low)s to %(high)s; "
                    "write it with a decimal point",
                    text=text,
                    low=f"{low:g}",
                    high=f"{high:g}",
                ),
                field=field,
            )
        return number

    def whole_number_between(
        self, field: str, low: int, high: int, default: int | None = None
    ) -> int:
        """Return a whole number within [low, high]; an empty cell means the default, if any."""
        text = self.text(field) if default is None else self.optional(field)
        if not text and default is not None:
            return default
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise Refusal(
                "cell-not-a-whole-number",
                _l(
                    "“%(text)s” is not a whole number from %(low)d to %(high)d",
                    text=text,
                    low=low,
                    high=high,
                ),
                field=field,
            )
        return int(text)

    def flag(self, field: str, default: bool) -> bool:
        """Return yes or no; an empty cell means the default."""
        text = self.optional(field).lower()
        if text and text not in YES + NO:
            raise Refusal(
                "cell-not-yes-or-no",
                _l("“%(text)s” is neither yes nor no; write one of them", text=text),
                field=field,
            )
        return text in YES if text else default

    def choice(self, field: str, choices: Iterable[str]) -> str:
        """Return one of the choices."""
        text, possible = self.text(field), list(choices)
        if text not in possible:
            raise Refusal(
                "cell-not-a-choice",
                _l(
                    "“%(text)s” is not known here; write one of: %(choices)s",
                    text=text,
                    choices=", ".join(possible),
                ),
                field=field,
            )
        return text


def day_from(text: str, field: str) -> date:
    """Return the day written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Refusal(
            "not-a-day",
            _l("“%(text)s” is not a day; write it like 2027-03-28", text=text),
            field=field,
        ) from wrong


def time_from(text: str, field: str) -> time:
    """Return the wall time written as HH:MM."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - only the time is kept
    except ValueError as wrong:
        raise Refusal(
            "not-a-time",
            _l("“%(text)s” is not a time; write it like 09:30", text=text),
            field=field,
        ) from wrong


Result = TypeVar("Result")


def each(
    items: Iterable[T], read: Callable[[T], Result], number_of: Callable[[T], int]
) -> list[Result]:
    """Read every item; raise `Several` that names everything refused by row, field and remedy."""
    results: list[Result] = []
    refusals: list[Refusal] = []
    for item in items:
        try:
            results.append(read(item))
        except Several as several:
            refusals += [_in_row(number_of(item), single) for single in several.refusals]
        except Refusal as refusal:
            refusals.append(_in_row(number_of(item), refusal))
    if refusals:
        raise Several(refusals)
    return results


def _in_row(number: int, refusal: Refusal) -> Refusal:
    text = _l(
        "Row %(number)d, %(field)s: %(text)s.",
        number=number,
        field=refusal.field or "-",
        text=str(refusal.text).rstrip("."),
    )
    return Refusal(refusal.code, text, field=refusal.field)
