"""Why a text that somebody wrote cannot be read, in words for who writes no templates.

Pure: the text in, a sentence out that names the line and what is missing there.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from jinja2 import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}
ENDED_BY = {"if": "endif", "for": "endfor"}
PIECE_BEGINS = re.compile("|".join(map(re.escape, CLOSED_BY)))
PIECE_GOES_ON = re.compile("|".join(map(re.escape, (*CLOSED_BY, *CLOSED_BY.values()))))
_environment = SandboxedEnvironment()


class _Piece(NamedTuple):
    """What stands in brackets; `word` is how one that decides something begins."""

    line: int
    written: str
    word: str


class _Open(Exception):
    """A bracket that is opened and not closed."""

    def __init__(self, line: int, bracket: str) -> None:
        super().__init__(bracket)
        self.line, self.bracket = line, bracket


def why(text: str, line: int) -> Any:
    """Return what is wrong with a text the template engine stumbled over in this line."""
    try:
        pieces = list(_pieces(text))
    except _Open as one:
        return _l(
            "Line %(line)d: the bracket %(opened)s is not closed. Write %(closed)s where it ends.",
            line=one.line,
            opened=one.bracket,
            closed=CLOSED_BY[one.bracket],
        )
    return (
        _unread(pieces)
        or _unended(pieces)
        or _l("Line %(line)d cannot be read. Write there what the delivered text says.", line=line)
    )


def _pieces(text: str) -> Iterator[_Piece]:
    at = 0
    while begins := PIECE_BEGINS.search(text, at):
        opened, line = begins[0], text.count("\n", 0, begins.start()) + 1
        ends = PIECE_GOES_ON.search(text, begins.end())
        if ends is None or ends[0] != CLOSED_BY[opened]:
            raise _Open(line, opened)
        at = ends.end()
        written = text[begins.start() : at]
        word = written.strip("{%-+ }").partition(" ")[0] if opened == "{%" else ""
        yield _Piece(line, written, word)


def _unread(pieces: list[_Piece]) -> Any:
    """Return what is wrong with the first piece that cannot be read for itself."""
    for one in pieces:
        if one.word in {"else", "elif", *ENDED_BY.values()}:
            continue
        end = f"{{% {ENDED_BY[one.word]} %}}" if one.word in ENDED_BY else ""
        try:
            _environment.parse(one.written + end)
        except TemplateSyntaxError:
            return _l(
                "Line %(line)d: %(written)s cannot be read. Between the brackets stands the name "
                "of one field, as in {{ office }}, or what the delivered text has there.",
                line=one.line,
                written=one.written,
            )
    return None


def _unended(pieces: list[_Piece]) -> Any:
    """Return which condition or list has no end, or which end nothing has begun."""
    begun: list[_Piece] = []
    for one in pieces:
        if one.word in ENDED_BY:
            begun.append(one)
        elif one.word in ENDED_BY.values():
            if not begun or ENDED_BY[begun[-1].word] != one.word:
                return _l("Line %(line)d: %(written)s ends nothing that began before it.",
                          line=one.line, written=one.written)  # fmt: skip
            begun.pop()
    if not begun:
        return None
    return _l(
        "Line %(line)d: %(written)s has no end. Write %(end)s where it ends.",
        line=begun[-1].line,
        written=begun[-1].written,
        end=f"{{% {ENDED_BY[begun[-1].word]} %}}",
    )
