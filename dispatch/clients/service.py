"""Reminding a client by SMS, and forgetting the number: given, replaced, taken back, over."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED
from dispatch.clients import messages, queries, rules
from dispatch.clients.models import ClientReminder
from dispatch.database import db
from dispatch.errors import Conflict, Refusal
from dispatch.languages.checked import locale_for
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.messaging import numbers, passing, whose
from dispatch.messaging import service as messaging
from dispatch.messaging.addresses import require_mobile
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.requests import service as requests
from dispatch.requests.messages import about_client
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, require_alive
from dispatch.settings import active


def give(actor: Actor, request_id: int, number: str, *, consents: bool, now: datetime) -> None:
    """Keep the number a client is reminded at, instead of any given before.

    Raises `Refusal` for what is no mobile number (field phone) or without the client's consent
    (field consents), `Conflict` when the request is over or it is too late for a reminder.
    """
    if not consents:
        raise Refusal(
            "client-has-not-agreed",
            _l("Ask the client first and tick that they want the SMS; without it none is sent."),
            field="consents",
        )
    address = require_mobile(number, active().city.phone_region)
    if numbers.is_silent(address):
        raise Conflict(
            "client-number-silent",
            _l(
                "Whoever has this number asked for no more SMS (STOP). Please agree with the "
                "client on another way, for example the printed card. If they want SMS again, "
                "they send START from it to us first."
            ),
            field="phone",
        )
    wanted = requests.lock(request_id)
    require_alive(wanted.state, wanted.ends_at, now)
    if rules.goes_at(wanted.starts_at, now, active().city) is None:
        raise Conflict("too-late-for-a-reminder", _l("It begins too soon to remind anybody."))
    _forget(wanted.id, now)
    messaging.take_back(_answers_waiting(address), now=now)  # that no SMS comes is not so any more
    locale = locale_for(wanted.language) or messages.locale_of_city()
    db.session.add(
        ClientReminder(
            interpretation_request_id=wanted.id, number=address, locale=locale, consented_at=now
        )
    )
    _record(actor, "request.client_number_given", wanted, now)


def take_back(actor: Actor, request_id: int, *, now: datetime) -> None:
    """Forget the number of a client; nothing happens where none is kept."""
    wanted = requests.lock(request_id)
    if find(wanted.id):
        _forget(wanted.id, now)
        _record(actor, "request.client_number_forgotten", wanted, now)


def find(request_id: int) -> ClientReminder | None:
    """Return by what the client of a request is reminded; None without a number (any more)."""
    reminder = db.session.get(ClientReminder, request_id)
    return reminder if reminder and reminder.number else None


def stop(number: str, *, now: datetime) -> None:
    """Delete a client's number everywhere, because STOP came from it, and tell who asked.

    That it said so is kept as a keyed hash until START comes (decision 0074).
    """
    for request_id in db.session.scalars(_with_number(number)).all():
        wanted = requests.lock(request_id)
        reminder = db.session.get_one(ClientReminder, request_id)
        _erase(reminder, now)
        reminder.stopped_by = numbers.digest(number)
        _record(SYSTEM, "request.client_stopped", wanted, now)
        if wanted.state in ALIVE and now < wanted.ends_at:
            messages.stopped(wanted, now, client_reminded=queries.is_reminded(request_id))
    numbers.stop(number, now)


def start(number: str) -> None:
    """Note that START came from a number; pages of requests whose client stopped by it say so."""
    numbers.start(number)
    db.session.execute(
        sa.update(ClientReminder)
        .where(ClientReminder.stopped_by == numbers.digest(number))
        .values(stopped_by="")
    )


def request_of(number: str) -> int | None:
    """Return the next request a number was given for; None when it is no client's."""
    return db.session.scalar(_with_number(number).limit(1))


def answer(number: str, request_id: int, *, now: datetime) -> None:
    """Tell a client who wrote HELP or START that they are reminded, and whom to call."""
    messages.answer(number, find(request_id), about_client(request_id), now)


