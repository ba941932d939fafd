"""What interpreters said, and what was done by mistake, from the command line."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.runs import service as runs
from tests import factories
from tests.dispatch.cli.conftest import Dragoman
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT = "2027-03-01T08:00Z"


@pytest.fixture
def asked(app: Flask) -> tuple[str, list[str]]:
    """Ada is asked for three dates with one action; her address and the numbers."""
    with app.app_context():
        with transaction():
            ada = factories.interpreter(name="Ada")
            every = [factories.asked(start=TOMORROW_TEN + timedelta(days=n)) for n in range(3)]
            for one in every:
                offers.make(SYSTEM, one.id, ada.id, now=NOW)
        return ada.account.email, [one.reference for one in every]


def states(app: Flask, model: type[Any]) -> list[str]:
    with app.app_context():
        return [one.state for one in db.session.query(model).order_by(model.id)]


@pytest.mark.parametrize(("said", "state"), [("yes", "accepted"), ("no", "declined")])
def test_one_answer_is_written_down_for_all_that_was_asked_together(
    app: Flask, dragoman: Dragoman, asked: tuple[str, list[str]], said: str, state: str
) -> None:
    ada, numbers = asked
    done = dragoman("offers", "answer", numbers[1], ada, said, "--all", DRAGOMAN_NOW=AT)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [f"{number}: said {said}" for number in numbers]
    assert states(app, Offer) == [state] * 3


def test_all_of_them_is_yes_or_no(dragoman: Dragoman, asked: tuple[str, list[str]]) -> None:
    ada, numbers = asked
    wrong = dragoman("offers", "answer", numbers[0], ada, "could", "--all", DRAGOMAN_NOW=AT)
    assert (wrong.code, "yes or no" in wrong.err) == (2, True)


def test_a_no_written_down_by_mistake_is_taken_back(
    app: Flask, dragoman: Dragoman, asked: tuple[str, list[str]]
) -> None:
    ada, numbers = asked
    dragoman("offers", "answer", numbers[0], ada, "no", DRAGOMAN_NOW=AT)
    back = dragoman("offers", "unsay", numbers[0], ada, DRAGOMAN_NOW=AT)
    assert (back.code, back.err) == (0, "")
    assert "Ada Beispiel: asked" in back.out
    assert states(app, Offer)[-1] == "made"
    again = dragoman("offers", "unsay", numbers[0], ada, DRAGOMAN_NOW=AT)
    assert (again.code, "not written down" in again.err) == (1, True)


def test_who_was_released_by_mistake_comes_again(
    app: Flask, dragoman: Dragoman, asked: tuple[str, list[str]]
) -> None:
    ada, numbers = asked
    dragoman("offers", "answer", numbers[0], ada, "yes", DRAGOMAN_NOW=AT)
    dragoman("offers", "release", numbers[0], ada, "--reason", "mistaken", DRAGOMAN_NOW=AT)
    back = dragoman("offers", "bring-back", numbers[0], ada, DRAGOMAN_NOW=AT)
    assert (back.code, back.err) == (0, "")
    assert states(app, Assignment) == ["released", "confirmed"]
    again = dragoman("offers", "bring-back", numbers[0], ada, DRAGOMAN_NOW=AT)
    assert (again.code, "was not released" in again.err) == (1, True)


def test_a_part_of_a_proposal_is_adopted_and_the_rest_later(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        for name in ("Ada", "Ben"):
            factories.interpreter(name=name)
        numbers = [factories.asked().reference for _ in range(2)]
        other = factories.asked("tr").reference
    assert dragoman("plan", "--day", "2027-03-02", DRAGOMAN_NOW=AT).out.startswith("Proposal 1:")
    wrong = dragoman("adopt", "1", "--only", other, DRAGOMAN_NOW=AT)
    assert (wrong.code, "not in this proposal" in wrong.err) == (1, True)
    one = dragoman("adopt", "1", "--only", numbers[1], DRAGOMAN_NOW=AT)
    assert (one.code, one.out) == (0, "Offers made: 1.\n")
    with app.app_context():
        [made] = db.session.query(Offer)
        assert made.interpretation_request.reference == numbers[1]
    assert dragoman("adopt", "1", DRAGOMAN_NOW=AT).out == "Offers made: 1.\n"


def test_a_plan_that_runs_is_stopped(app: Flask, dragoman: Dragoman) -> None:
    stop = ("stop-planning", "--day", "2027-03-02")
    nothing = dragoman(*stop, DRAGOMAN_NOW=AT)
    assert (nothing.code, "No plan of this day runs" in nothing.err) == (1, True)
    with app.app_context(), transaction():
        actor = factories.account(Role.COORDINATOR).actor
        run, _new = runs.begin(actor, TUESDAY, disturb_at_most=0, weights=[1], now=NOW)
        run_id = run.id
    assert "best plan it has" in dragoman(*stop, DRAGOMAN_NOW=AT).out
    with app.app_context():
        assert runs.is_asked_to_stop(run_id)
