"""Adding and removing private calendars, and reading them again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import database, texts
from dispatch.availability import service as availability
from dispatch.busy import messages, words
from dispatch.busy.models import PrivateCalendar
from dispatch.busy.reading import Read, read
from dispatch.busy.spans import Unreadable
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


def add_address(actor: Actor, interpreter_id: int, text: str, *, now: datetime) -> PrivateCalendar:
    """Add the calendar at an address, which is read now and from now on.

    Not in a transaction: it waits for the server. Raises `Refusal` (field address) for what is no
    address or cannot be read.
    """
    address = _address(text)
    try:
        found = read(now, address=address)
    except Unreadable as why:
        raise Refusal(why.code, words.reason(why.code), field="address") from None
    host = urlsplit(address).hostname or ""
    if any(one.address == address for one in of_interpreter(interpreter_id)):
        raise Refusal("calendar-there", _l("This calendar is there already."), field="address")
    return _add(actor, interpreter_id, host, address, found or Read([]), now)


def add_file(
    actor: Actor, interpreter_id: int, name: str, octets: bytes, *, now: datetime
) -> PrivateCalendar:
    """Add what a calendar file says; it is read once. Raises `Refusal` (field file)."""
    try:
        found = read(now, octets=octets)
    except Unreadable as why:
        raise Refusal(why.code, words.reason(why.code), field="file") from None
    shown = texts.line(name[-LONGEST_NAME:], most=LONGEST_NAME, field="file")
    return _add(actor, interpreter_id, shown, None, found or Read([]), now)


def remove(actor: Actor, interpreter_id: int, calendar_id: int, *, now: datetime) -> None:
    """Forget a calendar and when it made its person busy; 404 for one of somebody else."""
    with transaction():
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
        etag, modified = ("", "") if is_old else (calendar.etag, calendar.modified)
    try:
        found, code = read(now, address=address, etag=etag, modified=modified), ""
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


def _add(
    actor: Actor, interpreter_id: int, name: str, address: str | None, found: Read, now: datetime
) -> PrivateCalendar:
    with transaction():
        interpreter = database.lock(Interpreter, interpreter_id)
        if len(of_interpreter(interpreter_id)) >= MOST_CALENDARS:
            raise Refusal(
                "too-many-calendars",
                _l("You can add %(most)d calendars; remove one first.", most=MOST_CALENDARS),
                field="address" if address else "file",
            )
        calendar = PrivateCalendar(
            interpreter_id=interpreter_id,
            name=name,
            address=address,
            read_at=now,
            next_at=now + EVERY if address else None,
        )
        _take_over(calendar, found, now)
        db.session.add(calendar)
        db.session.flush()
        _put_together(interpreter)
        _record(actor, "private_calendar.added", interpreter_id, now)
    return calendar


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
