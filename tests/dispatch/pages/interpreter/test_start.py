"""An interpreter's first page."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from dispatch.assignments.rules import Via
from dispatch.busy import service as busy
from dispatch.busy.models import PrivateCalendar
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.planning.rounds import service as rounds
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

HOERDE = (51.4886, 7.5007)


def test_whom_we_do_not_reach_reads_so_with_the_number_of_the_office(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        account = mira.account
        offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
    browser = sign_in(app, account)
    assert "We cannot reach you" not in browser.get("/").text
    with app.app_context(), transaction():
        sms = db.session.query(Message).filter_by(channel="sms").one()
        sms.state, sms.error_code = MessageState.FAILED, "not-mobile"
    page = browser.get("/").text
    assert "We cannot reach you by SMS" in page
    assert 'href="tel:+49' in page


def test_all_that_can_be_said_of_the_next_assignment_is_on_the_first_page(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        site = factories.site()
        contact = "Frau Yilmaz, 0152 28817386, Zimmer 3"
        assignment = factories.coming(factories.asked(at=site, contact=contact), mira)
        account, here = mira.account, f"/assignments/{assignment.id}"
    frozen_clock.move_to(assignment.starts_at - timedelta(minutes=20))
    browser = sign_in(app, account)
    page = browser.get("/").text
    assert "Today" in page
    assert 'href="geo:51.51130,7.46520?q=51.51130,7.46520"' in page
    assert 'href="tel:+4915228817386">0152 28817386</a>, Zimmer 3' in page
    for address in (f"{here}/day/on_the_way", f"{here}/day/arrived", f"{here}/late"):
        assert f'action="{address}"' in page
    assert f'href="{here}/withdraw"' in page
    assert "I cannot come" in browser.get(f"{here}/withdraw").text
    send(browser, f"{here}/day/running", seen_on="/")
    frozen_clock.move_to(assignment.ends_at)
    page = sign_in(app, account).get("/").text
    assert f'href="{here}/finished"' in page
    assert "geo:" not in page


def test_a_question_says_the_way_from_where_one_is_before_and_what_a_yes_means(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        first, second = factories.site(point=HOERDE), factories.site("Schule")
        first.district = "Hörde"
        factories.coming(factories.asked(at=first, minutes=60), mira)
        noon = factories.hours_later(factories.TOMORROW_TEN, 2)
        evening = factories.hours_later(factories.TOMORROW_TEN, 26)
        for start in (noon, evening):
            offers.make(SYSTEM, factories.asked(at=second, start=start).id, mira.id, now=NOW)
        account = mira.account
    browser = sign_in(app, account)
    for path in ("/", "/offers"):
        page = browser.get(path).text
        assert re.search(r"\d+ min by car \(estimate\) from Hörde, where you are until 11:00", page)
        assert "0 min by car (estimate) from home" in page
        assert "You can take a yes back here until Tue, 2 Mar, 12:00, after that by" in page
        assert "Cancelled on the day or up to 2 working days before: the agreed time is" in page


def test_who_is_not_paid_by_the_job_reads_nothing_of_what_is_paid(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        mira.employment = "volunteer"
        offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
        account = mira.account
    page = sign_in(app, account).get("/").text
    assert "a yes" in page
    assert "is paid" not in page


def test_a_calendar_that_cannot_be_read_says_when_it_is_tried_next(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        calendar = PrivateCalendar(
            interpreter_id=mira.id,
            name="calendar.example",
            address="https://calendar.example/a.ics",
        )
        calendar.read_at, calendar.next_at = NOW, NOW + busy.EVERY
        db.session.add(calendar)
        db.session.flush()
        account, calendar_id = mira.account, calendar.id
    browser, page = sign_in(app, account), "/availability/calendars"
    assert "every half hour" in browser.get(page).text
    with app.app_context(), transaction():
        broken = db.session.get_one(PrivateCalendar, calendar_id)
        broken.failing_since, broken.error_code = NOW, "away"
        broken.next_at = NOW + busy.AGAIN_AFTER_FAILURE
    told = browser.get(page).text
    assert "every half hour" not in told
    assert re.search(r"Is read again.{0,200}10:00", told, re.DOTALL)


def test_what_is_answered_already_is_not_counted_among_what_waits_for_an_answer(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        account = mira.account
        factories.coming(factories.asked(), mira)
        later = factories.TOMORROW_TEN + timedelta(days=1)
        offers.make(SYSTEM, factories.asked(start=later).id, mira.id, now=NOW)
        could = factories.asked(start=later + timedelta(days=1))
        rounds.interest(SYSTEM, could.id, now=NOW)
        [offer] = queries.open_for(could.id)
        offers.could_come(SYSTEM, offer.id, via=Via.PAGE, now=NOW)
    page = sign_in(app, account).get("/").text
    assert "1 question waits for your answer" in page
    waiting, answered = page.split('id="waiting"')[1].split("You could come; the office chooses")
    assert "Accept" in waiting
    assert "Could come" not in waiting
    assert "Could come" in answered
