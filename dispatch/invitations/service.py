"""Issuing a calendar entry and taking it out again; the caller sends what is returned."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from dispatch.calendar import invitation as calendar
from dispatch.contacts.notices import Person
from dispatch.database import db
from dispatch.invitations.models import Invitation
from dispatch.messaging.addresses import new_sender, token_of
from dispatch.messaging.mime import sender_name
from dispatch.messaging.service import CalendarPart
from dispatch.settings import active


@dataclass(frozen=True)
class Entry:
    """What stands in the calendar: when, where, in few neutral words; nothing of the client.

    `url` leads into a talk by video.
    """

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str
    location: str
    description: str
    url: str = ""


@dataclass(frozen=True)
class Issued:
    """What a mail has to carry, and the address it has to come from (RFC 6047, 2.3)."""

    part: CalendarPart
    sender: str


def issue(
    assignment_id: int, interpreter_id: int, person: Person, entry: Entry, *, now: datetime
) -> Issued:
    """Begin the calendar entry of somebody who has said yes."""
    invitation = _begun(interpreter_id, person, now)
    invitation.assignment_id = assignment_id
    return _issued(invitation, "REQUEST", calendar.request(_event(invitation, entry)))


def ask(
    offer_id: int, interpreter_id: int, person: Person, entry: Entry, *, now: datetime
) -> Issued:
    """Begin the calendar entry of somebody who is asked; it says so until there is an answer."""
    invitation = _begun(interpreter_id, person, now)
    invitation.offer_id = offer_id
    event = _event(invitation, entry, tentative=True)
    return _issued(invitation, "REQUEST", calendar.request(event))


def ask_anew(before_id: int, offer_id: int, entry: Entry, *, now: datetime) -> Issued | None:
    """Let a changed question have the entry of the one before; None where there is none."""
    invitation = _next_in_force(Invitation.offer_id == before_id, now)
    if invitation is None:
        return None
    invitation.offer_id = offer_id
    event = _event(invitation, entry, tentative=True)
    return _issued(invitation, "REQUEST", calendar.request(event))


def agree(offer_id: int, assignment_id: int, entry: Entry, *, now: datetime) -> Issued | None:
    """Make the entry of a question that of the assignment; None where there is none in force."""
    invitation = _next_in_force(Invitation.offer_id == offer_id, now)
    if invitation is None:
        return None
    invitation.assignment_id = assignment_id
    return _issued(invitation, "REQUEST", calendar.request(_event(invitation, entry)))


def resume(before_id: int, assignment_id: int) -> None:
    """Let an assignment have the entry of the one before, whose end nobody has heard of."""
    invitation = db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.assignment_id == before_id)
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    if invitation is not None:
        invitation.assignment_id, invitation.cancelled_at = assignment_id, None


def end_question(
    offer_id: int, entry: Entry, *, answer: str | None, now: datetime
) -> Issued | None:
    """End the entry of a question; None where there is none in force.

    `answer` is "yes" or "no", None where none was given.
    """
    return _ended(Invitation.offer_id == offer_id, entry, answer, now)


def update(
    assignment_id: int, entry: Entry, *, tentative: bool = False, now: datetime
) -> Issued | None:
    """Change the entry in the calendar; None where there is none in force.

    `tentative`: the person has not said yes to what it shows now.
    """
    invitation = _next_in_force(Invitation.assignment_id == assignment_id, now)
    if invitation is None:
        return None
    event = _event(invitation, entry, tentative=tentative)
    return _issued(invitation, "REQUEST", calendar.request(event))


def cancel(assignment_id: int, entry: Entry, *, answer: str | None, now: datetime) -> Issued | None:
    """Take the entry out of the calendar; None where there is none in force.

    `answer` is what the person said to it last, "yes" or "no", None where they have not.
    """
    return _ended(Invitation.assignment_id == assignment_id, entry, answer, now)


def _begun(interpreter_id: int, person: Person, now: datetime) -> Invitation:
    organizer = new_sender(active().mail_from)
    invitation = Invitation(
        interpreter_id=interpreter_id,
        uid=calendar.new_uid(organizer.rpartition("@")[2]),
        token=token_of(organizer),
        sequence=0,
        stamped_at=now,
        organizer_name=sender_name(),
        organizer_address=organizer,
        attendee_name=person.name,
        attendee_address=person.email,
    )
    db.session.add(invitation)
    return invitation


def _ended(
    whose: sa.ColumnElement[bool], entry: Entry, answer: str | None, now: datetime
) -> Issued | None:
    invitation = _next_in_force(whose, now)
    if invitation is None:
        return None
    invitation.cancelled_at = now
    event = replace(
        _event(invitation, entry), accepted=answer == "yes", declined=answer == "no", asks=False
    )
    return _issued(invitation, "CANCEL", calendar.cancel(event))


def _next_in_force(whose: sa.ColumnElement[bool], now: datetime) -> Invitation | None:
    """Return the entry with the number and the stamp of the next message about it."""
    invitation = db.session.scalar(
        sa.select(Invitation).where(whose, Invitation.cancelled_at.is_(None))
    )
    if invitation is not None:
        invitation.sequence += 1
        invitation.stamped_at = calendar.next_stamp(invitation.stamped_at, now)
    return invitation


def _issued(invitation: Invitation, method: str, text: str) -> Issued:
    return Issued(CalendarPart(method, text), invitation.organizer_address)


def _event(
    invitation: Invitation, entry: Entry, *, tentative: bool = False
) -> calendar.CalendarEvent:
    return calendar.CalendarEvent(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamped_at=invitation.stamped_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        time_zone=entry.time_zone,
        summary=entry.summary,
        location=entry.location,
        description=entry.description,
        url=entry.url,
        organizer_name=invitation.organizer_name,
        organizer_address=invitation.organizer_address,
        attendee_name=invitation.attendee_name,
        attendee_address=invitation.attendee_address,
        accepted=not tentative,
        tentative=tentative,
        asks=active().imap_url is not None,
    )
