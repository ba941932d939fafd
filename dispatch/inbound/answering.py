"""From a calendar text to an answer: whose entry it is, whether it counts, and what it does."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.answers import service as answers
from dispatch.answers import settled
from dispatch.answers.incoming import IncomingState
from dispatch.answers.service import Answer, Question
from dispatch.assignments.models import Assignment
from dispatch.calendar.reply import Reply, Standing, UnreadableReply, read_reply
from dispatch.database import db, savepoint
from dispatch.errors import Refusal
from dispatch.inbound import rules
from dispatch.inbound.mail import ReceivedMail
from dispatch.inbound.models import InboundMail
from dispatch.inbound.rules import Answered, Judged, KnownEntry, Outcome, Sender
from dispatch.interpreters.models import Interpreter
from dispatch.invitations.models import Invitation
from dispatch.offers.models import Offer

ANSWERS = {
    Standing.ACCEPTED: (Answer.YES, Outcome.YES),
    Standing.DECLINED: (Answer.NO, Outcome.NO),
    Standing.TENTATIVE: (Answer.COULD, Outcome.COULD),
}


def take(row: InboundMail, mail: ReceivedMail, tokens: set[str], now: datetime) -> Outcome:
    """Do what the calendar texts of a mail say; return what came of it.

    The token in the address decides whose entry it is, then the UID. Several texts in one mail are
    copies of one another, or nobody knows which counts.
    """
    note_whose(row, tokens, mail.sender)
    try:
        reply = _one_reply(mail, _zone_of(tokens))
    except UnreadableReply:
        return Outcome.DAMAGED
    if len(tokens) > 1:
        return Outcome.CONTRADICTS
    invitation = _by_token(tokens) or _by_uid(reply.uid)
    if invitation is None:
        return Outcome.UNKNOWN_ENTRY
    row.interpreter_id = invitation.interpreter_id
    row.interpretation_request_id = _question(invitation).interpretation_request_id
    row.text = reply.comment or row.text
    known = _known(invitation)
    judged = rules.judge(
        replace(reply, stamped_at=reply.stamped_at or mail.written_at),
        known,
        # a token that somebody made up proves as little as none
        Sender(mail.sender, mail.sender_name, by_token=invitation.token in tokens),
        now=now,
    )
    if isinstance(judged, Judged):
        outcome = _act(invitation, reply, judged, now)
        if outcome in rules.DECIDED:
            row.text = reply.comment  # all else the calendar wrote by itself
        return outcome
    return _proposed(row, invitation, reply, judged, now) if judged in rules.PROPOSALS else judged


def _proposed(
    row: InboundMail, invitation: Invitation, reply: Reply, judged: Outcome, now: datetime
) -> Outcome:
    """Write down the other time, and tell its writer that it books nothing; the same one once."""
    row.proposed_starts_at, row.proposed_ends_at = reply.starts_at, reply.ends_at
    alike = sa.select(InboundMail.id).where(
        InboundMail.id != row.id,
        InboundMail.state == IncomingState.OPEN,
        InboundMail.outcome.in_(rules.PROPOSALS),
        InboundMail.interpreter_id == row.interpreter_id,
        InboundMail.interpretation_request_id == row.interpretation_request_id,
        InboundMail.proposed_starts_at == reply.starts_at,
        InboundMail.proposed_ends_at == reply.ends_at,
        InboundMail.text == row.text,
    )
    if db.session.scalar(alike.limit(1)) is not None:
        return Outcome.REPEATED
    answers.tell_of_proposal(_question(invitation), now)
    return judged


def note_whose(row: InboundMail, tokens: set[str], sender: str) -> None:
    """Write beside a mail who probably wrote it, so that a person finds them at once."""
    invitation = _by_token(tokens)
    by_address = sa.select(Interpreter.id).join(Interpreter.account)
    row.interpreter_id = (
        invitation.interpreter_id
        if invitation
        else db.session.scalar(by_address.where(sa.func.lower(Account.email) == sender).limit(1))
    )


def _one_reply(mail: ReceivedMail, zone_name: str) -> Reply:
    found = [read_reply(one.octets, one.method, zone_name) for one in mail.calendars]
    # A copy as an attachment often comes without a method; it means the one beside it.
    methods = {one.method for one in found} - {""}
    if len(methods) == 1:
        found = [replace(one, method=next(iter(methods))) for one in found]
    if any(one != found[0] for one in found):
        raise UnreadableReply("texts that differ")
    return found[0]


def _by_token(tokens: set[str]) -> Invitation | None:
    if len(tokens) != 1:
        return None
    return db.session.scalar(sa.select(Invitation).where(Invitation.token.in_(tokens)))


def _by_uid(uid: str) -> Invitation | None:
    return db.session.scalar(sa.select(Invitation).where(Invitation.uid == uid))


def _zone_of(tokens: set[str]) -> str:
    invitation = _by_token(tokens)
    return _question(invitation).interpretation_request.time_zone if invitation else "UTC"


def _question(invitation: Invitation) -> Question:
    """Return what the entry asks, or asked."""
    if invitation.assignment_id is not None:
        return db.session.get_one(Assignment, invitation.assignment_id)
    return db.session.get_one(Offer, invitation.offer_id)


def _known(invitation: Invitation) -> KnownEntry:
    question = _question(invitation)
    own = {invitation.attendee_address, question.interpreter.account.email}
    return KnownEntry(
        uid=invitation.uid,
        sequence=invitation.sequence,
        addresses=frozenset(one.lower() for one in own),
        name=invitation.attendee_name,
        starts_at=question.starts_at,
        ends_at=question.ends_at,
        answered=_answered(invitation),
    )


def _answered(invitation: Invitation) -> Answered | None:
    sequence, stamped_at = invitation.answered_sequence, invitation.answered_stamp
    if sequence is None or stamped_at is None or invitation.answered_standing is None:
        return None
    return Answered(sequence, stamped_at, invitation.answered_standing)


def _act(invitation: Invitation, reply: Reply, judged: Judged, now: datetime) -> Outcome:
    """Give the answer to the verb all ways lead to; what it refuses is told where it matters."""
    answer, outcome = ANSWERS[judged.standing]
    invitation.answered_sequence = max(reply.sequence, invitation.answered_sequence or 0)
    invitation.answered_stamp = judged.stamped_at
    invitation.answered_standing = judged.standing
    db.session.flush()
    question = _question(invitation)
    try:
        with savepoint():
            answers.by_calendar(question, answer, is_overtaken=judged.is_overtaken, now=now)
    except Refusal as refusal:
        if not answers.must_hear(refusal, answer):
            return Outcome.NOTHING_OPEN
        answers.tell_not_taken(question, refusal, now)
        return _after_telling(question, refusal, now)
    return outcome


def _after_telling(question: Question, refusal: Refusal, now: datetime) -> Outcome:
    """Return whether somebody has to see to an answer that did not count, and why."""
    if refusal.code == answers.AGREED_ALREADY:
        return Outcome.WANTS_OUT
    who, about = question.interpreter, question.interpretation_request_id
    if refusal.code == answers.DECLINED_BEFORE and settled.might_come(who, about, now):
        return Outcome.CHANGED_MIND
    return Outcome.NOT_TAKEN
