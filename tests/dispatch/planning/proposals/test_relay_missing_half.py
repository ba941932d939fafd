"""One of the two of a relay is missing: what is said of it speaks of what is missing."""

from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask

import solver
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.planning.advice import candidates, helping
from dispatch.planning.proposals import service
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.correspondence import deliver_all
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def relayed(locale: str = "en") -> InterpretationRequest:
    """Oromo by way of English: Abdi and Eva have both said yes, Others speaks English, too."""
    with transaction():
        by = factories.account(of=factories.organisation(), locale=locale)
        factories.interpreter("gaz>en", name="Abdi")
        factories.interpreter("en", name="Eva")
        wanted = factories.asked("gaz", by=by, relay_allowed=True)
    question = of_days(TUESDAY, now=NOW)
    with transaction():
        made = service.checked(question, solver.solve(question.problem))
        proposal = service.store(SYSTEM, made, now=NOW)
        adopted = service.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
        for offer in adopted.offers:
            offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    deliver_all()
    with transaction():
        factories.interpreter("en", name="Other")
    return get(InterpretationRequest, wanted.id)


def falls_ill(*names: str) -> None:
    for name in names:
        with transaction():
            [one] = [a for a in db.session.query(Assignment) if a.interpreter.first_name == name]
            withdrawing.cannot_come(SYSTEM, one.id, reasons=Reasons(office="ill"), now=NOW)


def mail_of(name: str) -> str:
    query = sa.select(Message).where(Message.name == name, Message.channel == "email")
    return [one.body for one in db.session.scalars(query.order_by(Message.id))][-1]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de", "für Englisch – Deutsch zu dieser Zeit noch eine andere Person frei"),
        ("en", "one other person is free for English – German at that time"),
        ("el", "ένα άλλο άτομο είναι ελεύθερο για Αγγλικά – Γερμανικά"),
    ],
)
def test_who_is_free_is_counted_for_the_languages_of_the_half_that_is_missing(locale, said):
    relayed(locale)
    falls_ill("Eva")
    assert said in mail_of("interpreter_withdrawn")


def test_once_both_are_gone_nobody_who_cannot_do_all_of_it_counts_as_free():
    relayed()
    falls_ill("Eva", "Abdi")
    last = mail_of("interpreter_withdrawn")
    assert "nobody else is free for Oromo (West Central)" in last
    assert "English" not in last


def test_nobody_reads_that_the_language_between_would_do_alone(app: Flask):
    one = relayed()
    falls_ill("Eva")
    [line] = [each for each in candidates.look(one, NOW).lines if each.fits]
    assert line.interpreter.first_name == "Other"
    assert "those who ask agree" not in line.note
    assert "by relay, English – German" in line.note
    assert "Genügt auch" not in sign_in(app, one.account).get(f"/requests/{one.id}").text


def test_nothing_is_asked_that_would_change_what_the_other_of_the_two_comes_for():
    one = relayed()
    falls_ill("Eva")
    with transaction():
        [other] = [each for each in candidates.look(one, NOW).lines if each.fits]
        for hours in other.interpreter.availability.weekly_hours:
            hours.start = time(12)
    found = helping.as_it_stands(one, now=NOW)
    assert not {each.kind for each in found.remedies} & {"language", "start", "way"}


def test_who_is_asked_for_the_missing_half_reads_who_does_the_other():
    one = relayed()
    falls_ill("Eva")
    [line] = [each for each in candidates.look(one, NOW).lines if each.fits]
    with transaction():
        offers.make(SYSTEM, one.id, line.interpreter.id, now=NOW)
    asked = mail_of("offer")
    assert "you interpret English – German, Abdi interprets Oromo (West Central) – E" in asked
    assert "you hear who it is" not in asked
    assert "You reach Abdi" not in asked
