"""A proposal's page: what of it was adopted, what still can be, what no longer holds."""

from datetime import time

import pytest
from flask import Flask

import solver
from dispatch.accounts.rules import Role
from dispatch.answers import service as answers
from dispatch.cancellations import service as cancellations
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.seats import Wanted
from dispatch.planning.proposals import lines, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.problem import of_days
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW, TOMORROW_TEN, hours_later
from tests.planning_days import TUESDAY, confirmed

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def two_lines() -> tuple[int, list[tuple[int, int]]]:
    """A proposal in which one person goes to two requests."""
    with transaction():
        factories.interpreter()
        for hours in (0, 3):
            factories.asked(start=hours_later(TOMORROW_TEN, hours))
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
    return proposal.id, [(one.request_id, one.interpreter_id) for one in service.left_of(proposal)]


def box(page: str, pair: tuple[int, int]) -> str:
    """Return the box of a line as it stands on the page."""
    return page.partition(f'value="{pair[0]}-{pair[1]}"')[2].partition(">")[0]


@pytest.mark.parametrize("meanwhile", ["", "cancelled"])
def test_what_was_not_adopted_stays_adoptable_and_is_not_shown_as_taken(
    app: Flask, meanwhile: str
) -> None:
    with app.app_context():
        proposal_id, (first, second) = two_lines()
        with transaction():
            service.adopt(SYSTEM, proposal_id, {first}, zone_name=TUESDAY.zone_name, now=NOW)
            coordinator = factories.account(Role.COORDINATOR)
        if meanwhile:
            with transaction():
                reasons = Reasons(office="moved")
                cancellations.cancel_request(SYSTEM, second[0], reasons=reasons, now=NOW)
        assert get(Proposal, proposal_id).adopted_at
    page = sign_in(app, coordinator).get(f"/proposals/{proposal_id}").text
    assert "1 line of it was adopted." in page
    assert "disabled" in box(page, first)
    assert page.count("badge--asked") == 1
    if meanwhile:
        assert "1 line no longer holds" in page
        assert "The request was cancelled since the plan was made." in page
        assert "disabled" in box(page, second)
        assert "Make these offers" not in page
    else:
        assert "The rest can still be." in page
        assert "disabled" not in box(page, second)
        assert "Make these offers" in page


def test_whoever_was_given_away_since_is_marked(app: Flask) -> None:
    with app.app_context():
        proposal_id, (first, second) = two_lines()
        with transaction():
            elsewhere = factories.asked(start=TOMORROW_TEN)
            offers.make(SYSTEM, elsewhere.id, first[1], now=NOW)
            coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/proposals/{proposal_id}").text
    assert "This person has another assignment at this time by now." in page
    assert "disabled" in box(page, first)
    assert "disabled" not in box(page, second)


@pytest.mark.parametrize("button", ["", "cascade"])
def test_a_plan_is_adopted_as_single_offers_or_as_cascades(app: Flask, button: str) -> None:
    with app.app_context():
        proposal_id, (first, _second) = two_lines()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    page = f"/proposals/{proposal_id}"
    fields = {"item": f"{first[0]}-{first[1]}"} | ({button: "yes"} if button else {})
    send(sign_in(app, coordinator), f"{page}/adopt", seen_on=page, **fields)
    with app.app_context():
        [offer] = queries.of_request(first[0])
        assert offer.round.strategy == (button or "direct")


def test_adopting_a_plan_that_moves_somebody_names_who_is_asked_and_who_is_released(
    app: Flask,
) -> None:
    with app.app_context():
        there = confirmed()
        question = of_days(TUESDAY, now=NOW, disturb_at_most=1)
        made = service.checked(question, solver.solve(question.problem), filled_undisturbed=1)
        with transaction():
            proposal_id = service.store(SYSTEM, made, now=NOW).id
            coordinator = factories.account(Role.COORDINATOR)
        names = sorted([there.confirmed.name, there.other.name])
    browser, page = sign_in(app, coordinator), f"/proposals/{proposal_id}"
    answer = send(browser, f"{page}/adopt", seen_on=page, everything="1")
    assert answer.location == "/day/2027-03-02"
    told = browser.get(answer.location).text
    assert "2 offers were made, for Tue, 2 March 2027: " in told
    assert all(name in told.partition("2 offers were made")[2][:120] for name in names)
    assert f"Released and told: {there.confirmed.name}." in told
    assert "A plan is not undone in one step" in told
    assert f'<a href="{page}">To the proposal</a>' in told


