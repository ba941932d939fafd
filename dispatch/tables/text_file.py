"""The cells of a CSV file as spreadsheets write them: signs between cells, encodings, `sep=`."""

import codecs
import csv
import io
import re
from itertools import islice

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.tables import limits

SAYS_SEPARATOR = re.compile(r'"?sep=(.)"?\1*\r?\n', re.IGNORECASE)
"""Excel's own first line, which it hides: row 1 is the one after it.

Written by hand and saved once more it is filled up with the sign, like every row.
"""
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def cells_of(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file.

    Comma, semicolon or tab between cells; UTF-8, UTF-16 with a byte order mark, or Windows-1252,
    in which German spreadsheets write. Raises `Refusal` for what is too large or no such file.
    """
    limits.require_size(content)
    text = _decoded(content)
    said = SAYS_SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    separator = said[1] if said else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        table = list(islice(reader, limits.MOST_ROWS + 2))
    except csv.Error as broken:
        raise Refusal(
            "not-csv",
            _l(
                "The file is not CSV, read as far as line %(line)d: a quotation mark is not closed "
                "or not in its place, or a cell is too long; save it as “CSV UTF-8”.",
                line=reader.line_num,
            ),
            field="file",
        ) from broken
    limits.require_rows(len(table) - 1)
    return table


def _separator(text: str) -> str:
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=heading.count)


def _decoded(content: bytes) -> str:
    try:
        if content.startswith(UTF_16_MARKS):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if _is_damaged_utf_8(content):
            raise _wrong_encoding(wrong) from wrong
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as wrong:
        raise _wrong_encoding(wrong) from wrong


def _is_damaged_utf_8(content: bytes) -> bool:
    # In Windows-1252 an umlaut is hardly ever followed by what would make it UTF-8.
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - broken > broken


def _wrong_encoding(wrong: UnicodeDecodeError) -> Refusal:
    return Refusal(
        "wrong-encoding",
        _l(
            "The file is not in UTF-8 (first at byte %(position)d); save it as “CSV UTF-8”.",
            position=wrong.start,
        ),
        field="file",
    )
