"""The first sheet of an XLSX file as text, without trusting the sizes it claims."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time

import openpyxl
from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.tables import limits
from dispatch.tables.heading import MOST_COLUMNS

MOST_BYTES_UNPACKED = 20_000_000
ZIP_SIGNATURE = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    """Tell whether the content is a packed file, as XLSX is, rather than text."""
    return content.startswith(ZIP_SIGNATURE)


def cells_of(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet, without empty cells at their ends.

    Days become YYYY-MM-DD, times HH:MM; a formula stays the text it is. Raises `Refusal` for a
    file that is too large, packed or unpacked, and for one that is not XLSX.
    """
    limits.require_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES_UNPACKED:
                raise limits.too_large()
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
