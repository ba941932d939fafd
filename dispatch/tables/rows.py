"""Rows known by their number, cells read with a remedy."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from dispatch import texts
from dispatch.errors import Refusal, Several

LONGEST_CELL = 1000
MOST_NAMED = 100
"""So many wrong cells are named; of the others only the number is told."""

FORMULA = re.compile(r"[=＝]|[+-][A-Za-z][\w.]*\(|[+-][^\s|]*\||[+-][^|]*[^\s|]\|.*!\w|@\w+\(")
"""How a text begins that a spreadsheet would run; +49 231, -3.5 and -bitte klingeln do not.

A bar calls another program: -2+cmd|x, or with spaces -2 + cmd|'x'!A0; -bitte klingeln | 2. OG not.
"""
SHOWS_AN_ERROR = re.compile(r"#(NAME\?|REF!|BEZUG!|VALUE!|WERT!|DIV/0!|N/A|NV|NUM!|ZAHL!|NULL!)$")
MIDNIGHT = r"(?: 0?0:00(?::00)?)?"
"""What spreadsheets write behind a day that stands in a column of times."""
DAYS = (
    re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d){MIDNIGHT}", re.ASCII),
    re.compile(
        rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?(?P<year>\d{{4}}|\d\d){MIDNIGHT}", re.ASCII
    ),
)
CENTURY = 2000
DECIMAL = re.compile(r"[+-]?\d{1,9}([.,]\d{1,12})?", re.ASCII)
WHOLE = re.compile(r"(\d{1,9})(?:[.,]0{1,2})?", re.ASCII)
"""60, 60,0 and 60.00; not 1.000, which is one thousand to some and one to others."""
TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d)(?::00)?(?: ?Uhr)?| ?Uhr)", re.ASCII | re.IGNORECASE)
YES = ("yes", "1", "true", "ja", "wahr")
NO = ("no", "0", "false", "nein", "falsch")
Result = TypeVar("Result")
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One row; `number` is what a spreadsheet shows beside it (the heading is row 1).

    `called` gives the heading of a column in this file, `beyond` how many cells stand to the right
    of the last heading.
    """

    number: int
    cells: Mapping[str, str]
    called: Mapping[str, str] = field(default_factory=dict)
    beyond: int = 0

    def optional(self, field: str) -> str:
        """Return the cell's text as it is kept (`texts.line`); empty if there is none."""
        text = texts.line(self.cells.get(field, ""), most=LONGEST_CELL, field=field)
        if FORMULA.match(text) or SHOWS_AN_ERROR.match(text):
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
        """Return a number with a decimal point or comma within [low, high]."""
        text = self.text(field)
        readable = DECIMAL.fullmatch(text)
        number = float(text.replace(",", ".")) if readable else float("nan")
        if not low <= number <= high:
            raise Refusal(
                "cell-not-a-number",
                _l(
                    "“%(text)s” is not a number from %(low)s to %(high)s; "
                    "write it with a decimal point",
                    text=text[:40],
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
        whole = WHOLE.fullmatch(text)
        if whole is None or not low <= int(whole[1]) <= high:
            raise Refusal(
                "cell-not-a-whole-number",
                _l(
                    "“%(text)s” is not a whole number from %(low)d to %(high)d",
                    text=text[:40],
                    low=low,
                    high=high,
                ),
                field=field,
            )
        return int(whole[1])

    def flag(self, field: str, default: bool) -> bool:
        """Return yes or no; an empty cell means the default."""
        text = self.optional(field).lower()
        if text and text not in YES + NO:
            raise Refusal(
                "cell-not-yes-or-no",
                _l("“%(text)s” is neither yes nor no; write one of them", text=text[:40]),
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
                    text=text[:40],
                    choices=", ".join(possible),
                ),
                field=field,
            )
        return text


def day_from(text: str, field: str) -> date:
    """Return the day written as YYYY-MM-DD, or as German spreadsheets write it.

    That is 15.12.2026 or 15.12.26; a year of two digits is one of this century.
    """
    found = next((match for form in DAYS if (match := form.fullmatch(text))), None)
    try:
        if found is None:
            raise ValueError(text)
        year = int(found["year"])
        century = CENTURY if len(found["year"]) == 2 else 0
        return date(century + year, int(found["month"]), int(found["day"]))
    except ValueError as wrong:
        raise Refusal(
            "not-a-day",
            _l("“%(text)s” is not a day; write it like 2027-03-28 or 28.03.2027", text=text[:40]),
            field=field,
        ) from wrong


def time_from(text: str, field: str) -> time:
    """Return the wall time written as HH:MM, HH:MM:00 as spreadsheets do, 9.30 Uhr or 9 Uhr."""
    found = TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return time(int(found[1]), int(found[2] or 0))
    except ValueError as wrong:
        raise Refusal(
            "not-a-time",
            _l("“%(text)s” is not a time; write it like 09:30", text=text[:40]),
            field=field,
        ) from wrong


class Reading:
    """Reads cells that belong together, so that all that are wrong are named at once."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def cell(self, read: Callable[[], Result], instead: Result) -> Result:
        """Return what is read; where that is refused, note it and go on with `instead`."""
        try:
            return read()
        except Refusal as refusal:
            self.refusals += refusal.refusals if isinstance(refusal, Several) else [refusal]
            return instead

    def require_all(self) -> None:
        """Raise `Several` with everything that was refused."""
        if self.refusals:
            raise Several(self.refusals)


Watch = Callable[[Sequence[Row]], Iterable[Row]]
"""Goes through rows and may tell somebody how far it is."""


def at_most_a_hundred(items: Sequence[T], say: Callable[[T], str] = str) -> list[str]:
    """Return what is said of the first hundred, and one sentence that tells how many more."""
    more = len(items) - MOST_NAMED
    told = [str(_l("%(number)d more like these.", number=more))] if more > 0 else []
    return [*map(say, items[:MOST_NAMED]), *told]


def each(rows: Iterable[Row], read: Callable[[Row], Result]) -> list[Result]:
    """Read every row; raise `Several` that names what is refused by row, column and remedy.

    At most a hundred are named; a last sentence tells how many more there are.
    """
    results: list[Result] = []
    refusals: list[Refusal] = []
    more = 0
    for row in rows:
        try:
            results.append(read(row))
        except Refusal as refusal:
            singles = refusal.refusals if isinstance(refusal, Several) else [refusal]
            room = MOST_NAMED - len(refusals)
            refusals += [_in_row(row, single) for single in singles[:room]]
            more += len(singles[room:])
    if more:
        refusals.append(
            Refusal("and-more", _l("%(number)d more are wrong; mend these first.", number=more))
        )
    if refusals:
        raise Several(refusals)
    return results


def _in_row(row: Row, refusal: Refusal) -> Refusal:
    text = _l(
        "Row %(number)d, %(field)s: %(text)s.",
        number=row.number,
        field=row.called.get(refusal.field or "", refusal.field or "-"),
        text=str(refusal.text).rstrip("."),
    )
    return Refusal(refusal.code, text, field=refusal.field)
