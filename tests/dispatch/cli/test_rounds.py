"""Asking for somebody from the command line."""

import pytest
from flask import Flask

from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from dispatch.offers.models import Offer
from dispatch.requests.rules import RequestState
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_one_request_is_asked_for_by_a_strategy_of_its_own(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        number = factories.asked().reference
        factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
    noted = dragoman("offers", "agree", number, "broadcast")
    assert (noted.code, noted.out, noted.err) == (0, f"{number}: broadcast.\n", "")
    begun = dragoman("offers", "begin", number)
    assert begun.code == 0
    assert "broadcast: 2 people were asked so far." in begun.out
    assert dragoman("offers", "agree", number, "organisation").out == f"{number}: direct.\n"


@pytest.mark.parametrize("strategy", ["direct", "cascade"])
def test_a_proposal_is_adopted_as_direct_offers_or_as_cascades(
    app: Flask, dragoman: Dragoman, strategy: str
) -> None:
    with app.app_context(), transaction():
        factories.asked()
        factories.interpreter(name="Ada")
    planned = dragoman("plan", "--day", "2027-03-02")
    assert planned.out.startswith("Proposal 1:")
    adopted = dragoman("adopt", "1", "--strategy", strategy)
    assert (adopted.code, adopted.out, adopted.err) == (0, "Offers made: 1.\n", "")
    with app.app_context():
        assert db.session.query(Offer).one().round.strategy == strategy
    again = dragoman("adopt", "1")
    assert (again.code, "adopted already" in again.err) == (1, True)
    assert dragoman("adopt", "9").code == 1


@pytest.mark.parametrize("strategy", ["direct", "cascade", "broadcast", "interest", "tiers"])
def test_where_nobody_can_be_asked_it_says_so_and_why_and_what_would_help(
    app: Flask, dragoman: Dragoman, strategy: str
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        number = asked.reference
        ada = factories.interpreter(name="Ada")
        ada.availability.absences.append(Absence(starts_at=asked.starts_at, ends_at=asked.ends_at))
    done = dragoman("offers", strategy, number, DRAGOMAN_NOW="2027-03-01T08:00Z")
    said = done.err.splitlines()
    assert done.code == 1
    assert said[0] == "Nobody can come as things stand, so nobody is asked; look what would help."
    assert "Ada" in said[1]
    assert said[2].startswith("1. Ask Organisation")
    assert "Could it begin at" in said[2]
    assert "below" not in done.err


def test_what_the_office_looks_at_first_is_not_said_to_need_nobody(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        asked.state, asked.needs_review = RequestState.IN_REVIEW, True
        number = asked.reference
        factories.interpreter(name="Ada")
    done = dragoman("offers", "direct", number, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert done.err == "The office looks at it first. Nobody is asked before.\n"


def test_what_would_help_is_put_to_those_who_asked(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        number = asked.reference
        lonely = factories.asked("ti").reference
        together = factories.asked("ti", relay_allowed=True).reference
        ada = factories.interpreter(name="Ada")
        ada.availability.absences.append(Absence(starts_at=asked.starts_at, ends_at=asked.ends_at))
    now = {"DRAGOMAN_NOW": "2027-03-01T08:00Z"}
    assert "Could it begin at" in dragoman("offers", "help", number, **now).out
    put = dragoman("offers", "help", number, "--put", "1", **now)
    assert put.out == "Kim Muster is asked by e-mail.\n"
    assert "was asked already" in dragoman("offers", "help", number, "--put", "1", **now).err
    assert "no such question" in dragoman("offers", "help", number, "--put", "9", **now).err
    with app.app_context(), transaction():
        factories.interpreter(name="Free")
    simply = dragoman("offers", "help", number, **now).out
    assert simply == (
        "1 person can come as it is and can simply be asked; nothing has to be changed.\n"
    )
    nobody = "Nobody of the pool works between this language and German.\n"
    assert dragoman("offers", "candidates", lonely, **now).out == nobody
    assert nobody in dragoman("offers", "direct", lonely, **now).err
    shared = dragoman("offers", "help", together, **now).out
    by_two = "Two may share it; only a plan looks for two: dragoman plan --day 2027"
    assert shared.startswith(by_two)
    assert by_two in dragoman("offers", "candidates", together, **now).out
    assert by_two not in dragoman("offers", "candidates", lonely, **now).out
    nothing = dragoman("offers", "help", lonely, **now).out.splitlines()
    assert nothing[0] == "Nothing that was tried helps: no other start, way, variety or wish."
    assert nothing[-1].endswith("whether another day would do.")
