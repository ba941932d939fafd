"""Acting on mail that was stored: each once, and what nobody can decide by rules for a person."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import database
from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.inbound import answering
from dispatch.inbound.mail import ReceivedMail, UnreadableMail, read_mail
from dispatch.inbound.models import InboundMail
from dispatch.inbound.reports import Fate, Report
from dispatch.inbound.rules import Outcome, needs_a_person
from dispatch.inbound.storing import TAKE, listen, read
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor, Concerning
from dispatch.messaging import returned
from dispatch.messaging.addresses import token_in
from dispatch.settings import active

__all__ = ["TAKE", "forget_old", "listen", "read", "settle", "take", "to_take"]
KEPT_FOR = timedelta(days=7)
LONGEST = 500


def to_take(now: datetime) -> list[int]:
    """Return what was stored and not looked at yet, oldest first."""
    waiting = sa.select(InboundMail.id).where(InboundMail.state == IncomingState.STORED)
    return list(db.session.scalars(waiting.order_by(InboundMail.id)))


def take(mail_id: int, *, now: datetime) -> None:
    """Do what a stored mail says, if it says anything that counts; else keep it for a person.

    Taking it again does nothing.
    """
    row = database.lock(InboundMail, mail_id)
    if row.state != IncomingState.STORED:
        return
    outcome = _outcome(row, now)
    row.outcome = outcome
    waits = needs_a_person(outcome, row.text)
    row.state = IncomingState.OPEN if waits else IncomingState.DONE
    if row.state == IncomingState.OPEN:
        ledger.record(SYSTEM, "mail.kept", Concerning(interpreter=row.interpreter_id), now=now)
    else:
        row.seen_to_at = now


def settle(actor: Actor, mail_id: int, *, now: datetime) -> None:
    """Close a mail that a person has seen to; raises `Conflict` when somebody has already."""
    row = database.lock(InboundMail, mail_id)
    if row.state != IncomingState.OPEN:
        raise Conflict("mail-settled", _l("Somebody has seen to this mail already."))
    row.state, row.seen_to_at = IncomingState.SETTLED, now
    ledger.record(
        actor,
        "mail.settled",
        Concerning(interpreter=row.interpreter_id),
        now=now,
        fields=["state"],
    )


def forget_old(now: datetime) -> None:
    """Delete what mails say a week after they were seen to; that they came is kept."""
    db.session.execute(
        sa.update(InboundMail)
        .where(InboundMail.seen_to_at <= now - KEPT_FOR, InboundMail.octets.is_not(None))
        .values(octets=None, text="", subject="", sender="", sender_name="")
    )


def _outcome(row: InboundMail, now: datetime) -> Outcome:
    try:
        mail = read_mail(row.octets or b"")
    except UnreadableMail:
        return Outcome.DAMAGED
    row.sender, row.sender_name = _shortened(mail.sender), _shortened(mail.sender_name)
    row.subject, row.text, row.is_cut = _shortened(mail.subject), mail.text, mail.is_cut
    if not row.is_whole:
        return Outcome.TOO_LARGE
    tokens = {token for one in mail.addressed if (token := token_in(one, active().mail_from))}
    if mail.report is not None:
        return _reported(row, mail, mail.report, tokens, now)
    if mail.calendars:
        return answering.take(row, mail, tokens, now)
    answering.note_whose(row, tokens, mail.sender)
    return Outcome.LETTER


def _shortened(text: str) -> str:
    """Return a text of a header; one nobody writes by hand ends with a sign that there is more."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _reported(
    row: InboundMail, mail: ReceivedMail, report: Report, tokens: set[str], now: datetime
) -> Outcome:
    if report.fate is None:
        return Outcome.REPORTED
    ours = [one for one in mail.addressed if token_in(one, active().mail_from) in tokens]
    message = returned.find(ours[0] if len(tokens) == 1 else "", report.mail_id)
    if message is None:
        return Outcome.RETURNED_UNKNOWN
    row.message_id = message.id
    if report.fate == Fate.DELAYED:
        returned.is_late(message.id, words=report.words)
        return Outcome.DELAYED
    returned.came_back(message.id, is_dead=report.is_dead, words=report.words, now=now)
    return Outcome.RETURNED
