"""What needs a hand: every figure leads to its rows, and every row says why it is there."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import service as attendance
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.interpreters.models import HeldQualification
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from dispatch.pages.coordinator import start, why_open, worklist
from dispatch.requests import waiting
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW, TOMORROW_TEN

FRIDAY_AFTERNOON = datetime(2027, 3, 5, 14, 0, tzinfo=UTC)
MONDAY, TUESDAY = datetime(2027, 3, 8, 10, 0), datetime(2027, 3, 9, 10, 0)
FIGURE = re.compile(r'stat__link" href="([^"]+)".*?stat__value">(\d+)<', re.DOTALL)


def test_every_figure_is_the_number_of_rows_it_leads_to(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira = factories.interpreter("ro")
        asked, team = factories.asked("ro"), factories.asked("ro", interpreters=2)
        offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        offers.make(SYSTEM, team.id, factories.interpreter("ro").id, now=NOW)
        factories.coming(factories.asked(start=TOMORROW_TEN + timedelta(hours=4)), mira)
        factories.asked(start=TOMORROW_TEN + timedelta(days=6))
    with app.app_context(), transaction():
        db.session.get_one(Message, 1).state = MessageState.FAILED
    browser = sign_in(app, coordinator)
    figures = FIGURE.findall(browser.get("/").text)
    assert [int(figure) for _url, figure in figures] == [1, 1, 2, 1, 1]
    for url, figure in figures:
        rows = browser.get(url.replace("&amp;", "&")).text.count('<tr role="row"><th scope=row')
        rows = rows or browser.get(url).text.count("role=rowheader")
        assert rows == int(figure), url


def test_on_friday_afternoon_monday_is_soon(app: Flask, frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(FRIDAY_AFTERNOON)
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for day in (MONDAY, TUESDAY):
            factories.asked(start=day, now=FRIDAY_AFTERNOON)
        figures = start.coordinator_figures(coordinator, FRIDAY_AFTERNOON, 0)
    assert (figures.open_soon, figures.open_later) == (1, 1)
    browser, monday = sign_in(app, coordinator), MONDAY.date()
    page = browser.get("/").text
    assert f'href="/plan/{monday}"' in page
    assert "Plan tomorrow" not in page
    assert browser.get("/plan").location == f"/plan/{monday}"


def test_of_a_team_it_says_that_one_is_asked(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context(), transaction():
        coordinator, team = factories.account(Role.COORDINATOR), factories.asked(interpreters=2)
        offers.make(SYSTEM, team.id, factories.interpreter().id, now=NOW)
        [one] = worklist.needed(coordinator, NOW)
    assert "1 of 2 is asked; for the rest nobody yet." in one.why
    assert "Nobody has been asked yet." not in one.why


def test_each_says_why_it_is_there(app: Flask, frozen_clock: FrozenClock) -> None:
    later = TOMORROW_TEN + timedelta(days=13)
    with app.app_context(), transaction():
        coordinator, mira = factories.account(Role.COORDINATOR), factories.interpreter()
        pressing, fresh = factories.asked(), factories.asked(start=later)
        declined = factories.asked(start=later + timedelta(days=1))
        expired = factories.asked(start=later + timedelta(days=2))
        released = factories.asked(start=later + timedelta(days=3))
        offer = offers.make(SYSTEM, declined.id, mira.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        offer = offers.make(SYSTEM, expired.id, mira.id, now=NOW)
        offers.expire(offer.id, now=offer.answer_by)
        coming = factories.coming(released, mira)
        cancellations.release(SYSTEM, coming.id, reasons=Reasons(office="x"), now=NOW)
        found = worklist.needed(coordinator, NOW)
    assert [one.interpretation_request.id for one in found] == [
        one.id for one in (pressing, fresh, declined, expired, released)
    ]
    assert [one.why for one in found] == [
        f"{why_open.STILL_OPEN} {why_open.NOBODY_ASKED}",
        str(why_open.NOBODY_ASKED),
        str(why_open.WHY["offer.declined"]),
        str(why_open.WHY["offer.expired"]),
        str(why_open.WHY["assignment.released"]),
    ]


def test_a_team_of_which_some_come_says_how_many_until_it_is_over(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        team = factories.asked(interpreters=2)
        coming = factories.coming(team, factories.interpreter())
        before = worklist.needed(coordinator, NOW)
    assert [one.why for one in before] == [f"{why_open.STILL_OPEN} 1 of 2 comes."]
    frozen_clock.move_to(team.starts_at)
    with app.app_context(), transaction():
        waiting.close_past(team.id, now=team.starts_at)
        attendance.say(SYSTEM, coming.id, AssignmentState.ARRIVED, now=team.starts_at)
        begun = worklist.needed(coordinator, team.starts_at)
    assert [one.why for one in begun] == [
        "It has begun, and of 2 asked for 1 came; call those who asked."
    ]
    with app.app_context(), transaction():
        attendance.say(SYSTEM, coming.id, AssignmentState.COMPLETED, now=team.ends_at)
        assert worklist.needed(coordinator, team.ends_at) == []


def test_nothing_to_do_says_so(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    assert "Nothing needs a hand" in sign_in(app, coordinator).get("/").text


def test_what_does_not_fit_on_the_first_page_is_one_press_away(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for hours in range(worklist.MOST):
            factories.asked(start=TOMORROW_TEN + timedelta(hours=hours))
    browser = sign_in(app, coordinator)
    assert "All that are open" not in browser.get("/").text
    with app.app_context(), transaction():
        factories.asked(start=TOMORROW_TEN + timedelta(days=1))
    page = browser.get("/").text
    assert re.search(r'href="/requests\?show=open"[^>]*>.*?All that are open', page, re.DOTALL)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_falls_due_is_named_qualifications_that_end_and_changes_nobody_agreed_to(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        ends, goes_on = factories.interpreter(name="Ada"), factories.interpreter(name="Ben")
        soon = date(2027, 3, 20)
        for person in (ends, goes_on):
            person.qualifications.append(
                HeldQualification(
                    qualification="sprint", valid_from=date(2020, 1, 1), valid_until=soon
                )
            )
        goes_on.qualifications.append(
            HeldQualification(qualification="sworn", valid_from=date(2021, 1, 1), valid_until=None)
        )
        moved = factories.asked()
        factories.coming(moved, goes_on)
        later = replace(details_of(moved), wall_start=TOMORROW_TEN + timedelta(hours=2))
        amendments.amend(SYSTEM, moved.id, later, now=NOW)
    browser = sign_in(app, coordinator)
    page = browser.get("/").text
    assert 'hx-get="/due"' in page
    page = browser.get("/due").text
    ending = page.split("Qualifications that end soon")[1].split("</ul>")[0]
    assert f"/interpreters/{ends.id}" in ending
    assert "Ben" not in ending
    waiting = page.split("Changes that wait for an answer")[1].split("</ul>")[0]
    assert "Ben Beispiel" in waiting
    assert "Has to agree again; answer by" in waiting
