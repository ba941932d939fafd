"""Taking SMS that came in: each once, and what nobody can decide by rules for a person."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from dispatch import database, engine
from dispatch.accounts.models import Account
from dispatch.answers import service as answers
from dispatch.answers import settled
from dispatch.answers.incoming import IncomingState
from dispatch.answers.service import Answer, SmsQuestion
from dispatch.clients import messages as client_messages
from dispatch.clients import service as clients
from dispatch.database import db, savepoint
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor, Concerning
from dispatch.messaging import numbers, passing
from dispatch.offers.models import Offer
from dispatch.sms import former, messages, questions, rules, unclear
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import FOR_A_PERSON, ByCode, Keyword, Outcome

TAKE = "take_inbound_sms"
KEPT_FOR = timedelta(days=7)
LONGEST_TEXT, LONGEST_REFERENCE, LONGEST_NUMBER = 1600, 64, 32


def store(reference: str, sender: str, text: str, keyword: str, *, now: datetime) -> None:
    """Keep an SMS that came in, once, and have it looked at.

    `keyword` is what the provider did with it by itself (STOP, START, HELP), or "".
    """
    insert = (postgresql if _is_postgresql() else sqlite).insert(InboundSms)
    row = insert.values(
        reference=reference[:LONGEST_REFERENCE],
        sender=_readable(sender)[:LONGEST_NUMBER],
        text=_readable(text)[:LONGEST_TEXT],
        keyword=keyword if keyword in set(Keyword) else "",
        received_at=now,
        state=IncomingState.STORED,
        outcome="",
    )
    stored = db.session.scalar(row.on_conflict_do_nothing().returning(InboundSms.id))
    if stored is not None:
        engine.enqueue(TAKE, stored, key=f"take-sms-{stored}")


def to_take(now: datetime) -> Sequence[int]:
    """Return what was stored and not looked at yet, oldest first."""
    waiting = sa.select(InboundSms.id).where(InboundSms.state == IncomingState.STORED)
    return db.session.scalars(waiting.order_by(InboundSms.id)).all()


def take(sms_id: int, *, now: datetime) -> None:
    """Do what a stored SMS says, if it says anything that counts; else keep it for a person.

    Taking it again does nothing.
    """
    sms = database.lock(InboundSms, sms_id)
    if sms.state != IncomingState.STORED:
        return
    sms.outcome = _outcome(sms, now)
    sms.state = IncomingState.OPEN if sms.outcome in FOR_A_PERSON else IncomingState.DONE
    if sms.state == IncomingState.OPEN:
        ledger.record(SYSTEM, "sms.kept", Concerning(account=sms.account_id), now=now)
    else:
        sms.seen_to_at = now


def settle(actor: Actor, sms_id: int, *, now: datetime) -> None:
    """Close an SMS that a person has seen to; raises `Conflict` when somebody has already."""
    sms = database.lock(InboundSms, sms_id)
    if sms.state != IncomingState.OPEN:
        raise Conflict("sms-settled", _l("Somebody has seen to this SMS already."))
    sms.state, sms.seen_to_at = IncomingState.SETTLED, now
    ledger.record(
        actor, "sms.settled", Concerning(account=sms.account_id), now=now, fields=["state"]
    )


def forget_old(now: datetime) -> None:
    """Delete what SMS say a week after they were seen to; that they came is kept.

    Nor is it kept where those are to be reached who are nobody here, and were told so.
    """
    of_nobody = sa.select(InboundSms.id).where(
        InboundSms.seen_to_at <= now - KEPT_FOR,
        InboundSms.sender != "",
        InboundSms.outcome == Outcome.NOT_KEPT,
    )
    for sms_id in db.session.scalars(of_nobody).all():
        passing.forget(f"sms:{sms_id}")
    db.session.execute(
        sa.update(InboundSms)
        .where(InboundSms.seen_to_at <= now - KEPT_FOR, InboundSms.text != "")
        .values(text="", sender="")
    )


def _outcome(sms: InboundSms, now: datetime) -> Outcome:
    interpreters = db.session.scalars(
        sa.select(Interpreter)
        .join(Interpreter.account)
        .where(Interpreter.phone == sms.sender, Interpreter.active, Account.active)
    ).all()
    interpreter = interpreters[0] if len(interpreters) == 1 else None
    account = interpreter.account if interpreter else _who_asks(sms.sender)
    sms.account_id = account.id if account else None
    if not (account or interpreters) and (outcome := _from_nobody_now(sms, now)):
        return outcome
    asked = questions.open_to(interpreter, now) if interpreter else []
    said = rules.read(sms.text, is_asked=bool(asked))
    if isinstance(said, Keyword) or sms.keyword:
        _note_keyword(sms, said, now)
    if isinstance(said, Keyword):
        return _obey(sms, said, account or (interpreters[0].account if interpreters else None), now)
    if len(interpreters) > 1:
        return Outcome.SEVERAL_PEOPLE
    if interpreter is None:
        return unclear.letter(sms) if account else Outcome.UNKNOWN_NUMBER
    return _answer(sms, interpreter, asked, said, now)


def _from_nobody_now(sms: InboundSms, now: datetime) -> Outcome | None:
    """Do what comes from a client's number, or one that somebody has given up; None for others."""
    of_client = clients.request_of(sms.sender)
    if of_client is not None:
        return _from_client(sms, of_client, now)
    account = former.owner(sms.sender, now)
    return _from_former_number(sms, account, now) if account else None


