"""From a file's bytes to rows under the right heading."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.tables import limits, text_file, workbook
from dispatch.tables.heading import Columns
from dispatch.tables.rows import Row, each


def read(path: Path, columns: Columns) -> list[Row]:
    """Return the rows of an XLSX or CSV file; raises what `content_of` and `rows_of` raise."""
    return rows_of(content_of(path), columns)


def content_of(path: Path) -> bytes:
    """Return what is in a file, of a large one no more than shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(limits.MOST_BYTES + 1)
    except OSError as missing:
        raise Refusal(
            "file-not-readable",
            _l("The file %(name)s cannot be read; check its name.", name=str(path)),
            field="file",
        ) from missing


def rows_of(content: bytes, columns: Columns) -> list[Row]:
    """Return the rows of a file's content.

    Raises `Refusal` for a file that is too large or neither XLSX nor CSV, a missing or an unknown
    column, no rows at all, and `Several` for rows with more cells than the heading.
    """
    is_packed = workbook.is_workbook(content)
    table = workbook.cells_of(content) if is_packed else text_file.cells_of(content)
    # an empty line above the heading is one that spreadsheets show, and count
    above = next((place for place, cells in enumerate(table) if _trimmed(cells)), 0)
    headings = _trimmed(table[above]) if table else []
    names = columns.named_by(headings)
    called = dict(zip(names, headings, strict=True))
    rows = [
        Row(
            number,
            columns.in_our_words(dict(zip(names, cells, strict=False))),
            called,
            beyond=len(cells) - len(names),
        )
        for number, cells in enumerate(map(_trimmed, table[above + 1 :]), above + 2)
        if cells
    ]
    if not rows:
        raise Refusal(
            "no-rows", _l("The file names columns but has no rows; add one."), field="file"
        )
    each(rows, lambda row: _require_room(row, len(names)))
    return rows


def _trimmed(cells: list[str]) -> list[str]:
    # Spreadsheets write empty cells to the right of a table (";;"), and sometimes leave them out.
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _require_room(row: Row, columns: int) -> None:
    if row.beyond > 0:
        raise Refusal(
            "wrong-number-of-cells",
            _l(
                "the row has %(cells)d cells and the heading %(columns)d; "
                "put texts with a comma into quotation marks",
                cells=columns + row.beyond,
                columns=columns,
            ),
            field=None,
        )
