"""SMS that answer nothing anybody can rely on: asked back once, told so, or kept for a person."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.answers.service import SmsQuestion
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.sms import messages, questions
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import Outcome, is_answer_alone

ASKED_BACK_FOR = timedelta(hours=24)
"""For how long a question back is the last word: whoever is unclear again needs a person."""
MOST_NAMED = 2
"""Open questions an SMS has room to name."""


def ask_back(
    sms: InboundSms, interpreter: Interpreter, asked: Sequence[SmsQuestion], now: datetime
) -> Outcome:
    """Ask back once; whoever is unclear again needs a person, as do words where nothing is open."""
    if not asked:
        return _without_question(sms, interpreter, now)
    if _last_came_to(sms, {Outcome.ASKED_BACK, Outcome.UNCLEAR}, now):
        return Outcome.UNCLEAR
    named = [questions.described(one, now) for one in asked] if len(asked) <= MOST_NAMED else []
    messages.ask_back(sms, messages.who_wrote(sms, interpreter.account), named, now)
    return Outcome.ASKED_BACK


def _without_question(sms: InboundSms, interpreter: Interpreter, now: datetime) -> Outcome:
    """Say once of a lone code or word that nothing is open for it; other words need a person."""
    if not is_answer_alone(sms.text):
        return letter(sms)
    if not _last_came_to(sms, {Outcome.NO_QUESTION}, now):
        messages.answers_nothing(sms, messages.who_wrote(sms, interpreter.account), now)
    return Outcome.NO_QUESTION


def letter(sms: InboundSms) -> Outcome:
    """Return what an SMS is that a person has to see: words, or nothing that can be read."""
    return Outcome.LETTER if sms.text.strip() else Outcome.WORDLESS


def _last_came_to(sms: InboundSms, outcomes: Collection[Outcome], now: datetime) -> bool:
    """Tell whether this is what came of the SMS before it from there, a short while ago."""
    before = db.session.execute(
        sa.select(InboundSms.outcome, InboundSms.received_at)
        .where(InboundSms.sender == sms.sender, InboundSms.id < sms.id)
        .order_by(InboundSms.id.desc())
        .limit(1)
    ).one_or_none()
    return (
        before is not None
        and before.outcome in outcomes
        and now - before.received_at < ASKED_BACK_FOR
    )
