"""Files become rows, or are refused with what would be right."""

import io
import zipfile
from datetime import date, datetime, time
from time import process_time

import openpyxl
import pytest

from dispatch import tables
from dispatch.errors import Refusal, Several
from dispatch.tables import limits, workbook

COLUMNS = tables.Columns(
    ("name", "day"), ("start", "count"), {"name": ("Name, Vorname",), "day": ("Tag", "Datum")}
)
NAME_AND_DAY = tables.Columns(("name", "day"))


def read(content: bytes) -> list[dict[str, str]]:
    return [row.cells for row in tables.rows_of(content, COLUMNS)]  # type: ignore[misc]


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
        {"name": "Cem", "day": "2027-03-04"},
    ]


def test_rows_of_a_workbook_have_the_numbers_the_spreadsheet_shows() -> None:
    content = xlsx(["name", "day"], ["Anna", "x"], [], ["Bert", "y"])
    assert [row.number for row in tables.rows_of(content, NAME_AND_DAY)] == [2, 4]


def test_a_workbook_with_more_cells_than_columns_is_named_by_its_row() -> None:
    with pytest.raises(Several) as refused:
        read(xlsx(["name", "day"], ["Anna", "x", "y"]))
    assert str(refused.value.refusals[0]).startswith("Row 2, -: the row has 3 cells")


def test_a_formula_is_refused_in_a_workbook_and_in_csv() -> None:
    for content in (xlsx(["name", "day"], ["=1+1", "x"]), b"name,day\n=1+1,x\n"):
        [row] = tables.rows_of(content, NAME_AND_DAY)
        with pytest.raises(Refusal) as refused:
            row.text("name")
        assert refused.value.code == "cell-is-a-formula"
        assert "“=1+1” looks like a formula of a spreadsheet" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|x",
        "-2+3+cmd|' /C calc'!A0",
        "-2 + 3 + cmd|' /C calc'!A0",
        "- 2+'cmd'|'/C calc'!A0",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("x")',
        "-sum(A1)",
        "＝1+1",
        "#NAME?",
    ],
)
def test_what_a_spreadsheet_would_run_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.Row(2, {"note": text}).optional("note")
    assert refused.value.code == "cell-is-a-formula"


@pytest.mark.parametrize(
    "text",
    [
        "+49 231 50-0",
        "-3.5",
        "- forms",
        "a=b",
        "Kim @ desk 3",
        "-bitte klingeln",
        "-bitte klingeln | 2. OG",
        "-bitte klingeln|2. OG",
        "+49 231 50-0 | Empfang, bitte sofort!",
        "-παρακαλώ χτυπήστε | 2ος όροφος",
    ],
)
def test_what_only_looks_a_little_like_it_is_fine(text: str) -> None:
    assert tables.Row(2, {"note": text}).optional("note") == text


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(xlsx(["name", "day"]), b" " * (workbook.MOST_BYTES_UNPACKED + 1))
    assert len(bomb) < limits.MOST_BYTES
    assert refusal_of(bomb).code == "file-too-large"


BOMBS = {
    "cells of one row": b"<row>" + b"<c/>" * 4_000_000 + b"</row>",
    "rows": b"<row/>" * 3_000_000,
    "rows full of cells": (b"<row>" + b"<c/>" * 100 + b"</row>") * 40_000,
    "tags in tags": b"<a>" * 6_000_000,
    "cells that hardly shrink": b"<row>"
    + b"".join(b'<c s="%x"/>' % (number * 2654435761 % 2**32) for number in range(160_000)) * 4
    + b"</row>",
}


@pytest.mark.parametrize("rows", BOMBS.values(), ids=BOMBS)
def test_a_workbook_made_to_keep_the_reader_busy_is_refused_at_once(rows: bytes) -> None:
    bomb = repacked(xlsx(["name", "day"]), sheet_of(rows))
    began = process_time()
    assert refusal_of(bomb).code == "file-too-large"
    assert process_time() - began < 1


