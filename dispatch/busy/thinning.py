"""A calendar text cut down to what says when somebody is busy, before it is read.

Reading takes a second and more for each megabyte, nearly all of it for what was said of the events
and for years gone by. What this leaves out nobody asks about: titles, people, alarms, tasks, and
events that happen once, long before or after the time that is looked at.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

FOLD = re.compile(rb"\r?\n[ \t]")
NAME = re.compile(rb"\s*([A-Za-z0-9-]+)")
BEGIN, END = b"BEGIN", b"END"
TELLS = frozenset(
    b"DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID UID SEQUENCE DTSTAMP STATUS "
    b"TRANSP X-MICROSOFT-CDO-BUSYSTATUS FREEBUSY END".split()
)
HAPPENS_AGAIN = frozenset(b"RRULE RDATE EXRULE RECURRENCE-ID".split())
READ = frozenset(b"VEVENT VFREEBUSY".split())
UNREAD = frozenset(b"VTODO VJOURNAL".split())
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FAR = timedelta(days=2)
"""No zone is so far from UTC, and no date said in it."""


class _Piece(NamedTuple):
    """Some lines that stay or go together; those of an event with its UID."""

    lines: list[bytes]
    uid: bytes = b""
    is_outside: bool = False


def thinned(octets: bytes, first: datetime, after: datetime) -> bytes:
    """Return what a calendar says of the time in `[first, after)`, in UTF-8.

    It may be written in UTF-8, in UTF-16 with a byte order mark, or in Windows-1252. Blanks in
    lists of days ("BYDAY=MO, TU"), which many programs write, are taken out.
    """
    days = (first - FAR).strftime("%Y%m%d").encode(), (after + FAR).strftime("%Y%m%d").encode()
    pieces = list(_pieces(FOLD.sub(b"", _in_utf_8(octets)).splitlines(), days))
    times = Counter(piece.uid for piece in pieces)
    # another piece with its UID may say that it moved: which of them counts, the library knows
    kept = (one for one in pieces if not (one.is_outside and times[one.uid] == 1))
    return b"\r\n".join(line for piece in kept for line in piece.lines) + b"\r\n"


def _in_utf_8(octets: bytes) -> bytes:
    if octets.startswith(UTF_16_MARKS):
        return octets.decode("utf-16", "replace").encode("utf-8", "replace")
    octets = octets.removeprefix(codecs.BOM_UTF8)
    try:
        octets.decode()
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace").encode()
    return octets


def _pieces(every: Iterable[bytes], days: tuple[bytes, bytes]) -> Iterator[_Piece]:
    lines = iter(every)
    for line in lines:
        name, text = _parts(line)
        if name == BEGIN and text in READ | UNREAD:
            own = list(_own(lines))
            if text in READ:
                said = dict(own)
                kept = [_without_blanks(*one) for one in own if one[0] in TELLS]
                yield _Piece([line, *kept], said.get(b"UID", b""), _is_outside(said, days))
        else:
            yield _Piece([line])


def _own(lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield names and lines up to the end of a component, without those of what lies in it."""
    inside = 0
    for line in lines:
        name, _text = _parts(line)
        inside += name == BEGIN
        if not inside:
            yield name, line
            if name == END:
                return
        inside -= name == END


def _parts(line: bytes) -> tuple[bytes, bytes]:
    """Return the name of a line, and which component it begins."""
    found = NAME.match(line)
    name = found[1].upper() if found else b""
    return name, line.rpartition(b":")[2].strip().upper() if name == BEGIN else b""


def _without_blanks(name: bytes, line: bytes) -> bytes:
    return line.replace(b", ", b",") if name == b"RRULE" else line


def _is_outside(said: dict[bytes, bytes], days: tuple[bytes, bytes]) -> bool:
    """Tell whether an event that happens once is over long before, or begins long after."""
    if HAPPENS_AGAIN & said.keys() or b"UID" not in said:
        return False
    starts, ends = _day(said.get(b"DTSTART")), _day(said.get(b"DTEND"))
    if starts is None:
        return False
    if starts > days[1]:
        return True
    last = ends if b"DTEND" in said else None if b"DURATION" in said else starts
    return last is not None and max(starts, last) < days[0]


def _day(line: bytes | None) -> bytes | None:
    day = line.rpartition(b":")[2].strip()[:8] if line else b""
    return day if len(day) == 8 and day.isdigit() else None
