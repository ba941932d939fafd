"""What a client has heard."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.clients.messages import REMINDER
from dispatch.clients.models import ClientReminder
from dispatch.database import db
from dispatch.messaging import queries as messages
from dispatch.messaging import said
from dispatch.requests.messages import about_client
from dispatch.requests.models import InterpretationRequest


@dataclass(frozen=True)
class Known:
    """A client was reminded; `other_start`: of this one, where it is another by now."""

    other_start: datetime | None


@dataclass(frozen=True)
class Heard:
    """What the client of a request has heard by SMS, and said; `other_start` is one they know."""

    is_reminded: bool
    has_stopped: bool
    has_started_again: bool
    other_start: datetime | None


# Put together once: every page of a request asks it.
_HEARD = (
    sa.select(
        ClientReminder,
        messages.when_first_left(sa.bindparam("about"), {REMINDER}).scalar_subquery(),
    )
    .select_from(InterpretationRequest)
    .outerjoin(ClientReminder, ClientReminder.interpretation_request_id == InterpretationRequest.id)
    .where(InterpretationRequest.id == sa.bindparam("request_id"))
)


def heard(request_id: int, starts_at: datetime) -> Heard:
    """Return it all in one statement: the page of a request may take few."""
    one = {"request_id": request_id, "about": about_client(request_id)}
    reminder, left_at = db.session.execute(_HEARD, one).one()
    stopped = reminder is not None and reminder.number is None
    known = reminder.told_start_at if reminder and left_at else None
    return Heard(
        is_reminded=left_at is not None,
        has_stopped=stopped,
        has_started_again=stopped and not reminder.stopped_by,
        other_start=known if known != starts_at else None,
    )


def is_reminded(request_id: int) -> bool:
    """Tell whether a reminder of a request has left or may have; also once the number is gone."""
    return messages.first_left(about_client(request_id), {REMINDER}) is not None


def knows_of(request_id: int, starts_at: datetime) -> Known | None:
    """Return what the client knows of a request from us; None where no reminder has left."""
    if not is_reminded(request_id):
        return None
    return Known(other_start_known(request_id, starts_at))


def reminded_of(request_ids: Collection[int]) -> frozenset[int]:
    """Return those of several requests of which a reminder has left or may have."""
    by_about = {about_client(one): one for one in request_ids}
    return frozenset(by_about[one] for one in said.left_about(by_about, {REMINDER}))


def has_stopped(request_id: int) -> bool:
    """Tell whether the client of a request wants no SMS, and no other number was given since."""
    reminder = db.session.get(ClientReminder, request_id)
    return reminder is not None and reminder.number is None


def has_started_again(request_id: int) -> bool:
    """Tell whether START came from the number of a client who had stopped."""
    reminder = db.session.get(ClientReminder, request_id)
    return reminder is not None and reminder.number is None and not reminder.stopped_by


def other_start_known(request_id: int, starts_at: datetime) -> datetime | None:
    """Return the start a client was reminded of, where it is another than `starts_at` by now."""
    reminder = db.session.get(ClientReminder, request_id)
    known = reminder.told_start_at if reminder else None
    return known if known not in {None, starts_at} and is_reminded(request_id) else None