def test_ten_thousand_rows_of_a_workbook_are_taken() -> None:
    many = [[f"Anna {number}", "2027-03-02", "09:30", number] for number in range(10_000)]
    assert len(read(xlsx(["name", "day", "start", "count"], *many))) == 10_000


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
        (b"", "Missing: name (Name, Vorname), day (Tag). The heading must"),
        (b"name\nAnna\n", "Missing: day (Tag). The heading must"),
        (b"name,day,,colour,\n", "Unknown: “”, colour."),
        (b"name,day,day\n", "Twice: day."),
        (xlsx(), "Missing: name (Name, Vorname), day (Tag). The heading must"),
        ("name,day\nJörg Müß,".encode() + b"\xfc", "not in UTF-8 (first at byte"),
        (b"name,day\nJ\x81,x", "save it as “CSV UTF-8”"),
        (b"name,day\n", "has no rows; add one"),
        (b'name,day\n"Anna,x\n', "as far as line 2: a quotation mark is not closed"),
        (
            b"name,day\nAnna," + b"x" * 140_000,
            "as far as line 2: a quotation mark is not closed or"
            " not in its place, or a cell is too long; save",
        ),
        (b"x" * 1_000_001, "one megabyte"),
        (b"name,day\n" + b"A,x\n" * 10_001, "10000 rows; split it"),
        (b"name,day" + b"," * 200 + b"x\n", "202 columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_would_be_right(content: bytes, sentence: str) -> None:
    refusal = refusal_of(content)
    assert sentence in str(refusal)
    assert refusal.field == "file"


GERMAN = "sep=;\nDatum;Name, Vorname;;\n15.12.2026;Jörg;;\n;;;\n1.2.2027;Ümit\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_a_german_spreadsheet_writes_is_read(encoding: str, line_end: str) -> None:
    content = GERMAN.replace("\n", line_end).encode(encoding)
    assert read(content) == [
        {"day": "15.12.2026", "name": "Jörg"},
        {"day": "1.2.2027", "name": "Ümit"},
    ]


@pytest.mark.parametrize("above", [";;;\n", "sep=;;;;\n;;;\n", "\n\n"])
def test_what_stands_above_a_heading_is_passed_by(above: str) -> None:
    assert [row["name"] for row in read((above + GERMAN[6:]).encode())] == ["Jörg", "Ümit"]


def test_a_first_line_that_names_the_separator_is_not_counted_as_the_spreadsheet_hides_it() -> None:
    assert [row.number for row in tables.rows_of(GERMAN.encode(), COLUMNS)] == [2, 4]


def test_tabs_between_cells_are_read_too() -> None:
    assert read(b"name\tday\nAnna, Bert\tx\n") == [{"name": "Anna, Bert", "day": "x"}]


@pytest.mark.parametrize("heading", ["Name;Tag", "NAME;DATUM", " name ; day", "Name;_Day_"])
def test_headings_are_known_in_german_in_capitals_and_with_spaces(heading: str) -> None:
    assert read(f"{heading}\nAnna;x\n".encode()) == [{"name": "Anna", "day": "x"}]


def test_a_refusal_names_the_column_as_the_file_does() -> None:
    rows = tables.rows_of(b"name;Datum\nAnna;x\n", COLUMNS)
    with pytest.raises(Several) as refused:
        tables.each(rows, lambda row: tables.day_from(row.text("day"), "day"))
    assert str(refused.value) == (
        "Row 2, Datum: “x” is not a day; write it like 2027-03-28 or 28.03.2027."
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("2026-12-15 00:00:00", date(2026, 12, 15)),
        ("15.12.2026", date(2026, 12, 15)),
        ("1.2.2027", date(2027, 2, 1)),
        ("15.12.26", date(2026, 12, 15)),
        ("1. 2. 27", date(2027, 2, 1)),
        ("15.12.2026 00:00:00", date(2026, 12, 15)),
    ],
)
def test_days_as_spreadsheets_write_them(text: str, day: date) -> None:
    assert tables.day_from(text, "day") == day


