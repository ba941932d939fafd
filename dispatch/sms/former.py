"""Numbers somebody has given up: whose they were, and what is said to who writes from there."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.contacts.notices import Person
from dispatch.database import db
from dispatch.messaging import whose
from dispatch.messaging.rules import Channel
from dispatch.sms import messages
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import Outcome

REMEMBERED_FOR = timedelta(days=60)
"""How long an answer may still be to what was sent there."""
SAID_AGAIN_AFTER = timedelta(days=1)


def owner(number: str, now: datetime) -> Account | None:
    """Return who had a number until lately, by what was sent there; None where nobody knows."""
    had_by = whose.last_told_at(number, now - REMEMBERED_FOR)
    account = db.session.get(Account, had_by) if had_by is not None else None
    if account and account.active and whose.address(account.id, Channel.SMS) != number:
        return account
    return None


def tell(sms: InboundSms, person: Person, now: datetime) -> None:
    """Say to who wrote that it does not count, once a day."""
    before = sa.select(InboundSms.id).where(
        InboundSms.sender == sms.sender,
        InboundSms.id < sms.id,
        InboundSms.outcome == Outcome.FORMER_NUMBER,
        InboundSms.received_at > now - SAID_AGAIN_AFTER,
    )
    if db.session.scalar(before.limit(1)) is None:
        messages.from_former_number(sms, person, now)
