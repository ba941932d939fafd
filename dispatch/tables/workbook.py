"""The first sheet of an XLSX file as text, without trusting the sizes it claims."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.tables import limits
from dispatch.tables.heading import MOST_COLUMNS

MOST_BYTES_UNPACKED = 20_000_000
SMALL_BYTES = 1_000_000
MOST_GROWTH = 100
"""So many times its packed size is a large part at most; tables grow ten to forty times."""

MOST_TAGS = 600_000
"""Four make a cell; reading as many takes seconds, and two hundred megabytes, at most."""

ZIP_SIGNATURE = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    """Tell whether the content is a packed file, as XLSX is, rather than text."""
    return content.startswith(ZIP_SIGNATURE)


def cells_of(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet, without empty cells at their ends.

    Days become YYYY-MM-DD, times HH:MM; a formula stays the text it is. Raises `Refusal` for a
    file that is too large, packed or unpacked, and for one that is not XLSX.
    """
    import openpyxl  # loaded for who sends such a file, not with every start

    limits.require_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_harmless(archive)
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        rows = sheet.iter_rows(
            max_row=limits.MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True
        )
        table = [_trimmed(row) for row in rows]
    except Refusal:
        raise
    except Exception as broken:  # openpyxl raises whatever a broken part made it stumble over
        raise Refusal(
            "not-xlsx",
            _l("The file is packed but not XLSX; save it as “Excel workbook” or “CSV UTF-8”."),
            field="file",
        ) from broken
    limits.require_rows(len(table) - 1)
    return table


def _require_harmless(archive: zipfile.ZipFile) -> None:
    """Refuse what grows without measure when unpacked, or would keep the reader of XML busy."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_BYTES_UNPACKED or any(
        part.file_size > SMALL_BYTES and part.file_size > MOST_GROWTH * part.compress_size
        for part in parts
    ):
        raise limits.too_large()
    tags = 0
    for part in parts:
        with archive.open(part) as unpacked:
            while piece := unpacked.read(SMALL_BYTES):
                tags += piece.count(b"<")
    if tags > MOST_TAGS:
        raise limits.too_large()


def _trimmed(values: Sequence[object]) -> list[str]:
    cells = [_text(value) for value in values]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
