"""Everything the system ever writes, each for its true occasion, delivered into the sink."""

import itertools
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch.accounts import links
from dispatch.accounts.models import Account, WantedLink
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.sites.models import Site
from tests import factories
from tests.factories import NOW

ADDRESS = "https://dolmetschen.dortmund.de"
CANARIES = {
    "case_reference": "CANARY-CASE",
    "note": "CANARY-NOTE",
    "contact": "CANARY-CONTACT",
    "cost_centre": "CANARY-COST",
}
DAY = timedelta(days=1)
REASONS = Reasons(office="CANARY-REASON")


def foretell_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what is random foreseeable, in the lengths it really has."""
    numbers = itertools.count(1)
    monkeypatch.setattr(secrets, "token_hex", lambda octets: f"{next(numbers):0{2 * octets}x}")
    monkeypatch.setattr(
        secrets, "token_urlsafe", lambda octets: f"{next(numbers):0>{-(-octets * 4 // 3)}}"
    )


def play(locale: str) -> None:
    """Live through every occasion to write, and deliver what was written."""
    play = _Play(locale)
    play.accept_and_be_released()
    play.accept_and_be_cancelled()
    play.say_nothing()
    play.be_asked_in_vain()
    play.be_reminded()
    play.sign_in()
    deliver_all()


def accept_and_cancel(locale: str) -> None:
    """Ask, accept, cancel, all at one moment, and deliver."""
    _Play(locale).accept_and_be_cancelled()
    deliver_all()


def deliver_all(at: datetime = NOW) -> None:
    """Hand over everything that waits, in the order it was written."""
    for message_id in db.session.scalars(sa.select(Message.id).order_by(Message.id)).all():
        assert messaging.deliver(message_id, at) is None


def written(name: str | None = None) -> list[Message]:
    """Return the messages of a name (None: all), oldest first."""
    query = sa.select(Message).order_by(Message.id)
    if name is not None:
        query = query.where(Message.name == name)
    return list(db.session.scalars(query))


def in_the_sink(message: Message) -> Path:
    """Return the file the message was delivered to."""
    assert message.provider_reference, f"{message.name} was not delivered"
    return active().sink_dir / message.provider_reference


class _Play:
    def __init__(self, locale: str) -> None:
        with transaction():
            school = factories.organisation("Grundschule Beispiel")
            self.caseworker: Account = factories.account(of=school, locale=locale)
            self.caseworker.name, self.caseworker.email = "Anna Muster", "anna@schule.example"
            self.interpreter: Interpreter = factories.interpreter("ary", locale=locale)
            self.interpreter.account.email = "mira@beispiel.example"
            self.public: Site = factories.site("Bürgerdienste, Stadthaus")
            self.closed: Site = factories.site("Frauenhaus", is_public=False)
        self.days = itertools.count(1)

    def asked(self, site: Site) -> InterpretationRequest:
        number = next(self.days)
        start = factories.TOMORROW_TEN + DAY * (number - 1)
        asked = factories.asked("ary", by=self.caseworker, at=site, start=start, **CANARIES)
        asked.reference = f"DO-2027-{number:06d}"
        return asked

    def offer(self, site: Site) -> Offer:
        with transaction():
            return offers.make(SYSTEM, self.asked(site).id, self.interpreter.id, now=NOW)

    def accepted(self, site: Site) -> Assignment:
        offer = self.offer(site)
        with transaction():
            return offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)

    def accept_and_be_released(self) -> None:
        assignment = self.accepted(self.public)
        deliver_all()
        with transaction():
            cancellations.release(SYSTEM, assignment.id, reasons=REASONS, now=NOW)

    def accept_and_be_cancelled(self) -> None:
        request_id = self.accepted(self.closed).interpretation_request_id
        deliver_all()
        with transaction():
            cancellations.cancel_request(SYSTEM, request_id, reasons=REASONS, now=NOW)

    def say_nothing(self) -> None:
        offer = self.offer(self.public)
        half = offer.made_at + (offer.answer_by - offer.made_at) / 2
        for verb, at in ((offers.remind, half), (offers.expire, offer.answer_by)):
            with transaction():
                verb(offer.id, now=at)
            deliver_all(at)

    def be_asked_in_vain(self) -> None:
        offer = self.offer(self.closed)
        deliver_all()
        with transaction():
            offers.withdraw(SYSTEM, offer.id, now=NOW)

    def be_reminded(self) -> None:
        assignment = self.accepted(self.public)
        with transaction():
            assignments.remind(assignment.id, now=assignment.starts_at - timedelta(hours=16))

    def sign_in(self) -> None:
        with transaction():
            links.want(self.caseworker.email, "/", NOW)
            (wanted_id,) = db.session.scalars(sa.select(WantedLink.id))
            links.send_wanted(wanted_id, base_url=ADDRESS, city="Dortmund", now=NOW)
