"""Writing a table as XLSX: every cell is text, so that no name becomes a formula."""

import io
from collections.abc import Iterable, Sequence

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook with one sheet: the columns' names, and the rows under them."""
    import openpyxl  # loaded for who wants such a file, not with every start
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (columns, *rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # what begins with = or + is what somebody wrote, no formula
            cells.append(cell)
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