@pytest.mark.parametrize(
    "text", ["12/15/2026", "31.2.2027", "15.12.026", "15-12-26", "20261215", "x" * 1000]
)
def test_a_day_that_could_be_another_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.day_from(text, "day")
    assert refused.value.code == "not-a-day"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ["09:30", "9:30", "09:30:00", "09:30 Uhr", "9.30", "9.30 Uhr"])
def test_times_as_spreadsheets_write_them(text: str) -> None:
    assert tables.time_from(text, "start") == time(9, 30)


def test_an_hour_is_a_time_where_it_says_so() -> None:
    assert tables.time_from("9 Uhr", "start") == time(9)


@pytest.mark.parametrize("text", ["60", "60,0", "60.0", "60,00"])
def test_a_whole_number_may_have_a_comma_with_nothing_behind_it(text: str) -> None:
    assert tables.Row(2, {"duration": text}).whole_number_between("duration", 15, 600) == 60


@pytest.mark.parametrize("text", ["60,5", "1.000", "1,000", "60,", "-60", "6e1", "٣٠"])
def test_what_could_be_another_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.Row(2, {"duration": text}).whole_number_between("duration", 1, 6000)
    assert refused.value.code == "cell-not-a-whole-number"


def test_cells_say_in_german_what_is_kept_in_our_words() -> None:
    known = tables.Columns(("kind",), words={"kind": {"school": ("Schule", "Grundschule")}})
    rows = tables.rows_of(b"Kind\nSCHULE\nschool\nKita\n", known)
    assert [row.text("kind") for row in rows] == ["school", "school", "Kita"]


@pytest.mark.parametrize("text", ["24:00", "9", "09:30:15", "0.4", "9:3"])
def test_a_time_nobody_meant_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.time_from(text, "start")
    assert refused.value.code == "not-a-time"


@pytest.mark.parametrize(
    ("text", "number"), [("51.5137", 51.5137), ("51,5137", 51.5137), ("-3", -3)]
)
def test_numbers_with_a_german_comma_are_numbers(text: str, number: float) -> None:
    assert tables.Row(2, {"latitude": text}).number_between("latitude", -90, 90) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e1", "1.234,5", "0x1", "515.137.000", "٣"])
def test_what_is_only_a_number_to_a_program_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables.Row(2, {"latitude": text}).number_between("latitude", -90, 90)
    assert refused.value.code == "cell-not-a-number"


def test_of_many_wrong_rows_a_hundred_are_named_and_the_others_counted() -> None:
    rows = tables.rows_of(b"name,day\n" + b"A,x\n" * 250, COLUMNS)
    with pytest.raises(Several) as refused:
        tables.each(rows, lambda row: tables.day_from(row.text("day"), "day"))
    texts = [str(refusal) for refusal in refused.value.refusals]
    assert len(texts) == 101
    assert texts[-1] == "150 more are wrong; mend these first."


HOSTILE = {
    "nothing but rows": b"name,day\n" + b"A,\n" * 300_000,
    "nothing but columns": b"name,day" + b"," * 900_000,
    "columns of one name": b"a," * 450_000,
    "one endless cell": b'name,day\n"' + b"x" * 900_000,
    "marks that combine": b"name,day\n" + "A\u0315\u0300\u05ae".encode() * 9 * 10_000 + b",x",
    "rows of separators": b"name,day\n" + (b"," * 99 + b"\n") * 9_000,
    "ten thousand wrong rows": b"name,day\n" + (b"=" * 80 + b",\n") * 10_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_at_once_and_in_few_words(content: bytes) -> None:
    began = process_time()
    with pytest.raises(Refusal) as refused:
        tables.each(tables.rows_of(content, COLUMNS), lambda row: row.text("name"))
    assert process_time() - began < 3
    assert len(str(refused.value)) < 30_000
