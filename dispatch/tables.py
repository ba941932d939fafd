"""Tables that people send as CSV: rows known by their number, cells read with a remedy."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal, Several

MOST_BYTES = 10_000_000
LONGEST_CELL = 1000
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

    def whole_number_between(self, field: str, low: int, high: int, default: int) -> int:
        """Return a whole number within [low, high]; an empty cell means the default."""
        text = self.optional(field)
        if not text:
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


def read_csv(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> list[Row]:
    """Return the rows of a CSV file in UTF-8, separated by commas or semicolons.

    Raises `Refusal` for a file that cannot be read, the wrong encoding, a missing or an unknown
    column, and a row whose cells do not fit the heading.
    """
    try:
        content = path.read_bytes()
    except OSError as missing:
        raise Refusal(
            "file-not-readable",
            _l("The file %(name)s cannot be read; check its name.", name=str(path)),
            field="file",
        ) from missing
    return rows_of(content, required, optional)


def rows_of(content: bytes, required: Iterable[str], optional: Iterable[str] = ()) -> list[Row]:
    """Return the rows of a CSV file's content; raises what `read_csv` raises."""
    if len(content) > MOST_BYTES:
        raise Refusal(
            "file-too-large",
            _l("The file has more than 10 megabytes; split it."),
            field="file",
        )
    text = _decoded(content)
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        raise Refusal(
            "not-csv",
            _l("The file is not CSV (%(why)s); save it as “CSV UTF-8”.", why=str(broken)),
            field="file",
        ) from broken
    columns = [name.strip() for name in table[0]] if table else []
    _require_columns(columns, list(required), list(optional))
    numbered = [(number, cells) for number, cells in enumerate(table[1:], 2) if any(cells)]
    return each(numbered, lambda row: _row(row[0], row[1], columns), lambda row: row[0])


def each(
    items: Iterable[T], read: Callable[[T], "Result"], number_of: Callable[[T], int]
) -> list["Result"]:
    """Read every item; raise `Several` that names every refused one by row, field and remedy."""
    results, refusals = [], []
    for item in items:
        try:
            results.append(read(item))
        except Refusal as refusal:
            refusals.append(_in_row(number_of(item), refusal))
    if refusals:
        raise Several(refusals)
    return results


Result = TypeVar("Result")


def _in_row(number: int, refusal: Refusal) -> Refusal:
    text = _l(
        "Row %(number)d, %(field)s: %(text)s.",
        number=number,
        field=refusal.field or "-",
        text=str(refusal.text).rstrip("."),
    )
    return Refusal(refusal.code, text, field=refusal.field)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refusal(
            "wrong-encoding",
            _l(
                "The file is not in UTF-8 (first at byte %(position)d); save it as “CSV UTF-8”.",
                position=wrong.start,
            ),
            field="file",
        ) from wrong


def _require_columns(columns: list[str], required: list[str], optional: list[str]) -> None:
    missing = [name for name in required if name not in columns]
    unknown = [name for name in columns if name not in required + optional]
    if missing or unknown or len(set(columns)) != len(columns):
        raise Refusal(
            "wrong-columns",
            _l(
                "The heading must name each of these columns once: %(required)s; "
                "it may name: %(optional)s. Missing: %(missing)s. Unknown: %(unknown)s.",
                required=", ".join(required),
                optional=", ".join(optional) or "-",
                missing=", ".join(missing) or "-",
                unknown=", ".join(unknown)[:200] or "-",
            ),
            field="file",
        )


def _row(number: int, cells: list[str], columns: list[str]) -> Row:
    if len(cells) != len(columns):
        raise Refusal(
            "wrong-number-of-cells",
            _l(
                "the row has %(cells)d cells and the heading %(columns)d; "
                "put texts with a comma into quotation marks",
                cells=len(cells),
                columns=len(columns),
            ),
            field=None,
        )
    return Row(number, dict(zip(columns, cells, strict=True)))
