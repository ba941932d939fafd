"""Reading the mailbox: each mail is stored once, with how far it was read, before it does anything.

A mail and the place after it are one commit: a process killed between two mails reads on where the
last stored one was, and nothing is read twice or left out.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser

import sqlalchemy as sa

from dispatch import engine
from dispatch.answers.incoming import IncomingState
from dispatch.database import db, transaction
from dispatch.inbound.mail import header
from dispatch.inbound.mailbox import Fetched, Mailbox, MailboxAway, name_of, opened
from dispatch.inbound.models import InboundMail, MailboxState

TAKE = "take_inbound_mail"
FIRST_LOOKS_BACK = timedelta(days=14)
"""How old mail may be that is read from a mailbox nobody has read before."""
LOOKS_BACK = timedelta(days=2)
"""How far before the last reading one looks where numbers began anew; dates there have no zone."""
LISTEN_SECONDS = 300
POLL_SECONDS = 60.0
TELLS_APART = ("Message-ID", "Date", "From", "To", "Subject")


def read(url: str, now: Callable[[], datetime]) -> int:
    """Store what is new in the mailbox; return how many mails that were.

    Raises `MailboxAway`, after it was written down for the office and the doctor.
    """
    with _noting_failures(url, now), opened(url) as mailbox:
        return _read_new(mailbox, now)


def listen(url: str, now: Callable[[], datetime], is_over: Callable[[], bool]) -> float:
    """Store what is new and whatever arrives in the next minutes, at once.

    Returns in how many seconds to look again. Where the server cannot tell what arrives, that is
    all there is. Raises as `read`.
    """
    with _noting_failures(url, now), opened(url) as mailbox:
        _read_new(mailbox, now)
        while mailbox.listen(LISTEN_SECONDS, is_over):
            _read_new(mailbox, now)
        return 0.0 if mailbox.can_listen else POLL_SECONDS


@contextmanager
def _noting_failures(url: str, now: Callable[[], datetime]) -> Iterator[None]:
    try:
        yield
    except MailboxAway as away:
        with transaction():
            state = _locked_state(name_of(url))
            state.failing_since = state.failing_since or now()
            state.error_code, state.error = away.code, away.detail
        raise


def _read_new(mailbox: Mailbox, now: Callable[[], datetime]) -> int:
    stored = 0
    for mail in mailbox.fetch(_new_uids(mailbox, now())):
        with transaction():
            stored += _store(mailbox, mail, now())
    with transaction():
        state = _locked_state(mailbox.name)
        state.uid_validity, state.read_at = mailbox.uid_validity, now()
        state.failing_since, state.error_code, state.error = None, "", ""
    return stored


def _new_uids(mailbox: Mailbox, now: datetime) -> Sequence[int]:
    """Return what was not read yet; where numbers began anew, what arrived lately."""
    db.session.rollback()
    state = db.session.get(MailboxState, mailbox.name)
    if state is not None and state.uid_validity == mailbox.uid_validity:
        return mailbox.uids_after(state.last_uid)
    if state is None or state.read_at is None:
        return mailbox.uids_since((now - FIRST_LOOKS_BACK).date())
    return mailbox.uids_since((state.read_at - LOOKS_BACK).date())


def _store(mailbox: Mailbox, mail: Fetched, now: datetime) -> bool:
    """Store one mail and the place after it; tell whether it was new."""
    state = _locked_state(mailbox.name)
    if state.uid_validity != mailbox.uid_validity:
        state.uid_validity, state.last_uid = mailbox.uid_validity, 0
    if mail.uid <= state.last_uid:
        return False  # somebody else read it in the meantime
    state.last_uid = mail.uid
    fingerprint = _fingerprint(mail)
    known = sa.exists().where(InboundMail.fingerprint == fingerprint)
    if db.session.scalar(sa.select(known)):
        return False
    row = InboundMail(
        mailbox=mailbox.name,
        uid_validity=mailbox.uid_validity,
        uid=mail.uid,
        fingerprint=fingerprint,
        octets=mail.octets,
        is_whole=mail.is_whole,
        received_at=now,
        state=IncomingState.STORED,
    )
    db.session.add(row)
    db.session.flush()
    engine.enqueue(TAKE, row.id, key=f"take-inbound-{row.id}")
    return True


def _fingerprint(mail: Fetched) -> str:
    """Return what is the same for the same mail, whichever server handed it on.

    The Message-ID alone would do for honest mail; with what the mail says beside it nobody can keep
    another mail out by using its Message-ID first.
    """
    head, _, body = mail.octets.partition(b"\r\n\r\n")
    headers = BytesHeaderParser().parsebytes(head)
    told = "\0".join(header(headers, name) for name in TELLS_APART)
    return hashlib.sha256(told.encode("utf-8", "replace") + b"\0" + body).hexdigest()


def _locked_state(name: str) -> MailboxState:
    row = sa.select(MailboxState).where(MailboxState.mailbox == name).with_for_update()
    state = db.session.scalar(row.execution_options(populate_existing=True))
    if state is None:
        state = MailboxState(mailbox=name, uid_validity=0, last_uid=0)
        db.session.add(state)
        db.session.flush()
    return state