def _from_former_number(sms: InboundSms, account: Account, now: datetime) -> Outcome:
    """Keep for a person what comes from a number its owner has given up, and say so once a day."""
    said = rules.read(sms.text, is_asked=True)
    sms.account_id = account.id
    if isinstance(said, Keyword) or sms.keyword:
        _note_keyword(sms, said, now)
    if said == Keyword.STOP:
        return Outcome.STOPPED
    former.tell(sms, messages.who_wrote(sms, account), now)
    return Outcome.FORMER_NUMBER


def _from_client(sms: InboundSms, request_id: int, now: datetime) -> Outcome:
    """Do what a client writes: STOP forgets the number; words a person reads, without it."""
    said = rules.read(sms.text, is_asked=False)
    number, sms.sender, sms.interpretation_request_id = sms.sender, "", request_id
    if Keyword.STOP in {said, sms.keyword}:
        clients.stop(number, now=now)
        return Outcome.CLIENT_STOPPED
    if not isinstance(said, Keyword):
        return unclear.letter(sms)
    if said == Keyword.START:
        clients.start(number)
    clients.answer(number, request_id, now=now)
    return Outcome.STARTED if said == Keyword.START else Outcome.HELPED


def _who_asks(number: str) -> Account | None:
    found = sa.select(Account).where(Account.phone == number, Account.active)
    return db.session.scalar(found.order_by(Account.id).limit(1))


def _note_keyword(sms: InboundSms, said: rules.Reading, now: datetime) -> None:
    """Note what the sender wants, and what the provider did by itself.

    It may take for STOP what is an answer here ("Cancel" while a question is open): it sends
    nothing from then on, whatever the person meant.
    """
    if Keyword.START in {said, sms.keyword}:
        clients.start(sms.sender)
    elif said == Keyword.STOP:
        numbers.stop(sms.sender, now)
    elif sms.keyword == Keyword.STOP:
        numbers.block(sms.sender, now)


def _obey(sms: InboundSms, said: Keyword, account: Account | None, now: datetime) -> Outcome:
    if said == Keyword.STOP:
        return Outcome.STOPPED
    if account is None:
        if not _was_told(sms):
            client_messages.answer(sms.sender, None, f"sms:{sms.id}", now)
        return Outcome.NOT_KEPT
    if said == Keyword.START:
        return Outcome.STARTED
    if not sms.keyword:  # else the provider has answered by itself
        messages.help_with(sms, messages.who_wrote(sms, account), now)
    return Outcome.HELPED


def _was_told(sms: InboundSms) -> bool:
    """Tell whether somebody unknown was told so already: once a week, while it is remembered."""
    before = sa.select(InboundSms.id).where(
        InboundSms.sender == sms.sender,
        InboundSms.id < sms.id,
        InboundSms.outcome == Outcome.NOT_KEPT,
    )
    return db.session.scalar(before.limit(1)) is not None


def _answer(
    sms: InboundSms,
    interpreter: Interpreter,
    asked: Sequence[SmsQuestion],
    said: ByCode | Answer | None,
    now: datetime,
) -> Outcome:
    question: SmsQuestion | None = None
    if isinstance(said, ByCode):
        question = questions.by_code(interpreter, said.code)
    elif said is not None and len(asked) < 2:
        question = asked[0] if asked else questions.last_put_to(interpreter)
    if question is None or said is None:
        return unclear.ask_back(sms, interpreter, asked, now)
    return _act(sms, question, said.answer if isinstance(said, ByCode) else said, now)


def _act(sms: InboundSms, question: SmsQuestion, answer: Answer, now: datetime) -> Outcome:
    """Give the answer to the verb all ways lead to; what it refuses is told where it matters."""
    about = question if isinstance(question, Offer) else question.assignment
    sms.interpretation_request_id = about.interpretation_request_id
    could = isinstance(question, Offer) and question.is_interest
    person = messages.who_wrote(sms, about.interpreter.account)
    if answer == Answer.NO and questions.has_agreed(question):
        messages.still_expected(sms, person, questions.described(question, now), now)
        return Outcome.WANTS_OUT
    try:
        with savepoint():
            answers.by_sms(question, answer, now=now)
    except Refusal as refusal:
        if refusal.code in answers.STANDS_ALREADY:
            return Outcome.REPEATED
        if not answers.must_hear(refusal, answer):
            return Outcome.NOTHING_OPEN
        has_declined = refusal.code == answers.DECLINED_BEFORE
        asked = questions.described(question, now)
        messages.not_taken(sms, person, asked, now, has_declined=has_declined)
        who, request_id = about.interpreter, about.interpretation_request_id
        is_for_a_person = has_declined and settled.might_come(who, request_id, now)
        return Outcome.CHANGED_MIND if is_for_a_person else Outcome.NOT_TAKEN
    if answer == Answer.NO:
        return Outcome.NO
    return Outcome.COULD if could else Outcome.YES


def _readable(text: str) -> str:
    """Return the text without what cannot be kept."""
    kept = (one for one in text if unicodedata.category(one) not in {"Cc", "Cs"} or one in "\n\t")
    return unicodedata.normalize("NFC", "".join(kept))


def _is_postgresql() -> bool:
    return db.session.connection().dialect.name == "postgresql"
