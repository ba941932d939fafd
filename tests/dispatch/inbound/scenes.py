"""People who come or are asked, and mail that arrives."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers.incoming import IncomingState
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.inbound import service
from dispatch.inbound.models import InboundMail
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.correspondence import deliver_all, written
from tests.dispatch.inbound.replies import Invited, invited
from tests.factories import NOW


def arrives(mail: bytes, *, is_whole: bool = True) -> InboundMail:
    """Have a mail stored, and taken."""
    number = (db.session.scalar(sa.select(sa.func.max(InboundMail.uid))) or 0) + 1
    with transaction():
        row = InboundMail(
            mailbox="box", uid_validity=1, uid=number, fingerprint=str(number), octets=mail,
            is_whole=is_whole, received_at=NOW, state=IncomingState.STORED,
        )  # fmt: skip
        db.session.add(row)
    with transaction():
        service.take(row.id, now=NOW + timedelta(minutes=10))
    return row


def agreed() -> Assignment:
    """Somebody comes tomorrow at ten, and has the entry in the calendar."""
    with transaction():
        wanted = factories.asked()
        assignment = factories.coming(wanted, factories.interpreter())
    deliver_all()
    return assignment


def moved(assignment: Assignment, hours: int = 1) -> Invited:
    """Move what was agreed; return what the calendar asks then."""
    wanted = assignment.interpretation_request
    details = details_of(wanted)
    details = replace(details, wall_start=details.wall_start + timedelta(hours=hours))
    with transaction():
        amendments.amend(SYSTEM, wanted.id, details, now=NOW)
    deliver_all()
    return invited(entry("assignment_asked_again"))


def entry(name: str) -> Message:
    """Return the last calendar mail of a name."""
    return [one for one in written(name) if one.calendar_text][-1]


def told() -> list[str]:
    return [one.name for one in written()]


def asked() -> Offer:
    """Ask somebody whether they come tomorrow at ten, in the calendar too."""
    with transaction():
        offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    deliver_all()
    return offer


def moved_question(offer: Offer) -> Invited:
    """Move what is asked by an hour before there is an answer; return what the calendar asks."""
    details = details_of(offer.interpretation_request)
    details = replace(details, wall_start=details.wall_start + timedelta(hours=1))
    with transaction():
        amendments.amend(SYSTEM, offer.interpretation_request_id, details, now=NOW)
    deliver_all()
    return invited(entry("offer_changed"))
