"""A no that was written down by mistake: the person is asked anew, and the round goes on."""

import pytest

from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import RoundState, Strategy
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


@pytest.fixture
def asked() -> InterpretationRequest:
    with transaction():
        return factories.asked()


@pytest.fixture
def ben() -> Interpreter:
    with transaction():
        return factories.interpreter(name="Ben")


def said_no(offer: Offer) -> None:
    with transaction():
        answers.by_telephone(SYSTEM, offer, Answer.NO, now=NOW)


def unsay(offer: Offer) -> Offer:
    with transaction():
        return offers.unsay(SYSTEM, offer.id, now=NOW)


def only_question(asked: InterpretationRequest) -> Offer:
    [offer] = queries.open_for(asked.id)
    return offer


def test_a_cascade_waits_for_the_same_person_again(
    asked: InterpretationRequest, ben: Interpreter
) -> None:
    with transaction():
        factories.interpreter(name="Cem")
        rounds.cascade(SYSTEM, asked.id, now=NOW)
    before = only_question(asked)
    said_no(before)
    again = unsay(before)
    with transaction():
        rounds.carry_on(again.round_id, now=NOW)
    assert again.interpreter_id == before.interpreter_id
    assert queries.open_for(asked.id) == [again]
    assert (again.round_id, again.round.state) == (before.round_id, RoundState.OPEN)


def test_where_the_next_is_asked_already_the_seat_is_theirs(
    asked: InterpretationRequest, ben: Interpreter
) -> None:
    with transaction():
        factories.interpreter(name="Cem")
        rounds.cascade(SYSTEM, asked.id, now=NOW)
    before = only_question(asked)
    said_no(before)
    with transaction():
        rounds.carry_on(before.round_id, now=NOW)
    with pytest.raises(Conflict, match="Somebody else was asked"):
        unsay(before)
    assert only_question(asked).interpreter_id != before.interpreter_id


@pytest.mark.parametrize("strategy", [Strategy.BROADCAST, Strategy.INTEREST])
def test_who_was_asked_with_others_is_asked_as_before(
    asked: InterpretationRequest, ben: Interpreter, strategy: Strategy
) -> None:
    with transaction():
        rounds.begin(SYSTEM, asked.id, strategy, now=NOW)
    before = only_question(asked)
    said_no(before)
    again = unsay(before)
    assert (again.exclusive, again.is_interest) == (False, before.is_interest)
    assert again.round.strategy == strategy


def test_a_no_of_their_own_stays(asked: InterpretationRequest, ben: Interpreter) -> None:
    with transaction():
        offer = offers.make(SYSTEM, asked.id, ben.id, now=NOW)
        answers.by_page(ben.account, offer.id, Answer.NO, now=NOW)
    with pytest.raises(Conflict, match="not written down by the office"):
        unsay(offer)
