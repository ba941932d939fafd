"""Who is told what about an assignment, and what the calendar is told."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch import settings
from dispatch.assignments.models import Assignment, Invitation
from dispatch.calendar import invitation as calendar
from dispatch.database import db
from dispatch.languages.rules import name_of
from dispatch.messaging import service as messaging
from dispatch.messaging.mime import SENDER_NAME
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel
from dispatch.messaging.service import CalendarPart, Recipient
from dispatch.sites.models import Site
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class AssignmentFacts:
    """What messages about an assignment may say: nothing about the client or the topic."""

    number: str
    name: str
    day: str
    short_day: str
    start: str
    end: str
    place: str
    district: str
    language: str
    link: str


@dataclass(frozen=True)
class RequesterFacts:
    """What the caseworker is told: first name and language of the interpreter, no more."""

    reference: str
    name: str
    interpreter: str
    language: str
    day: str
    start: str
    end: str
    link: str


def tell_confirmed(assignment: Assignment, now: datetime) -> None:
    """Invite the interpreter (calendar REQUEST) and tell the caseworker who comes."""
    invitation = Invitation(
        assignment=assignment,
        interpreter=assignment.interpreter,
        uid=calendar.new_uid(_mail_domain()),
        token=calendar.new_token(),
        sequence=0,
        stamped_at=now,
    )
    db.session.add(invitation)
    text = calendar.request(_event(invitation))
    _tell_interpreter("assignment_confirmed", invitation, CalendarPart("REQUEST", text), now)
    _tell_requester("interpreter_found", assignment, now)


def tell_released(assignment: Assignment, now: datetime) -> None:
    """Take the entry out of the interpreter's calendar and tell the caseworker it is open again."""
    _withdraw_invitation("assignment_released", assignment, now)
    _tell_requester("interpreter_lost", assignment, now)


def tell_cancelled(assignment: Assignment, now: datetime) -> None:
    """Take the entry out of the interpreter's calendar because the request was cancelled."""
    _withdraw_invitation("assignment_cancelled", assignment, now)


def remind(assignment: Assignment, now: datetime) -> None:
    """Remind the interpreter by SMS."""
    account = assignment.interpreter.account
    messaging.queue(
        "assignment_reminder",
        channel=Channel.SMS,
        recipient=Recipient(
            assignment.interpreter.phone, assignment.interpreter.name, account.locale
        ),
        facts=facts_of(assignment, account.locale),
        about=f"assignment:{assignment.id}",
        now=now,
    )


def facts_of(assignment: Assignment, locale: str) -> AssignmentFacts:
    """Return what may be said about an assignment, in the recipient's language."""
    interpretation_request = assignment.interpretation_request
    zone = interpretation_request.time_zone
    return AssignmentFacts(
        number=str(assignment.id),
        name=assignment.interpreter.name,
        day=date_in(assignment.starts_at, zone, locale),
        short_day=short_date_in(assignment.starts_at, zone, locale),
        start=time_in(assignment.starts_at, zone),
        end=time_in(assignment.ends_at, zone),
        place=_place(interpretation_request.site),
        district=interpretation_request.site.district,
        language=name_of(interpretation_request.language, locale),
        link=f"{settings.active().base_url}/assignments/{assignment.id}",
    )


def _place(site: Site) -> str:
    parts = (site.name, site.address, site.district) if site.is_public else (site.district,)
    return ", ".join(part for part in parts if part)


def _event(invitation: Invitation) -> calendar.CalendarEvent:
    assignment = invitation.assignment
    account = invitation.interpreter.account
    facts = facts_of(assignment, account.locale)
    return calendar.CalendarEvent(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamped_at=invitation.stamped_at,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
        time_zone=assignment.interpretation_request.time_zone,
        summary=render("assignment_confirmed", "summary", account.locale, facts),
        location=facts.place,
        description=facts.link,
        organizer_name=SENDER_NAME,
        organizer_address=_organizer_address(invitation),
        attendee_name=invitation.interpreter.name,
        attendee_address=account.email,
    )


def _withdraw_invitation(name: str, assignment: Assignment, now: datetime) -> None:
    invitation = db.session.scalar(
        sa.select(Invitation).where(
            Invitation.assignment_id == assignment.id, Invitation.cancelled_at.is_(None)
        )
    )
    if invitation is None:
        return
    invitation.sequence += 1
    invitation.stamped_at = calendar.next_stamp(invitation.stamped_at, now)
    invitation.cancelled_at = now
    text = calendar.cancel(_event(invitation))
    _tell_interpreter(name, invitation, CalendarPart("CANCEL", text), now)


def _tell_interpreter(name: str, invitation: Invitation, part: CalendarPart, now: datetime) -> None:
    account = invitation.interpreter.account
    messaging.queue(
        name,
        channel=Channel.EMAIL,
        recipient=Recipient(account.email, invitation.interpreter.name, account.locale),
        facts=facts_of(invitation.assignment, account.locale),
        about=f"assignment:{invitation.assignment.id}",
        now=now,
        calendar=part,
        sender=_organizer_address(invitation),
    )


def _tell_requester(name: str, assignment: Assignment, now: datetime) -> None:
    interpretation_request = assignment.interpretation_request
    account = interpretation_request.account
    messaging.queue(
        name,
        channel=Channel.EMAIL,
        recipient=Recipient(account.email, account.name, account.locale),
        facts=RequesterFacts(
            reference=interpretation_request.reference,
            name=account.name,
            interpreter=assignment.interpreter.first_name,
            language=name_of(interpretation_request.language, account.locale),
            day=date_in(assignment.starts_at, interpretation_request.time_zone, account.locale),
            start=time_in(assignment.starts_at, interpretation_request.time_zone),
            end=time_in(assignment.ends_at, interpretation_request.time_zone),
            link=f"{settings.active().base_url}/requests/{interpretation_request.id}",
        ),
        about=f"request:{interpretation_request.id}",
        now=now,
    )


def _organizer_address(invitation: Invitation) -> str:
    mailbox, domain = settings.active().mail_from.split("@")
    return f"{mailbox}+{invitation.token}@{domain}"


def _mail_domain() -> str:
    return settings.active().mail_from.split("@")[1]
