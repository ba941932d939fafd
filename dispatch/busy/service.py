"""Adding and removing private calendars, and reading them again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import database, texts
from dispatch.availability import service as availability
from dispatch.busy import messages, words
from dispatch.busy.models import PrivateCalendar
from dispatch.busy.reading import AFTER_EVERYBODY, Known, Read, read
from dispatch.busy.rules import LARGEST_OCTETS, Unreadable
from dispatch.database import db, not_there, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning

READ = "read_private_calendar"
EVERY = timedelta(minutes=30)
AGAIN_AFTER_FAILURE = timedelta(hours=1)
READ_WHOLE_EVERY = timedelta(days=7)
"""The time that is looked at moves on, so an unchanged calendar is read again as well."""
TOLD_AFTER = timedelta(days=1)
MOST_CALENDARS = 5
LONGEST_ADDRESS, LONGEST_NAME = 2000, 120
SCHEMES = {"webcal": "https", "webcals": "https"}


def of_interpreter(interpreter_id: int) -> Sequence[PrivateCalendar]:
    """Return somebody's private calendars in the order they were added."""
    theirs = sa.select(PrivateCalendar).where(PrivateCalendar.interpreter_id == interpreter_id)
    return db.session.scalars(theirs.order_by(PrivateCalendar.id)).all()


@dataclass(frozen=True)
class Source:
    """A calendar that was read and is not kept yet; without `address` it was a file."""

    name: str
    address: str | None
    found: Read


def read_address(text: str, *, now: datetime) -> Source:
    """Read the calendar at an address.

    Not in a transaction: it waits for the server. Raises `Refusal` (field address) for what is no
    address or cannot be read.
    """
    address = _address(text)
    try:
        found = read(now, address=address)
    except Unreadable as why:
        raise Refusal(why.code, words.reason(why.code), field="address") from None
    return Source(urlsplit(address).hostname or "", address, found or Read([]))


def read_file(name: str, octets: bytes, *, now: datetime) -> Source:
    """Read what a calendar file says. Not in a transaction. Raises `Refusal` (field file)."""
    try:
        if len(octets) > LARGEST_OCTETS:
            raise Unreadable("too-large")
        found = read(now, octets=octets)
    except Unreadable as why:
        raise Refusal(why.code, words.reason(why.code), field="file") from None
    shown = texts.line(name[-LONGEST_NAME:], most=LONGEST_NAME, field="file")
    return Source(shown, None, found or Read([]))


def add(actor: Actor, interpreter_id: int, source: Source, *, now: datetime) -> PrivateCalendar:
    """Keep a calendar that was read; one at an address is read from now on, a file once.

    Raises `Refusal` for an address that is there already, and for one calendar too many.
    """
    interpreter = database.lock(Interpreter, interpreter_id)
    _require_room(of_interpreter(interpreter_id), source.address)
    calendar = PrivateCalendar(
        interpreter_id=interpreter_id,
        name=source.name,
        address=source.address,
        read_at=now,
        next_at=now + EVERY if source.address else None,
    )
    _take_over(calendar, source.found, now)
    db.session.add(calendar)
    db.session.flush()
    _put_together(interpreter)
    _record(actor, "private_calendar.added", interpreter_id, now)
    return calendar


def remove(actor: Actor, interpreter_id: int, calendar_id: int, *, now: datetime) -> None:
    """Forget a calendar and when it made its person busy; 404 for one of somebody else."""
    interpreter = database.lock(Interpreter, interpreter_id)
    calendar = db.session.get(PrivateCalendar, calendar_id)
    if calendar is None or calendar.interpreter_id != interpreter_id:
        raise not_there()
    db.session.delete(calendar)
    db.session.flush()
    _put_together(interpreter)
    _record(actor, "private_calendar.removed", interpreter_id, now)


def due(now: datetime) -> Sequence[int]:
    """Return the calendars that are to be read again, the longest waiting first."""
    query = sa.select(PrivateCalendar.id).where(PrivateCalendar.next_at <= now)
    return db.session.scalars(query.order_by(PrivateCalendar.next_at)).all()


def read_again(calendar_id: int, *, now: datetime) -> None:
    """Read a calendar again; where that fails, what was read last still counts.

    Not in a transaction. Does nothing for one that is not due any more, or was removed.
    """
    with transaction():
        calendar = db.session.get(PrivateCalendar, calendar_id)
        if calendar is None or not calendar.address or (calendar.next_at or now) > now:
            return
        is_old = calendar.whole_read_at is None or now - calendar.whole_read_at > READ_WHOLE_EVERY
        address = calendar.address
        known = Known() if is_old else Known(calendar.etag, calendar.modified)
    try:
        found, code = read(now, address=address, known=known, nice=AFTER_EVERYBODY), ""
    except Unreadable as why:
        found, code = None, why.code
    with transaction():
        _note(calendar_id, found, code, now)


def _note(calendar_id: int, found: Read | None, code: str, now: datetime) -> None:
    calendar = db.session.get(PrivateCalendar, calendar_id, with_for_update=True)
    if calendar is None:
        return
    calendar.error_code = code
    if code:
        calendar.failing_since = since = calendar.failing_since or now
        calendar.next_at = now + AGAIN_AFTER_FAILURE
        if calendar.told_at is None and now - since >= TOLD_AFTER:
            calendar.told_at = now
            messages.broken(calendar, since, now)
        return
    calendar.failing_since = calendar.told_at = None
    calendar.read_at, calendar.next_at = now, now + EVERY
    if found is not None:
        _take_over(calendar, found, now)
        _put_together(database.lock(Interpreter, calendar.interpreter_id))


def _require_room(there: Sequence[PrivateCalendar], address: str | None) -> None:
    if address and any(one.address == address for one in there):
        raise Refusal("calendar-there", _l("This calendar is there already."), field="address")
    if len(there) >= MOST_CALENDARS:
        raise Refusal(
            "too-many-calendars",
            _l("You can add %(most)d calendars; remove one first.", most=MOST_CALENDARS),
            field="address" if address else "file",
        )


def _take_over(calendar: PrivateCalendar, found: Read, now: datetime) -> None:
    calendar.spans, calendar.whole_read_at = found.spans, now
    calendar.etag, calendar.modified = found.etag, found.modified


def _put_together(interpreter: Interpreter) -> None:
    """Let the (locked) person be busy when any of their calendars says so."""
    spans = [(start, end) for one in of_interpreter(interpreter.id) for start, end in one.spans]
    availability.be_busy(interpreter.availability_id, spans)


def _address(text: str) -> str:
    line = texts.line(text, most=LONGEST_ADDRESS, field="address")
    try:
        parts = urlsplit(line)
        scheme = SCHEMES.get(parts.scheme.lower(), parts.scheme.lower())
        usable = scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise Refusal(
            "address-unusable",
            _l(
                "This is no address of a calendar; copy the whole one, which begins with https:// "
                "or webcal://, without name and password."
            ),
            field="address",
        )
    return parts._replace(scheme=scheme, fragment="").geturl()


def _record(actor: Actor, kind: str, interpreter_id: int, now: datetime) -> None:
    ledger.record(actor, kind, Concerning(interpreter=interpreter_id), now=now)
