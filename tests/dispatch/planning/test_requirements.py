"""What is asked of a person, as a requirement or as a wish, and what the law asks."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.amendments.foreseeing import details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Several
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import able, candidates_page
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.page import proposal_page
from dispatch.planning.proposals.rules import items_of
from dispatch.requests import importing
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def somebody(name: str, qualification: str | None = None, **more: Any) -> Interpreter:
    with transaction():
        return factories.interpreter(name=name, qualification=qualification, **more)


def wanted(setting: str = "school", **more: Any) -> InterpretationRequest:
    with transaction():
        one = factories.asked(**more)
        one.setting = setting
        return one


def names_able(to: InterpretationRequest) -> list[str]:
    people = [db.session.get_one(Interpreter, id_) for id_ in able(to, now=NOW)]
    return [one.first_name for one in people]


@pytest.mark.parametrize(
    "why", [{"decides_on_rights": True}, {"is_signed": True}, {"setting": "court_and_police"}]
)
def test_no_volunteer_interprets_what_has_legal_consequences(why: dict[str, Any]) -> None:
    vera = somebody("Vera", "volunteer")
    somebody("Sam", "sprint")
    asked = wanted(**why)
    assert asked.has_legal_consequences
    assert names_able(asked) == ["Sam"]
    page = candidates_page(asked, NOW)
    assert page
    [line] = [line for line in page.lines if not line.fits]
    assert [str(one) for one in line.reasons] == [
        "is not SprInt or more, and what is said has legal consequences"
    ]
    for act in (offers.make, offers.assign):
        with pytest.raises(Conflict, match="legal consequences"), transaction():
            act(SYSTEM, asked.id, vera.id, now=NOW)


def test_the_law_is_no_wish_that_those_who_ask_could_do_without() -> None:
    somebody("Vera", "volunteer")
    wanted(decides_on_rights=True)
    made = planning.compute(TUESDAY, now=NOW)
    assert items_of(made.plan) == []
    with transaction():
        proposal = planning.store(SYSTEM, made, now=NOW)
    [unfilled] = proposal_page(proposal, NOW).unfilled
    assert "legal consequences" in unfilled.sentence


def test_a_volunteer_who_comes_leaves_where_legal_consequences_turn_up() -> None:
    vera = somebody("Vera", "volunteer")
    asked = wanted()
    with transaction():
        factories.coming(asked, vera)
    details = replace(details_of(asked), is_signed=True)
    [concerned] = foresee(asked, details, now=NOW).people
    assert concerned.fate == Fate.LEAVES
    assert "legal consequences" in str(concerned.why)


@pytest.mark.parametrize(
    ("wish", "said", "not_said"),
    [
        ({"gender_wished": "female"}, "of the gender wished for", "not of the gender"),
        ({"qualification_wished": "sworn"}, "as qualified as wished", "less qualified"),
        ({"level_wished": 5}, "speaks as well as wished", "less well than wished"),
    ],
)
def test_whom_a_wish_names_is_first_and_the_others_can_come_all_the_same(
    wish: dict[str, Any], said: str, not_said: str
) -> None:
    somebody("Adam", gender="male")
    zoe = somebody("Zoe", "sworn", gender="female")
    with transaction():
        db.session.get_one(Interpreter, zoe.id).working_languages[0].level = 5
    asked = wanted(**wish)
    assert names_able(asked) == ["Zoe", "Adam"]
    page = candidates_page(asked, NOW)
    assert page
    assert said in page.lines[0].note
    assert not_said in page.lines[1].note


def test_a_level_that_is_required_keeps_others_away() -> None:
    adam = somebody("Adam")
    asked = wanted(level_required=5)
    assert names_able(asked) == []
    with pytest.raises(Conflict, match="the language level is too low"), transaction():
        offers.assign(SYSTEM, asked.id, adam.id, now=NOW)


def test_a_level_nobody_has_is_refused() -> None:
    with pytest.raises(Several) as refused:
        wanted(level_wished=6)
    assert [one.code for one in refused.value.refusals] == ["level-out-of-range"]


def test_a_file_says_wishes_and_legal_consequences() -> None:
    with transaction():
        kim = factories.account(of=factories.organisation())
        number = factories.site().register_number
        kim_id = kim.id
    content = (
        "Sprache;Ort;Tag;Beginn;Dauer;Bereich;Geschlecht wenn möglich;Sprachniveau;Unterschrift\n"
        f"ro;{number};2027-03-09;10:00;60;school;female;4;ja\n"
    )
    account = db.session.get_one(type(kim), kim_id)
    [row] = importing.read(account, content.encode(), now=NOW)
    one = row.interpretation_request
    assert (one.gender_wished, one.level_required, one.is_signed) == ("female", 4, True)
    assert one.has_legal_consequences
