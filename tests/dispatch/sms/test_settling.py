"""An SMS that waited for a person leaves by itself once what it was about is settled."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.answers import service as answers
from dispatch.answers.incoming import IncomingState
from dispatch.answers.service import Answer
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.clients import service as clients
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.sms import queries, settling
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import Outcome
from tests import factories
from tests.dispatch.sms.test_taking import MIRA, asked, code_of, comes_in, interpreter
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session", "frozen_clock")
CLIENT = "+4915111111133"
LATER = NOW + timedelta(minutes=1)


def what_waits() -> list[str]:
    """Return what still waits for a person a minute later."""
    for sms_id in list(settling.to_settle(LATER)):
        with transaction():
            settling.settle_by_itself(sms_id, now=LATER)
    return [sms.outcome for sms in queries.waiting()]


def unclear_twice() -> InboundSms:
    comes_in("J1Z")
    return comes_in("N77K")


def test_an_unclear_sms_leaves_when_its_writer_answers_by_another_way() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    unclear = unclear_twice()
    assert what_waits() == [Outcome.UNCLEAR]
    with transaction():
        answers.by_telephone(SYSTEM, offer, Answer.YES, now=LATER)
    assert what_waits() == []
    db.session.refresh(unclear)
    assert (unclear.state, unclear.outcome) == (IncomingState.SETTLED, Outcome.OVER)


def test_an_unclear_sms_leaves_when_the_question_is_taken_back_and_not_while_another_is_open() -> (
    None
):
    with transaction():
        mira = interpreter()
    first, second = asked(mira), asked(mira, days=1)
    unclear_twice()
    for offer, waits in ((first, [Outcome.UNCLEAR]), (second, [])):
        with transaction():
            offers.withdraw(SYSTEM, offer.id, now=LATER)
        assert what_waits() == waits


def test_words_stay_until_they_are_read_whatever_else_is_answered() -> None:
    with transaction():
        mira = interpreter()
    offer, _other = asked(mira), asked(mira, days=1)
    comes_in("Ja")
    comes_in("Ja aber erst ab 11")
    for answer in ("J", "N"):
        comes_in(f"{answer}{code_of(offer if answer == 'J' else _other)}")
    assert what_waits() == [Outcome.UNCLEAR]


def test_a_stop_leaves_when_start_comes_and_not_before() -> None:
    with transaction():
        interpreter()
    comes_in("STOP")
    assert what_waits() == [Outcome.STOPPED]
    comes_in("START")
    assert what_waits() == []


def test_a_stop_leaves_when_the_number_is_nobodys_any_more() -> None:
    with transaction():
        mira = interpreter()
    comes_in("STOP")
    with transaction():
        mira.phone = "+4915111111144"
    assert what_waits() == []


def test_a_no_after_a_yes_leaves_once_the_person_is_released() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    code = code_of(offer)
    comes_in(f"J{code}")
    comes_in(f"N{code}")
    assert what_waits() == [Outcome.WANTS_OUT]
    with transaction():
        (assignment,) = db.session.scalars(sa.select(Assignment))
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons("x", "x"), now=LATER)
    assert what_waits() == []


def test_a_yes_after_a_no_leaves_once_they_are_assigned_or_nobody_is_looked_for() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    comes_in("Nein")
    comes_in("Ja")
    assert what_waits() == [Outcome.CHANGED_MIND]
    with transaction():
        offers.assign(SYSTEM, offer.interpretation_request_id, mira.id, now=LATER)
    assert what_waits() == []
    assert comes_in("Ja").outcome == Outcome.REPEATED


def test_a_clients_stop_leaves_when_another_number_is_given() -> None:
    with transaction():
        wanted = factories.asked()
        factories.coming(wanted, factories.interpreter())
        clients.give(SYSTEM, wanted.id, CLIENT, consents=True, now=NOW)
    comes_in("STOP", CLIENT)
    assert what_waits() == [Outcome.CLIENT_STOPPED]
    with transaction():
        clients.give(SYSTEM, wanted.id, MIRA, consents=True, now=NOW)
    assert what_waits() == []


def test_what_is_written_in_words_waits_until_somebody_has_read_it() -> None:
    with transaction():
        interpreter()
    comes_in("Ich bin ab Montag im Urlaub.")
    assert what_waits() == [Outcome.LETTER]
    with transaction():
        db.session.get_one(Account, interpreter_account()).active = False
    assert what_waits() == [Outcome.LETTER]


def interpreter_account() -> int:
    (letter,) = queries.waiting()
    assert letter.account_id is not None
    return letter.account_id
