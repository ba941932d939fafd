"""From a file's bytes to rows under the right heading."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.tables import workbook
from dispatch.tables.rows import Row, each

MOST_BYTES = 10_000_000


def read(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> list[Row]:
    """Return the rows of an XLSX file, or of a CSV file (UTF-8, commas or semicolons).

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
    """Return the rows of a file's content; raises what `read` raises."""
    table = workbook.cells_of(content) if workbook.is_workbook(content) else _csv_cells(content)
    columns = [name.strip() for name in table[0]] if table else []
    _require_columns(columns, list(required), list(optional))
    numbered = [(number, cells) for number, cells in enumerate(table[1:], 2) if any(cells)]
    return each(numbered, lambda row: _row(row[0], row[1], columns), lambda row: row[0])


def _csv_cells(content: bytes) -> list[list[str]]:
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
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        raise Refusal(
            "not-csv",
            _l("The file is not CSV (%(why)s); save it as “CSV UTF-8”.", why=str(broken)),
            field="file",
        ) from broken


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
    unknown = [name or "“”" for name in columns if name not in required + optional]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing or unknown or twice:
        raise Refusal(
            "wrong-columns",
            _l(
                "The heading must name each of these columns once: %(required)s; it may name: "
                "%(optional)s. Missing: %(missing)s. Unknown: %(unknown)s. Twice: %(twice)s.",
                required=", ".join(required),
                optional=", ".join(optional) or "-",
                missing=", ".join(missing) or "-",
                unknown=", ".join(unknown)[:200] or "-",
                twice=", ".join(twice)[:200] or "-",
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