def test_what_was_done_before_a_plan_was_adopted_is_not_undone_as_if_it_were_the_last(
    app: Flask,
) -> None:
    with app.app_context():
        proposal_id, _lines = two_lines()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            comes = factories.coming(factories.asked("tr"), factories.interpreter("tr"))
    browser, page = sign_in(app, coordinator), f"/assignments/{comes.id}"
    send(browser, f"{page}/pin", seen_on=page, pinned="1")
    assert "Undo this?" in browser.get("/board/undo").text
    there = f"/proposals/{proposal_id}"
    send(browser, f"{there}/adopt", seen_on=there, everything="1")
    said = browser.get("/board/undo").text
    assert "A plan was adopted last. It is not undone in one step" in said
    assert f'<a href="{there}">To the proposal</a>' in said
    assert "The plan stays. This is what you did before it:" in said
    assert "Plans may move" in said
    answer = send(browser, "/board/undo", seen_on="/board/undo", count="1")
    assert "Undone." in browser.get(answer.location).text
    assert "A plan was adopted last" not in browser.get("/board/undo").text


def test_where_a_plan_is_all_that_was_done_that_is_said_where_it_would_be_undone(
    app: Flask,
) -> None:
    with app.app_context():
        proposal_id, _lines = two_lines()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    browser, there = sign_in(app, coordinator), f"/proposals/{proposal_id}"
    send(browser, f"{there}/adopt", seen_on=there, everything="1")
    assert 'id="undo" href="/board/undo"' in browser.get("/day/2027-03-02").text
    said = browser.get("/board/undo").text
    assert "Nothing to undo" in said
    assert "A plan was adopted last. It is not undone in one step" in said


def test_a_long_proposal_is_shown_in_parts_and_can_be_adopted_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 1)
    with app.app_context():
        proposal_id, (first, second) = two_lines()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    page = browser.get(f"/proposals/{proposal_id}").text
    assert box(page, first)
    assert not box(page, second)
    assert "Lines 1 to 1 of 2." in page
    following = browser.get(f"/proposals/{proposal_id}?after=1").text
    assert not box(following, first)
    assert box(following, second)
    assert "All of the proposal" in following
    send(
        browser,
        f"/proposals/{proposal_id}/adopt",
        seen_on=f"/proposals/{proposal_id}",
        everything="yes",
    )
    with app.app_context():
        assert [len(queries.of_request(request)) for request, _interpreter in (first, second)] == [
            1, 1,
        ]  # fmt: skip


def test_where_a_round_asks_already_nothing_is_adopted_and_the_line_says_so(app: Flask) -> None:
    with app.app_context():
        proposal_id, (first, second) = two_lines()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            rounds.broadcast(SYSTEM, first[0], now=NOW)
    browser, page = sign_in(app, coordinator), f"/proposals/{proposal_id}"
    shown = browser.get(page).text
    assert "Several are asked for the request at once" in shown
    assert "disabled" in box(shown, first)
    assert "disabled" not in box(shown, second)
    answer = send(browser, f"{page}/adopt", seen_on=page, item=f"{first[0]}-{first[1]}")
    assert answer.location == page
    told = browser.get(page).text
    assert "Nothing of the proposal was adopted; nobody was asked." in told
    assert "notice--success" not in told
    with app.app_context():
        assert get(Proposal, proposal_id).adopted_at is None


def test_who_said_no_to_another_start_of_the_window_is_marked(app: Flask) -> None:
    with app.app_context():
        with transaction():
            mira = factories.interpreter()
            wide = factories.asked(latest_start=time(13), at=factories.site())
            first = offers.make(SYSTEM, wide.id, mira.id, Wanted(starts_at=wide.starts_at), now=NOW)
        with transaction():
            answers.by_telephone(SYSTEM, first, answers.Answer.NO, now=NOW)
        made = service.compute(TUESDAY, now=NOW)
        with transaction():
            proposal_id = service.store(SYSTEM, made, now=NOW).id
            coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/proposals/{proposal_id}").text
    assert "The only one who can come. Has said no to 10:00." in page
