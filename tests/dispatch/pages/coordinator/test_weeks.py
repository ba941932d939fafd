"""The coordinator sees in which week and language seats are still open."""

import re
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.pages.coordinator.weeks import share
from dispatch.pages.coordinator.weeks_counts import Seats, counts_between
from dispatch.planning.rounds import service as rounds
from dispatch.requests import reviewing
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)
WEEK = [date(2027, 3, day) for day in range(1, 8)]


@pytest.mark.usefixtures("session")
class TestCounts:
    def test_seats_are_open_asked_for_or_filled(self) -> None:
        mira, ana = factories.interpreter("ro"), factories.interpreter("ro", name="Ana")
        team = factories.asked(interpreters=3)
        factories.coming(team, mira)
        offers.make(SYSTEM, team.id, ana.id, now=NOW)
        counted = counts_between(WEEK, "Europe/Berlin")
        assert counted == {(TUESDAY, "ro"): Seats(wanted=3, asked=1, filled=1)}
        assert counted[TUESDAY, "ro"].open == 1

    def test_where_several_are_asked_at_once_no_seat_is_left_that_nobody_is_asked_for(self) -> None:
        mira, team = factories.interpreter("ro"), factories.asked(interpreters=3)
        factories.coming(team, mira)
        factories.interpreter("ro", name="Ana")
        rounds.broadcast(SYSTEM, team.id, now=NOW)
        counted = counts_between(WEEK, "Europe/Berlin")
        assert counted == {(TUESDAY, "ro"): Seats(wanted=3, asked=2, filled=1)}
        assert counted[TUESDAY, "ro"].open == 0

    def test_a_day_is_the_city_s_not_the_clock_s(self) -> None:
        factories.asked(start=datetime(2027, 3, 3, 0, 30))
        counted = counts_between(WEEK, "Europe/Berlin")
        assert list(counted) == [(date(2027, 3, 3), "ro")]

    def test_what_was_cancelled_is_wanted_no_more(self) -> None:
        gone = factories.asked()
        cancellations.cancel_request(SYSTEM, gone.id, reasons=Reasons("not needed"), now=NOW)
        assert counts_between(WEEK, "Europe/Berlin") == {}

    def test_what_the_office_has_to_look_at_first_or_refused_is_not_wanted(self) -> None:
        clinic = factories.organisation("Clinic")
        clinic.is_reviewed = True
        kim = factories.account(of=clinic)
        factories.asked(by=kim)
        refused = factories.asked(by=kim)
        reviewing.refuse(SYSTEM, refused.id, reasons=Reasons("no budget"), now=NOW)
        assert counts_between(WEEK, "Europe/Berlin") == {}

    def test_a_month_is_four_statements(self) -> None:
        factories.asked()
        db.session.flush()
        seen: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        days = [date.fromordinal(MONDAY.toordinal() + number) for number in range(28)]
        assert counts_between(days, "Europe/Berlin")
        assert len(seen) == 4


@pytest.mark.parametrize(
    ("seats", "step"),
    [
        (Seats(), 0),
        (Seats(4, 1, 3), 0),
        (Seats(40, 0, 39), 1),
        (Seats(4, 0, 2), 2),
        (Seats(4), 4),
    ],
)
def test_the_more_is_open_the_stronger_the_colour(seats: Seats, step: int) -> None:
    assert share(seats) == step


@pytest.mark.usefixtures("frozen_clock")
def test_every_figure_leads_to_the_day_it_counts(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.asked(interpreters=2)
        factories.asked("tr", start=datetime(2027, 3, 10, 9, 0))
    browser = sign_in(app, coordinator)
    answer = browser.get("/weeks")
    assert answer.location.endswith("/weeks/2027-03-01")
    page = browser.get("/weeks/2027-03-03").text  # any day leads to its week
    assert "Romanian, Tue, 2 March 2027, 2 seats: 2 open, 0 asked, 0 filled" in page
    assert "Turkish" not in page
    link = re.search(r'href="(/day/2027-03-02\?language=ro)"', page)
    assert link
    assert "2 seats" in browser.get(link.group(1)).text
    four = browser.get("/weeks/2027-03-01?weeks=4").text
    assert "Turkish, Wed, 10 March 2027, 1 seat: 1 open" in four


@pytest.mark.usefixtures("frozen_clock")
def test_a_week_nobody_asked_for_says_so_and_no_week_is_not_found(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    assert "Nothing asked for in this time" in browser.get("/weeks/2027-03-01").text
    assert browser.get("/weeks/yesterday").status_code == 404
