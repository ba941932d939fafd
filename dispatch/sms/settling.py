"""SMS that waited for a person and need none any more: what they are about is settled."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch import database
from dispatch.accounts.models import Account
from dispatch.answers import settled
from dispatch.answers.incoming import IncomingState
from dispatch.clients import service as clients
from dispatch.database import db
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import numbers
from dispatch.requests.rules import ALIVE
from dispatch.sms import queries
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import Outcome, is_answer_alone

SETTLE = "settle_inbound_sms"


def to_settle(now: datetime) -> Sequence[int]:
    """Return the SMS that wait for a person although nobody has to do anything any more."""
    return [sms.id for sms in queries.waiting() if _needs_nobody(sms, now)]


def settle_by_itself(sms_id: int, *, now: datetime) -> None:
    """Close an SMS that needs nobody any more, and say so; nothing happens while it needs one."""
    sms = database.lock(InboundSms, sms_id)
    if sms.state != IncomingState.OPEN or not _needs_nobody(sms, now):
        return
    sms.state, sms.outcome, sms.seen_to_at = IncomingState.SETTLED, Outcome.OVER, now
    ledger.record(
        SYSTEM, "sms.settled", Concerning(account=sms.account_id), now=now, fields=["state"]
    )


def _needs_nobody(sms: InboundSms, now: datetime) -> bool:
    is_over = OVER_WHEN.get(Outcome(sms.outcome))
    return is_over is not None and is_over(sms, now)


def _wants_sms_again(sms: InboundSms, _now: datetime) -> bool:
    """Tell whether START came since, or the number is nobody's (any more)."""
    if not numbers.is_silent(sms.sender):
        return True
    has = sa.select(Account.id).where(Account.phone == sms.sender, Account.active)
    interprets = (
        sa.select(Account.id)
        .join(Interpreter, Interpreter.account_id == Account.id)
        .where(Interpreter.phone == sms.sender, Interpreter.active, Account.active)
    )
    return db.session.scalar(sa.union_all(has, interprets).limit(1)) is None


def _is_reminded_again_or_over(sms: InboundSms, now: datetime) -> bool:
    wanted = sms.interpretation_request
    if wanted is None or wanted.state not in ALIVE or wanted.ends_at <= now:
        return True
    return clients.find(wanted.id) is not None


def _does_not_come(sms: InboundSms, now: datetime) -> bool:
    who = _interpreter(sms)
    return who is None or not settled.comes(who, sms.interpretation_request_id, now)


def _is_asked_nothing(sms: InboundSms, now: datetime) -> bool:
    """Tell whether a lone answer or code has nothing to answer; other words a person reads."""
    if not is_answer_alone(sms.text):
        return False
    who = _interpreter(sms)
    return who is None or not settled.is_asked(who, now)


def _might_not_come(sms: InboundSms, now: datetime) -> bool:
    who = _interpreter(sms)
    return who is None or not settled.might_come(who, sms.interpretation_request_id, now)


def _interpreter(sms: InboundSms) -> Interpreter | None:
    return interpreters.of_account(sms.account_id) if sms.account_id is not None else None


OVER_WHEN: dict[Outcome, Callable[[InboundSms, datetime], bool]] = {
    Outcome.STOPPED: _wants_sms_again,
    Outcome.CLIENT_STOPPED: _is_reminded_again_or_over,
    Outcome.WANTS_OUT: _does_not_come,
    Outcome.CHANGED_MIND: _might_not_come,
    Outcome.UNCLEAR: _is_asked_nothing,
}
"""What is over by itself; what is written in words, or by nobody known, somebody has to read."""
