"""A round that goes on by itself: begun, followed and stopped on the request's page."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.planning.advice import service as advice
from dispatch.planning.rounds import service as rounds
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
FARTHER = (51.4893, 7.5009)


def test_the_coordinator_begins_it_sees_where_it_stands_and_stops_it(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked()
        factories.interpreter(name="Ada")
        factories.interpreter(name="Ben", home=FARTHER)
    browser = sign_in(app, coordinator)
    page, candidates = f"/requests/{asked.id}", f"/requests/{asked.id}/candidates"
    assert send(browser, f"{page}/cascade", seen_on=candidates).location == page
    shown = browser.get(page).text
    assert "One after another" in shown
    assert "1 person was asked so far. Ada Beispiel is asked now." in shown
    with app.app_context():
        [offer] = queries.of_request(asked.id)
    assert "The next is asked by Mon, 1 Mar, 16:30 at the latest." in shown
    following = browser.get(f"/rounds/{offer.round_id}/next", headers={"HX-Request": "true"}).text
    assert following.strip() == "Next as things stand: Ben Beispiel."
    send(browser, f"/rounds/{offer.round_id}/stop", seen_on=page)
    shown = browser.get(page).text
    assert "Stopped; nobody else is asked." in shown
    assert "One after another" not in shown


def test_what_goes_on_by_itself_is_not_in_the_worklist_and_what_ran_out_is(app: Flask) -> None:
    with app.app_context():
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            asked = factories.asked(gender_required="female")
            ada = factories.interpreter(name="Ada", gender="female")
            factories.interpreter(name="Ben", gender="female", home=FARTHER)
            factories.interpreter(name="Cem", gender="male")
            [one] = rounds.cascade(SYSTEM, asked.id, now=NOW)
        with transaction():
            [first] = queries.of_request(asked.id)
            assert first.interpreter_id == ada.id
            offers.decline(SYSTEM, first.id, via=Via.LINK, now=NOW)
    browser = sign_in(app, coordinator)
    assert "Needs somebody" not in browser.get("/").text
    with app.app_context():
        for _ in range(2):
            with transaction():
                rounds.carry_on(one.id, now=NOW)
            for offer in queries.open_for(asked.id):
                with transaction():
                    offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        rounds.look_for_help(asked.id, now=NOW)
        found = advice.last(asked.id)
        assert found
        helps = len(found.remedies)
    shown = browser.get("/").text
    ended = "The round has ended without a yes: 2 asked, 2 declined. Call Partneragentur"
    assert ended in shown
    assert 'show=ran_out"' in shown
    listed = browser.get("/requests?show=ran_out").text
    assert ended in listed
    assert f'href="/worklist/{asked.id}"' in listed
    assert ended in browser.get(f"/worklist/{asked.id}").text
    assert ended in browser.get("/requests?show=open").text
    assert helps
    assert f"{helps} thing" in shown


def test_what_was_asked_for_again_has_not_run_out_and_one_who_was_silent_is_told_apart(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked()
        for name in ("Ada", "Ben", "Cem"):
            factories.interpreter(name=name)
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    with app.app_context(), transaction():
        first, second, third = queries.open_for(asked.id)
        offers.decline(SYSTEM, first.id, via=Via.LINK, now=NOW)
        offers.decline(SYSTEM, second.id, via=Via.LINK, now=NOW)
        offers.expire(third.id, now=third.answer_by)
    browser = sign_in(app, coordinator)
    assert "3 asked, 2 declined, 1 did not answer." in browser.get("/requests?show=ran_out").text
    with app.app_context(), transaction():
        late = factories.interpreter(name="Eva").id
        offers.make(SYSTEM, asked.id, late, now=NOW)
    assert asked.reference not in browser.get("/requests?show=ran_out").text
    assert "Rounds that ran out" not in browser.get("/").text


def test_one_request_is_asked_for_as_the_office_notes_for_it(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked()
        organisation = asked.organisation.name
        factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
    browser = sign_in(app, coordinator)
    page, candidates = f"/requests/{asked.id}", f"/requests/{asked.id}/candidates"
    assert f"Agreed with {organisation}: One person" in browser.get(candidates).text
    send(browser, f"{page}/strategy", seen_on=candidates, strategy="broadcast")
    assert "For this request: Several at once" in browser.get(candidates).text
    assert "Ask as agreed: Several at once?" in browser.get(page).text
    assert send(browser, f"{page}/begin", seen_on=page).location == page
    shown = browser.get(page).text
    assert "Asked as agreed: Several at once." in shown
    assert "2 people were asked so far. 2 have not answered yet" in shown
    unknown = send(browser, f"{page}/strategy", seen_on=page, strategy="lottery")
    assert unknown.status_code == 404
