"""A mobile number of one's own: kept once a code that was sent there has come back."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import database, settings
from dispatch.accounts.models import Account
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.database import db
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import numbers, queries
from dispatch.messaging import service as messaging
from dispatch.messaging.addresses import require_mobile
from dispatch.sms.models import WantedNumber

VALID_FOR = timedelta(minutes=10)
DIGITS = 6
CONSENT_VERSION = 1
"""The wording of what somebody agrees to on the page; another wording has another number."""
CONSENT_BY_NAME = 2
"""The wording where a name sends our SMS, which nobody can answer with STOP."""


@dataclass(frozen=True)
class CodeFacts:
    """The code that comes back, and who sends it."""

    code: str
    minutes: int
    office: str


def wanted_by(account_id: int, now: datetime) -> str | None:
    """Return the number that waits for its code; None for none, or one whose time is over."""
    row = db.session.get(WantedNumber, account_id)
    return row.number if row is not None and now < row.expires_at else None


def has_failed(account_id: int) -> bool:
    """Tell whether the SMS with the last code did not arrive."""
    return queries.has_failed(f"account:{account_id}", "number_code")


def ask(account: Account, text: str, *, now: datetime) -> str:
    """Send a code to the number somebody gives for themselves; return the number in E.164.

    An earlier code is worth nothing from then on. Raises `Refusal` (field phone) for a number that
    cannot receive SMS, and `Conflict` for one that wants none.
    """
    here = settings.active()
    number = require_mobile(text, here.city.phone_region)
    if numbers.is_silent(number):
        raise Conflict(
            "number-silent",
            _l(
                "This number wants no SMS (STOP). Send us START from it, then ask for a code again."
            ),
            field="phone",
        )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    db.session.execute(sa.delete(WantedNumber).where(WantedNumber.account_id == account.id))
    row = WantedNumber(account_id=account.id, number=number, expires_at=now + VALID_FOR)
    row.code_hash = _hash(row, code)
    db.session.add(row)
    notices.tell(
        Notice(
            event=Event.NUMBER_TO_CONFIRM,
            party=Party.OWNER,
            person=Person(account.name, account.locale, "", number),
            facts=CodeFacts(code, int(VALID_FOR.total_seconds() // 60), here.city.office.name),
            about=f"account:{account.id}",
            talk=None,
            now=now,
            until=row.expires_at,
            urgent=True,
        )
    )
    return number


def confirm(account_id: int, code: str, *, now: datetime) -> str:
    """Keep the number whose code came back, with the consent given to it; return the number.

    What waits for its owner goes there.

    Raises `Gone` when no code is valid any more, `Refusal` (field code) for another one. Tries are
    counted by whoever calls, before.
    """
    account = database.lock(Account, account_id)
    row = db.session.get(WantedNumber, account_id, with_for_update=True)
    if row is None or now >= row.expires_at:
        raise Gone("code-over", _l("This code is not valid any more; have a new one sent."))
    if not hmac.compare_digest(row.code_hash, _hash(row, "".join(code.split()))):
        raise Refusal(
            "code-wrong", _l("This is not the code of the last SMS; look again."), field="code"
        )
    interpreter = db.session.scalar(
        sa.select(Interpreter).where(Interpreter.account_id == account_id)
    )
    former = interpreter.phone if interpreter else account.phone
    if interpreter is not None:
        interpreter.phone = row.number
    else:
        account.phone = row.number
    messaging.follow(account.id, former or "", now=now)
    wording = CONSENT_VERSION if settings.active().takes_sms else CONSENT_BY_NAME
    numbers.confirm(row.number, wording, now)
    ledger.record(
        account.actor, "account.changed", Concerning(account=account_id), now=now, fields=["phone"]
    )
    db.session.delete(row)
    return row.number


def forget_old(now: datetime) -> None:
    """Forget numbers whose code nobody gave in time."""
    db.session.execute(sa.delete(WantedNumber).where(WantedNumber.expires_at <= now))


def _hash(row: WantedNumber, code: str) -> str:
    return hashlib.sha256(f"{row.account_id}:{row.number}:{code}".encode()).hexdigest()
