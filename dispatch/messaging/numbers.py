"""Whether an SMS may go to a number: what its person said, and what the provider said of it."""

import hmac
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import whose
from dispatch.messaging.models import PhoneNumber, StoppedNumber
from dispatch.settings import active

SILENT = sa.or_(PhoneNumber.stopped_at.is_not(None), PhoneNumber.blocked_at.is_not(None))
"""The condition that nothing is sent to a number."""


def stop(number: str, now: datetime) -> None:
    """Note that the person wants no SMS; nothing is sent there until they write START.

    Of a number that is nobody's here, a keyed hash is kept and nothing else (decision 0074).
    """
    if not whose.is_had(number):
        forget(number)
        db.session.merge(StoppedNumber(digest=digest(number), stopped_at=now))
        return
    found = _found(number)
    found.stopped_at = found.stopped_at or now


def block(number: str, now: datetime) -> None:
    """Note that the provider refuses to send to the number, because it was told so.

    Nothing is noted of one that was forgotten meanwhile ("").
    """
    if not number:
        return
    found = _found(number)
    found.blocked_at = found.blocked_at or now


def start(number: str) -> None:
    """Note that the person wants SMS (again); providers lift their own block by the same word.

    Of a number of which nothing else is known, nothing is kept.
    """
    db.session.execute(sa.delete(StoppedNumber).where(StoppedNumber.digest == digest(number)))
    if known(number) is None:
        return
    found = _found(number)
    found.stopped_at = found.blocked_at = None
    if found.confirmed_at is None:
        db.session.delete(found)


def forget(number: str) -> None:
    """Forget all that is known of a number that is nobody's any more, but for its STOP's hash."""
    db.session.execute(sa.delete(PhoneNumber).where(PhoneNumber.number == number))


def confirm(number: str, consent_version: int, now: datetime) -> None:
    """Note that a code sent to the number came back, and with it the consent to SMS."""
    found = _found(number)
    found.confirmed_at, found.consent_version = now, consent_version


def known(number: str) -> PhoneNumber | None:
    """Return what is known of a number, if anything is."""
    return db.session.get(PhoneNumber, number)


def is_silent(number: str) -> bool:
    """Tell whether nothing is sent to the number."""
    query = sa.select(PhoneNumber.number).where(PhoneNumber.number == number, SILENT)
    return db.session.scalar(query) is not None or has_stopped_as_nobody(number)


def has_stopped_as_nobody(number: str) -> bool:
    """Tell whether STOP came from the number while it was nobody's here."""
    return bool(db.session.scalar(sa.select(stopped_as_nobody([number]))))


def stopped_as_nobody(several: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that STOP came from one of several numbers while it was nobody's."""
    return sa.exists().where(StoppedNumber.digest.in_([digest(one) for one in several]))


def digest(number: str) -> str:
    """Return the keyed hash of a number, to know it again without keeping it (decision 0074)."""
    key = active().secret_key().encode()
    return hmac.digest(key, f"stopped number {number}".encode(), "sha256").hex()


def _found(number: str) -> PhoneNumber:
    row = sa.select(PhoneNumber).where(PhoneNumber.number == number).with_for_update()
    found = db.session.scalar(row.execution_options(populate_existing=True))
    if found is None:
        found = PhoneNumber(number=number)
        db.session.add(found)
        db.session.flush()
    return found