def to_remind(now: datetime) -> Sequence[int]:
    """Return the requests whose clients are to be reminded now."""
    return [
        reminder.interpretation_request_id
        for reminder, starts_at in db.session.execute(_coming()).all()
        if _is_due(reminder, starts_at, now)
    ]


def remind(request_id: int, *, now: datetime) -> None:
    """Remind a client, once of each start, if somebody comes."""
    requests.lock(request_id)
    one = _coming().where(ClientReminder.interpretation_request_id == request_id)
    found = db.session.execute(one.execution_options(populate_existing=True)).one_or_none()
    if found is None or not _is_due(found[0], found[1], now):
        return
    reminder, starts_at = found
    has_moved = queries.other_start_known(request_id, starts_at) is not None
    messaging.take_back(about_client(request_id), now=now)
    reminder.told_start_at = starts_at
    messages.remind(reminder, starts_at, now, has_moved=has_moved)


def to_forget(now: datetime) -> Sequence[int]:
    """Return the requests that are over, with their clients' numbers still there."""
    over = sa.or_(InterpretationRequest.ends_at <= now, InterpretationRequest.state.not_in(ALIVE))
    query = sa.select(ClientReminder.interpretation_request_id).join(
        ClientReminder.interpretation_request
    )
    return db.session.scalars(query.where(over)).all()


def forget(request_id: int, *, now: datetime) -> None:
    """Forget the number of a client whose appointment is over or cancelled, or that there was one.

    Nothing is written down of one that their STOP has deleted before.
    """
    take_back(SYSTEM, request_id, now=now)
    _forget(request_id, now)


def _coming() -> sa.Select[ClientReminder, datetime]:
    """Select the reminders of requests to which somebody comes, each with the agreed start."""
    return (
        sa.select(ClientReminder, sa.func.min(Assignment.starts_at))
        .join(ClientReminder.interpretation_request)
        .join(Assignment, Assignment.interpretation_request_id == InterpretationRequest.id)
        .where(
            ClientReminder.number.is_not(None),
            Assignment.state.in_(AGREED),
            InterpretationRequest.state.in_(ALIVE),
        )
        .group_by(ClientReminder.interpretation_request_id)
    )


def _is_due(reminder: ClientReminder, starts_at: datetime, now: datetime) -> bool:
    if not rules.is_due(starts_at, reminder.consented_at, now, active().city):
        return False
    if reminder.told_start_at != starts_at:
        return True
    said = sa.select(Message.id).where(
        Message.about == about_client(reminder.interpretation_request_id),
        Message.name == messages.REMINDER,
        Message.taken_back_at.is_(None),
    )
    return db.session.scalar(said.limit(1)) is None  # taken back when somebody else was to come


def _forget(request_id: int, now: datetime) -> None:
    """Delete what is kept of a client, if anything is."""
    reminder = db.session.get(ClientReminder, request_id)
    if reminder is not None:
        _erase(reminder, now)
        db.session.delete(reminder)
        db.session.flush()


def _erase(reminder: ClientReminder, now: datetime) -> None:
    """Delete the number of a client wherever it stands, if it is not deleted already."""
    number, about = reminder.number, about_client(reminder.interpretation_request_id)
    if number is None:
        return
    messaging.take_back(about, now=now)
    passing.forget(about)
    reminder.number = None
    db.session.flush()
    if request_of(number) is None and not whose.is_had(number):
        numbers.forget(number)


def _answers_waiting(number: str) -> set[str]:
    """Return what answers to START and HELP from a number that have not left yet are about."""
    waiting = sa.select(Message.about).where(
        Message.recipient == number,
        Message.name == messages.ANSWER,
        Message.state == MessageState.QUEUED,
    )
    return set(db.session.scalars(waiting))


def _with_number(number: str) -> sa.Select[int]:
    return (
        sa.select(ClientReminder.interpretation_request_id)
        .join(ClientReminder.interpretation_request)
        .where(ClientReminder.number == number)
        .order_by(InterpretationRequest.starts_at)
    )


def _record(actor: Actor, kind: str, wanted: InterpretationRequest, now: datetime) -> None:
    ledger.record(actor, kind, requests.concerning(wanted), now=now)
