"""Whom one would like, or not, for one date of a series and all later ones."""

from datetime import date, timedelta

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.amendments.naming import People
from dispatch.database import db, transaction
from dispatch.errors import NotFound, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.details import RequestDetails
from dispatch.series import naming, service
from dispatch.series.models import Series
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WEEK = timedelta(weeks=1)
FIRST = date(2027, 3, 9)


def four_dates(caseworker: Account) -> Series:
    details = RequestDetails("ro", factories.site().id, factories.TOMORROW_TEN + WEEK, 60, "school")
    days = [FIRST + number * WEEK for number in range(4)]
    return service.ask(caseworker.actor, caseworker, details, days, now=NOW)


def set_up() -> tuple[Series, Account, Interpreter]:
    """Return a series of four dates, and Mira who has interpreted for those who ask before."""
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        mira = factories.interpreter(name="Mira")
        before = factories.TOMORROW_TEN - timedelta(days=8)
        then = NOW - timedelta(days=20)
        past = factories.asked(by=caseworker, start=before, now=then)
        factories.coming(past, mira, now=then)
        return four_dates(caseworker), caseworker, mira


def wished(series: Series) -> list[int]:
    db.session.expire_all()
    return [len(one.interpretation_request.preferred_interpreters) for one in series.dates]


@in_session
def test_a_wish_for_this_and_later_dates_leaves_the_earlier_ones_alone() -> None:
    series, caseworker, mira = set_up()
    second = series.dates[1].interpretation_request_id
    with transaction():
        done = naming.name_people(caseworker.actor, second, People({mira.id}), now=NOW)
    assert [one.number for one in done.done] == [2, 3, 4]
    assert wished(series) == [0, 1, 1, 1]


@in_session
def test_a_date_to_which_the_excluded_comes_already_is_left_and_named() -> None:
    series, caseworker, mira = set_up()
    first, third = (series.dates[n].interpretation_request_id for n in (0, 2))
    with transaction():
        offers.assign(SYSTEM, third, mira.id, now=NOW)
    with transaction():
        done = naming.name_people(caseworker.actor, first, People((), {mira.id}), now=NOW)
    assert [one.number for one in done.done] == [1, 2, 4]
    assert [(one.number, "comes to this request" in str(why)) for one, why in done.left] == [
        (3, True)
    ]


@in_session
def test_what_is_refused_for_all_is_refused_and_a_single_request_has_no_later_dates() -> None:
    series, caseworker, _mira = set_up()
    with transaction():
        stranger = factories.interpreter(name="Stranger").id
        alone = factories.asked(by=caseworker).id
    first = series.dates[0].interpretation_request_id
    with pytest.raises(Refusal), transaction():
        naming.name_people(caseworker.actor, first, People({stranger}), now=NOW)
    with pytest.raises(NotFound), transaction():
        naming.name_people(caseworker.actor, alone, People({stranger}), now=NOW)
    assert wished(series) == [0, 0, 0, 0]


@on_sqlite
def test_those_who_ask_tick_it_on_the_page_of_a_date(app: Flask) -> None:
    with app.app_context():
        series, caseworker, mira = set_up()
        path = f"/requests/{series.dates[1].interpretation_request_id}"
        mira_id = str(mira.id)
    browser = sign_in(app, caseworker)
    assert "For this and all later dates of the series" in browser.get(path).text
    send(browser, f"{path}/wish", seen_on=path, interpreter=mira_id, later="yes")
    assert "Noted for 3 dates of the series." in browser.get(path).text
    with app.app_context():
        assert wished(db.session.query(Series).one()) == [0, 1, 1, 1]
