"""What programs of others ask for: calendars subscribed to, receipts of an SMS provider."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic, sleep
from urllib.parse import urlencode

import psutil
import requests
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from bench.load.calls import caller
from bench.load.driving import Call, drive
from bench.load.provider import TOKEN
from bench.load.rows import Row, cpu_seconds
from bench.load.town import Town
from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.feeds import service as feeds
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.sms.messages import HelpFacts

POLLS_A_SECOND = 83.0
"""5,000 calendars, each once a minute."""
RECEIPTS_A_SECOND = 200.0
STATUSES = ("queued", "sending", "sent", "delivered")
MOST_SECONDS = 60.0
BENCH = "receipts"


def subscribed(town: Town, processes: Mapping[str, psutil.Popen], seconds: float) -> Iterator[Row]:
    """L5 and L6: everybody's calendar is asked for again and again; then one assignment ends."""
    known = {address: requests.get(address, timeout=30).headers["ETag"] for address in _feeds(town)}
    polls = [_poll(address, etag) for address, etag in known.items()]
    begun, before = monotonic(), cpu_seconds(processes)
    found = drive(polls, POLLS_A_SECOND, seconds)
    share = (cpu_seconds(processes) - before) / (monotonic() - begun) / (psutil.cpu_count() or 1)
    unchanged = found.statuses[304] == len(found.took_ms)
    yield Row(
        "L5",
        f"{len(polls)} calendars, {POLLS_A_SECOND:.0f} a second, unchanged",
        "all 304, p95 50 ms, 25 % of the machine",
        f"{found.said}, {found.statuses[304]} unchanged, {share:.0%} of the machine",
        unchanged and found.percentile(0.95) <= 50 and share <= 0.25,
    )
    yield _one_changes(town, polls)


def _feeds(town: Town) -> list[str]:
    """Give everybody who may have one a calendar; return their addresses."""
    with town.app.app_context(), transaction():
        people = sa.select(Account).where(Account.role.in_(feeds.MAY_HAVE_ONE), Account.active)
        return [
            feeds.renew(account.actor, account, now=clock.now())
            for account in db.session.scalars(people)
        ]


def _poll(address: str, etag: str) -> Call:
    return caller("GET", address, {"If-None-Match": etag})


def _one_changes(town: Town, polls: Sequence[Call]) -> Row:
    """Release one assignment; only who has to do with it gets a new calendar, within a second."""
    with town.app.app_context(), transaction():
        one = db.session.scalars(
            sa.select(Assignment)
            .where(
                Assignment.state == AssignmentState.CONFIRMED, Assignment.starts_at > clock.now()
            )
            .order_by(Assignment.starts_at.desc())
        ).first()
        if one is None:
            return Row("L6", "one assignment changes", "1 s", "nothing was agreed", None)
        organisation_id = one.interpretation_request.organisation_id
        cancellations.release(SYSTEM, one.id, reasons=Reasons(office="measured"), now=clock.now())
    released = monotonic()
    changed = [poll for poll in polls if poll() == 200]
    took = monotonic() - released
    with town.app.app_context():
        concerned = 2 + int(
            db.session.scalar(
                sa.select(sa.func.count(Account.id)).where(
                    Account.organisation_id == organisation_id
                )
            )
            or 0
        )
        db.session.remove()
    figure = (
        f"{len(changed)} of {len(polls)} have changed (one interpreter, the office, one "
        f"organisation), all asked within {took:.1f} s"
    )
    return Row("L6", "one assignment changes", "only theirs", figure, 0 < len(changed) <= concerned)


def receipts(town: Town, seconds: float) -> Row:
    """L9: the provider reports each step of many SMS, signed, in order."""
    texts = max(1, int(RECEIPTS_A_SECOND * min(seconds, 30) / len(STATUSES)))
    taken = _taken(town, texts)
    calls = [
        _report(town, message_id, reference, status)
        for status, (message_id, reference) in itertools.product(STATUSES, taken)
    ]
    found = drive(calls, RECEIPTS_A_SECOND, len(calls) / RECEIPTS_A_SECOND)
    with town.app.app_context():
        query = sa.select(sa.func.count(Message.id)).where(
            Message.about == BENCH, Message.receipt == STATUSES[-1]
        )
        applied = int(db.session.scalar(query) or 0)
        db.session.remove()
    figure = f"{found.said}; {applied} of {texts} SMS arrived"
    met = found.percentile(0.95) <= 100 and not found.failed and applied == texts
    return Row("L9", "receipts, 200 a second, signed", "p95 100 ms, all applied", figure, met)


def _taken(town: Town, texts: int) -> list[tuple[int, str]]:
    """Have so many SMS taken by the provider; return each with the provider's name for it."""
    with town.app.app_context(), transaction():
        for number in range(texts):
            messaging.queue(
                "sms_help",
                channel=Channel.SMS,
                recipient=messaging.Recipient(f"+49151{20000000 + number}", "", "de"),
                facts=HelpFacts("Dolmetschvermittlung", "+492315000"),
                about=BENCH,
                now=clock.now(),
            )
    until = monotonic() + MOST_SECONDS
    query = sa.select(Message.id, Message.provider_reference).where(
        Message.about == BENCH, Message.state == MessageState.SENT
    )
    while monotonic() < until:
        with town.app.app_context():
            found = [(id_, str(reference)) for id_, reference in db.session.execute(query)]
            db.session.remove()
        if len(found) == texts:
            return found
        sleep(0.5)
    raise TimeoutError(f"{len(found)} of {texts} SMS were taken")


def _report(town: Town, message_id: int, reference: str, status: str) -> Call:
    address = f"{town.address}/sms/receipts/{message_id}"
    form = {"MessageSid": reference, "MessageStatus": status}
    signature = RequestValidator(TOKEN).compute_signature(address, form)
    headers = {
        "X-Twilio-Signature": str(signature),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return caller("POST", address, headers, urlencode(form))
