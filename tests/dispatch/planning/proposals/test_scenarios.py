"""What if: the day with something otherwise beside the real one; nothing is kept or sent."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.ledger.models import Change
from dispatch.messaging.models import Message
from dispatch.planning.proposals import scenarios
from dispatch.planning.proposals.figures import TERMS
from dispatch.planning.proposals.scenarios import Scenario
from dispatch.planning.snapshot.problem import of_days
from solver import Term
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY, confirmed

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_one_more_person_fills_what_stays_open_and_somebody_away_opens_what_is_filled(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            school, clinic = factories.site("Schule"), factories.site("Klinik")
            mira = factories.interpreter(name="Mira")
            held = factories.asked(at=school)
            factories.coming(held, mira)
            overlapping = factories.asked(at=clinic)
        before = [db.session.scalar(sa.select(sa.func.max(each.id))) for each in (Change, Message)]

        def changing(**otherwise: object) -> tuple[list[int], list[int]]:
            scenario = Scenario(**otherwise)  # type: ignore[arg-type]
            with app.test_request_context():
                found = scenarios.compare(TUESDAY, scenario, now=NOW)
            return found.gained, found.lost

        def filled(**otherwise: object) -> tuple[int, int, int, list[int]]:
            scenario = Scenario(**otherwise)  # type: ignore[arg-type]
            with app.test_request_context():
                found = scenarios.compare(TUESDAY, scenario, now=NOW)
            return found.now.filled, found.then.filled, found.then.requests, found.fallen_away

        assert filled(like=mira.id) == (1, 2, 2, [])
        assert changing(like=mira.id) == ([overlapping.id], [])
        assert filled(away=[mira.id]) == (1, 0, 2, [])
        assert changing(away=[mira.id]) == ([], [held.id])
        assert filled(closed=[overlapping.id]) == (1, 1, 1, [overlapping.id])
        after = [db.session.scalar(sa.select(sa.func.max(each.id))) for each in (Change, Message)]
        assert after == before


def test_who_cannot_come_by_the_rules_is_not_counted_among_those_who_move(app: Flask) -> None:
    with app.app_context():
        confirmed()
        with transaction():
            other = factories.interpreter("uk", name="Olha")
            factories.coming(factories.asked("uk"), other)
            other.availability.weekly_hours.clear()
        with app.test_request_context():
            found = scenarios.compare(TUESDAY, Scenario(disturb_at_most=1), now=NOW)
            [moved] = [one for one in found.lines if one.name == str(TERMS[Term.PROMISES])]
    assert re.findall(r"\d+", moved.now + moved.then) == ["0", "1"]


def test_what_nobody_says_otherwise_leaves_the_question_as_it_is(app: Flask) -> None:
    with app.app_context():
        with transaction():
            mira = factories.interpreter(name="Mira")
            factories.coming(factories.asked(), mira)
        problem = of_days(TUESDAY, now=NOW).problem
        assert Scenario().is_nothing
        assert scenarios.changed(problem, Scenario()) == problem
        other = scenarios.changed(problem, Scenario(like=mira.id, away=[mira.id]))
        assert [one.id for one in other.interpreters] == [str(mira.id), scenarios.SOMEBODY_MORE]


def test_the_page_compares_figure_by_figure(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira = factories.interpreter(name="Mira")
        factories.coming(factories.asked(), mira)
        factories.asked()
    browser = sign_in(app, coordinator)
    page = f"/day/{TUESDAY.first}/what-if"
    assert "Figure by figure" not in browser.get(page).text
    otherwise = {"like": str(mira.id), "away": "", "closed": "", "k": ""}
    answer = send(browser, page, seen_on=page, **otherwise)
    assert answer.location == f"{page}?like={mira.id}"
    assert "Figure by figure" not in browser.get(f"{page}?away={mira.id}").text
    found = browser.get(answer.location).text
    assert "As things stood" in found
    for said in ("1 of 2", "2 of 2", "Figure by figure", "no plan fills more", "the same"):
        assert said in found
    assert re.search("<strong>\N{MINUS SIGN}[124]</strong>", found), "one less is left open"
    assert "points" not in found
    assert "Filled only then:" in found
    assert "Open only then:" not in found


def test_what_cannot_take_place_is_named_a_few_and_then_a_number(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        closed = factories.site("Klinik")
        asked = [factories.asked(at=closed) for _one in range(10)]
        numbers = [one.reference for one in asked]
    browser, page = sign_in(app, coordinator), f"/day/{TUESDAY.first}/what-if"
    answer = send(browser, page, seen_on=page, like="", away="", closed=str(closed.id), k="")
    told = browser.get(answer.location).text.partition("Cannot take place:")[2].partition("</p>")[0]
    assert [one for one in numbers if one in told] == numbers[:8]
    assert told.endswith("and 2 more")
