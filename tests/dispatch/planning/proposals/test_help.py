"""What a proposal says about each request, and what would help those that stay open."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers.models import Offer
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY, confirmed, half_planned

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def planned() -> Proposal:
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        return service.store(SYSTEM, made, now=NOW)


def coordinator(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        account = factories.account(Role.COORDINATOR)
    return sign_in(app, account)


def help_path(proposal: Proposal, asked: InterpretationRequest) -> str:
    return f"/proposals/{proposal.id}/open/{asked.id}"


def told_on(browser: FlaskClient, path: str) -> str:
    """Press the button, and return what then stands at the request."""
    answer = send(browser, f"{path}/help", seen_on=path)
    assert answer.location == path
    return browser.get(path, headers={"HX-Request": "true"}).text


def test_a_proposal_says_who_else_could_come_and_at_what_price(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter(name="Mira")
            factories.interpreter(name="Nour")
            factories.asked()
        path = f"/proposals/{planned().id}"
    page = coordinator(app).get(path).text
    assert "1 other could come; the plan as a whole is best this way." in page
    assert "fee €30.00" in page
    assert "Who else could: 1" in page
    for name in (
        "Fees",
        "Travel",
        "Known cases that get somebody new",
        "Solver version",
    ):
        assert name in page


@pytest.mark.parametrize(
    ("more", "obstacle", "question"),
    [
        (
            {"gender_required": "female"},
            "the gender asked for",
            "is of the gender asked for? Otherwise",
        ),
        (
            {"qualification_required": "sworn"},
            "the qualification",
            "holds the qualification asked for? Otherwise",
        ),
    ],
)
def test_what_was_asked_for_is_put_to_the_organisation_as_a_question_and_not_changed(
    app: Flask, more: dict[str, str], obstacle: str, question: str
) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter(gender="male")
            asked = factories.asked(by=factories.account(of=factories.organisation()), **more)  # type: ignore[arg-type]
        path = help_path(planned(), asked)
    browser = coordinator(app)
    page = browser.get(path.partition("/open")[0]).text
    assert f"Mira Beispiel could come if only this did not stand in the way: {obstacle}." in page
    told = told_on(browser, path)
    assert "Ask Grundschule Beispiel:" in told
    assert question in told
    assert "Plan it so" not in told
    assert "Plan again" not in told
    assert "What would help" in browser.get(path).text


def test_another_start_is_asked_for_in_local_time(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter(hours=(11, 19))
            asked = factories.asked()
        path = help_path(planned(), asked)
    told = told_on(coordinator(app), path)
    assert "Could it begin at 11:15? Then Mira Beispiel could come." in told
    assert "Would it do by telephone?" not in told


def test_another_variety_is_asked_for_by_its_name(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter("apc")
            asked = factories.asked("ary")
        path = help_path(planned(), asked)
    told = told_on(coordinator(app), path)
    assert "Would Levantine Arabic do? Then Mira Beispiel could come." in told


def test_where_nothing_helps_that_is_said(app: Flask) -> None:
    with app.app_context():
        with transaction():
            asked = factories.asked()
        path = help_path(planned(), asked)
    browser = coordinator(app)
    told = told_on(browser, path)
    assert "Nothing that was tried helps" in told
    assert "Ask a partner agency, or a telephone interpreting service." in told
    assert 'href="tel:+493023125001"' in told
    assert "Ask whether another day would do." in told
    assert browser.get(f"{path}999").status_code == 404


def test_what_the_coordinator_may_do_becomes_a_proposal_of_its_own_and_sends_nothing(
    app: Flask,
) -> None:
    with app.app_context():
        half = half_planned()
        path = help_path(half.proposal, half.open)
    browser, page = coordinator(app), path.partition("/open")[0]
    assert "If others change jobs, " in told_on(browser, path)
    answer = send(browser, path, seen_on=page, kind="swap")
    assert answer.status_code == 302
    assert answer.location != page
    assert "2 of 2 requests filled" in browser.get(answer.location).text
    assert send(browser, path, seen_on=page, kind="way").status_code == 302
    with app.app_context():
        assert db.session.query(Offer).count() == 0


def test_where_confirmed_people_could_move_planning_again_is_offered(app: Flask) -> None:
    with app.app_context():
        there = confirmed()
        path = help_path(planned(), there.open)
    told = told_on(coordinator(app), path)
    assert "at most 1 confirmed person may be asked to move, Nour Beispiel can come." in told
    assert f'action="/plan/{TUESDAY.first}"' in told


@pytest.mark.parametrize("language", ["uk", "tr"])
def test_planning_again_is_not_offered_where_moving_people_helps_nothing(
    app: Flask, language: str
) -> None:
    """Nobody speaks Ukrainian; Nour speaks Turkish but has gone home when it begins."""
    with app.app_context():
        confirmed()
        with transaction():
            late = factories.hours_later(factories.TOMORROW_TEN, 8)
            left = factories.asked(language, start=late)
        path = help_path(planned(), left)
    assert "may be asked to move" not in told_on(coordinator(app), path)


def test_to_look_at_what_would_help_computes_nothing(app: Flask) -> None:
    with app.app_context():
        half = half_planned()
        path = help_path(half.proposal, half.open)
    browser = coordinator(app)
    assert "Nobody has looked yet" in browser.get(path).text
    assert "If others change jobs" not in browser.get(path).text


def test_a_proposal_that_moves_people_names_them_and_its_price(app: Flask) -> None:
    with app.app_context():
        confirmed()
    browser = coordinator(app)
    day = f"/plan/{TUESDAY.first}"
    answer = send(browser, day, seen_on=day, disturb_at_most="1")
    page = browser.get(answer.location)
    while page.status_code == 200:
        page = browser.get(answer.location)
    shown = browser.get(page.location).text
    assert "Moving 1 confirmed person fills 1 request more." in shown
    assert "Who has confirmed and would move" in shown
    assert "Release and make these offers" in shown
    [item] = re.findall(r'type="hidden" name="item" value="([^"]+)"', shown)
    adopted = send(browser, f"{page.location}/adopt", seen_on=page.location, item=item)
    assert adopted.location == f"/day/{TUESDAY.first}"
    assert "2 offers were made, for " in browser.get(adopted.location).text
