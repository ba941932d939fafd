"""What becomes of a question: silence, a yes that meets something else, a team, a way too long."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments import terms
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.database import transaction
from dispatch.errors import Conflict, Gone
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ACROSS_TOWN = (51.5870, 7.4440)
"""Eving, in the north; the city hall is in the middle."""


def people(*names: str) -> list[Interpreter]:
    with transaction():
        return [factories.interpreter(name=name) for name in names]


def asks(start: datetime = TOMORROW_TEN, interpreters: int = 1) -> InterpretationRequest:
    with transaction():
        return factories.asked(start=start, interpreters=interpreters)


def questions(asked: InterpretationRequest) -> list[Offer]:
    return [one for one in queries.of_request(asked.id) if one.state == OfferState.MADE]


def yes(offer: Offer, now: datetime = NOW) -> None:
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=now)


def moved(asked: InterpretationRequest, start: datetime) -> None:
    with transaction():
        amendments.amend(SYSTEM, asked.id, replace(details_of(asked), wall_start=start), now=NOW)


def told(name: str) -> set[tuple[str, str]]:
    return {(one.recipient_name.split()[0], one.channel) for one in written(name)}


def test_an_overlap_across_town_is_refused_with_the_way_in_numbers_and_the_nearest_start() -> None:
    [mira] = people("Mira")
    here = asks()
    with transaction():
        factories.coming(here, mira)
        eving = factories.site("Eving", point=ACROSS_TOWN)
        at_once, too_soon, in_time = (
            factories.asked(at=eving, start=TOMORROW_TEN + timedelta(minutes=minutes))
            for minutes in (30, 65, 105)
        )
    # While she is at the city hall until eleven she cannot be in Eving, and the office reads why.
    with pytest.raises(Conflict) as refused, transaction():
        offers.make(SYSTEM, at_once.id, mira.id, now=NOW)
    way = r"another assignment already, \d\d min away \(estimate\)"
    refused.match(rf"{way}\. The nearest start that fits is .*11:\d\d")
    # At five past eleven there is no time for the way.
    with pytest.raises(Conflict) as refused, transaction():
        offers.make(SYSTEM, too_soon.id, mira.id, now=NOW)
    refused.match(r"takes \d\d min \(estimate\).* \d+ min more than there is time")
    nearest = str(refused.value).rpartition(" is ")[2]
    assert "11:" in nearest
    # At a quarter to twelve there is.
    with transaction():
        offers.make(SYSTEM, in_time.id, mira.id, now=NOW)


def test_the_silent_interpreter(frozen_clock: FrozenClock) -> None:
    silent, _next = people("Silent", "Next")
    asked = asks(TOMORROW_TEN + timedelta(days=14))
    with transaction():
        begun = rounds.cascade(SYSTEM, asked.id, now=NOW)
    [question] = questions(asked)
    first = question.interpreter
    deliver_all()
    # Half of the time is gone: one SMS, and no second.
    assert question.remind_at is not None
    frozen_clock.move_to(question.remind_at)
    for _again in range(2):
        with transaction():
            offers.remind(question.id, now=question.remind_at)
    assert told("offer_reminder") == {(first.first_name, "sms")}
    # Silence is no yes: when the time is over the next best is asked, and the first hears it.
    due = question.answer_by
    frozen_clock.move_to(due)
    with transaction():
        offers.expire(question.id, now=due)
    for one in begun:
        with transaction():
            rounds.carry_on(one.id, now=due)
    assert question.state == OfferState.EXPIRED
    assert told("offer_expired") == {(first.first_name, "email")}
    [second] = questions(asked)
    assert second.interpreter_id != first.id
    # Their yes comes too late; "no answer" is not "declined", so a person may ask them again.
    with pytest.raises(Gone, match="run out"):
        yes(question, due)
    with transaction():
        offers.withdraw(SYSTEM, second.id, now=due)
        for one in begun:
            offers.stop(SYSTEM, one.id, now=due)
        offers.make(SYSTEM, asked.id, first.id, now=due)
    assert silent.id in {one.interpreter_id for one in queries.of_request(asked.id)}


def test_thirty_accept_and_one_comes() -> None:
    asked = asks()
    people(*(f"P{number}" for number in range(30)))
    with transaction():
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    asked_at_once = questions(asked)
    deliver_all()
    yes(asked_at_once[7])
    late = [one for one in asked_at_once if one is not asked_at_once[7]]
    for one in late:
        with pytest.raises(Conflict, match="Somebody else comes already"):
            yes(one)
    assert len(told("offer_lost")) == 2 * len(late)
    assert {one.interpreter_id for one in questions(asked)} == set()


def test_accept_against_withdraw() -> None:
    mira, nour = people("Mira", "Nour")
    # The office was first: the yes is told that nobody is needed.
    asked = asks()
    with transaction():
        question = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    deliver_all()
    with transaction():
        offers.withdraw(SYSTEM, question.id, now=NOW)
    with pytest.raises(Gone, match="no longer needed"):
        yes(question)
    assert told("offer_withdrawn") == {("Mira", "email"), ("Mira", "sms")}
    # The yes was first: there is no question to take back any more.
    with transaction():
        question = offers.make(SYSTEM, asked.id, nour.id, now=NOW)
    yes(question)
    with pytest.raises(Conflict, match="answered meanwhile"), transaction():
        offers.withdraw(SYSTEM, question.id, now=NOW)
    assert asked.state == "filled"
    assert ("Nour", "email") not in told("offer_withdrawn")


def test_a_time_change_after_acceptance() -> None:
    [mira] = people("Mira")
    asked = asks()
    with transaction():
        comes = factories.coming(asked, mira)
    deliver_all()
    moved(asked, TOMORROW_TEN + timedelta(hours=4))
    # The yes was to ten: nobody is sure until she says yes to two, with old and new side by side.
    assert (comes.state, asked.state) == (AssignmentState.TO_RECONFIRM, "open")
    mail, _sms = written("assignment_asked_again")
    assert "14:00" in mail.body.partition("Before:")[0]
    assert "10:00" in mail.body.partition("Before:")[2]
    question = terms.open_question(comes)
    assert question is not None
    with transaction():
        amendments.accept(SYSTEM, question.id, via=Via.LINK, now=NOW)
    assert (comes.state, asked.state) == (AssignmentState.CONFIRMED, "filled")
    assert [one.answer for one in comes.confirmations] == ["yes", "yes"], "the old answer stays"


def test_a_change_while_the_answer_is_on_its_way() -> None:
    [mira] = people("Mira")
    asked = asks()
    with transaction():
        question = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    deliver_all()
    # She reads ten; before she presses, the school says two.
    moved(asked, TOMORROW_TEN + timedelta(hours=4))
    with pytest.raises(Conflict, match="changed while your answer was on its way"):
        yes(question)
    assert asked.state == "open"
    [anew] = questions(asked)
    assert told("offer_changed") == {("Mira", "email"), ("Mira", "sms")}
    with transaction():
        answers.by_page(mira.account, anew.id, Answer.YES, now=NOW)
    assert asked.state == "filled"


def test_a_team_of_two_with_one_declining() -> None:
    ada, ben, cleo = people("Ada", "Ben", "Cleo")
    asked = asks(interpreters=2)
    with transaction():
        first, second = (offers.make(SYSTEM, asked.id, one.id, now=NOW) for one in (ada, ben))
    deliver_all()
    yes(first)
    assert asked.state == "open", "one of two is not enough"
    with transaction():
        offers.decline(SYSTEM, second.id, via=Via.LINK, now=NOW)
    # Ada comes all the same, the other seat is free again, and Ben is not asked again.
    with pytest.raises(Conflict), transaction():
        offers.make(SYSTEM, asked.id, ben.id, now=NOW)
    with transaction():
        third = offers.make(SYSTEM, asked.id, cleo.id, now=NOW)
    yes(third)
    assert asked.state == "filled"
    deliver_all()
    [found] = [one for one in written("interpreter_found") if one.state == "sent"][-1:]
    assert "Cleo" in found.body
