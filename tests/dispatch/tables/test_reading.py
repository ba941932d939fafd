"""Files become rows, or are refused with what would be right."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from dispatch import tables
from dispatch.errors import Refusal, Several
from dispatch.tables import workbook

REQUIRED, OPTIONAL = ("name", "day"), ("start", "count")


def read(content: bytes) -> list[dict[str, str]]:
    return [row.cells for row in tables.rows_of(content, REQUIRED, OPTIONAL)]


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(content)
    return refused.value


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def repacked(content: bytes, sheet: bytes) -> bytes:
    """The same workbook with another first sheet."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, sheet if is_sheet else old.read(part))
    return packed.getvalue()


def sheet_of(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        b'<worksheet xmlns="%s"><dimension ref="A1:XFD1048576"/><sheetData>%s</sheetData>'
        b"</worksheet>" % (space, rows)
    )


def test_a_workbook_reads_like_csv_with_days_times_and_numbers_as_text() -> None:
    content = xlsx(
        ["name", "day", "start", "count"],
        ["Anna", date(2027, 3, 2), time(9, 30), 2],
        [None, None, None, None],
        ["Bert", datetime(2027, 3, 3), None, 1.0],
        ["Cem", "2027-03-04"],
    )
    assert read(content) == [
        {"name": "Anna", "day": "2027-03-02", "start": "09:30", "count": "2"},
        {"name": "Bert", "day": "2027-03-03", "start": "", "count": "1"},
        {"name": "Cem", "day": "2027-03-04", "start": "", "count": ""},
    ]


def test_rows_of_a_workbook_have_the_numbers_the_spreadsheet_shows() -> None:
    content = xlsx(["name", "day"], ["Anna", "x"], [], ["Bert", "y"])
    assert [row.number for row in tables.rows_of(content, REQUIRED)] == [2, 4]


def test_a_workbook_with_more_cells_than_columns_is_named_by_its_row() -> None:
    with pytest.raises(Several) as refused:
        read(xlsx(["name", "day"], ["Anna", "x", "y"]))
    assert str(refused.value.refusals[0]).startswith("Row 2, -: the row has 3 cells")


def test_a_formula_is_refused_in_a_workbook_and_in_csv() -> None:
    for content in (xlsx(["name", "day"], ["=1+1", "x"]), b"name,day\n=1+1,x\n"):
        [row] = tables.rows_of(content, REQUIRED)
        with pytest.raises(Refusal) as refused:
            row.text("name")
        assert refused.value.code == "cell-is-a-formula"
        assert "“=1+1” looks like a formula of a spreadsheet" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.Row(2, {"note": text}).optional("note")
    assert refused.value.code == "cell-is-a-formula"


@pytest.mark.parametrize("text", ["+49 231 50-0", "-3.5", "- forms", "a=b", "Kim @ desk 3"])
def test_what_only_looks_a_little_like_it_is_fine(text: str) -> None:
    assert tables.Row(2, {"note": text}).optional("note") == text


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(xlsx(["name", "day"]), b" " * (workbook.MOST_BYTES_UNPACKED + 1))
    assert len(bomb) < workbook.MOST_BYTES
    assert refusal_of(bomb).code == "file-too-large"


def test_a_large_workbook_is_refused_by_its_size() -> None:
    assert refusal_of(b"PK\x03\x04" + b"x" * 1_000_000).code == "file-too-large"


def test_a_row_at_the_end_of_the_sheet_is_too_many_rows() -> None:
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert refusal_of(repacked(xlsx(["name"]), sheet_of(far))).code == "file-too-large"


def test_a_column_at_the_end_of_the_sheet_is_no_column_of_ours() -> None:
    wide = b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    assert refusal_of(repacked(xlsx(["name"]), sheet_of(wide))).code == "wrong-columns"


def test_entities_that_grow_are_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">]>' + sheet_of(b"<row><c><v>&a;</v></c></row>")
    assert refusal_of(repacked(xlsx(["name"]), laughs)).code == "not-xlsx"


def test_a_packed_file_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.txt", "hello")
    refusal = refusal_of(packed.getvalue())
    assert (refusal.code, refusal.field) == ("not-xlsx", "file")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Missing: name, day."),
        (b"name\nAnna\n", "Missing: day."),
        (b"name,day,colour,\n", "Unknown: colour, “”."),
        (b"name,day,day\n", "Twice: day."),
        (xlsx(), "Missing: name, day."),
        ("name,day\nJörg,x".encode("utf-16"), "not in UTF-8 (first at byte 0)"),
        ("name,day\nJörg,x".encode("latin-1"), "save it as “CSV UTF-8”"),
        (b'name,day\n"Anna,x\n', "The file is not CSV"),
        (b"x" * 10_000_001, "more than 10 megabytes; split it"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_would_be_right(content: bytes, sentence: str) -> None:
    refusal = refusal_of(content)
    assert sentence in str(refusal)
    assert refusal.field == "file"
