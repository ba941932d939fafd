"""Whom a plan prefers among those who can come: wished for, known to the case, less busy lately."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

import solver
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.database import transaction
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Employment
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.planning.proposals import service
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CASE = "K-2027-17"


def came(
    who: Interpreter,
    by: Account,
    days_ago: int = 7,
    *,
    minutes: int = 60,
    case_reference: str = "",
    language: str = "ro",
) -> InterpretationRequest:
    """Let somebody have interpreted for the one who asks, some days ago at ten."""
    start = datetime(2027, 3, 1, 10) - timedelta(days=days_ago)
    before = NOW - timedelta(days=days_ago + 2)
    asked = factories.asked(
        language, by=by, start=start, minutes=minutes, now=before, case_reference=case_reference
    )
    offers.assign(SYSTEM, asked.id, who.id, now=before)
    return asked


def sent(asked: InterpretationRequest) -> list[int]:
    plan = service.compute(TUESDAY, now=NOW).plan
    return [one.interpreter_id for one in items_of(plan) if one.request_id == asked.id]


@pytest.fixture
def two(session: object) -> tuple[Interpreter, Interpreter, Account]:
    """Mira asks a little less money than Nour; a caseworker asks."""
    with transaction():
        mira, nour = factories.interpreter(name="Mira"), factories.interpreter(name="Nour")
        nour.fee_cents_per_hour = mira.fee_cents_per_hour + 100
        return mira, nour, factories.account(of=factories.organisation())


Two = tuple[Interpreter, Interpreter, Account]


def test_nothing_else_said_the_cheaper_one_goes(two: Two) -> None:
    mira, _nour, caseworker = two
    with transaction():
        asked = factories.asked(by=caseworker)
    assert sent(asked) == [mira.id]


def test_who_said_no_and_left_the_pool_does_not_keep_the_day_from_being_planned(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        asked = factories.asked(by=caseworker)
        offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        mira.active = False
    assert sent(asked) == [nour.id]


def test_who_knows_the_case_goes_although_another_is_cheaper(two: Two) -> None:
    _mira, nour, caseworker = two
    with transaction():
        came(nour, caseworker, case_reference=CASE)
        asked = factories.asked(by=caseworker, case_reference=CASE)
    assert sent(asked) == [nour.id]


@pytest.mark.parametrize(
    "stranger", ["another case", "no case", "another organisation", "long ago"]
)
def test_what_is_not_the_same_case_gives_nobody_precedence(two: Two, stranger: str) -> None:
    mira, nour, caseworker = two
    with transaction():
        by = factories.account(of=factories.organisation("Klinik"))
        came(
            nour,
            by if stranger == "another organisation" else caseworker,
            400 if stranger == "long ago" else 40,
            case_reference={"another case": "K-1", "no case": ""}.get(stranger, CASE),
        )
        asked = factories.asked(by=caseworker, case_reference="" if stranger == "no case" else CASE)
    assert sent(asked) == [mira.id]


def test_who_knows_the_case_is_not_waited_for(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        came(nour, caseworker, case_reference=CASE)
        nour.availability.weekly_hours = []
        asked = factories.asked(by=caseworker, case_reference=CASE)
    assert sent(asked) == [mira.id]


def test_who_is_wished_for_goes_before_who_knows_the_case(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        came(mira, caseworker, 9, case_reference=CASE)
        came(nour, caseworker)
        asked = factories.asked(by=caseworker, case_reference=CASE)
        assignments.wish_for(caseworker.actor, asked.id, [nour.id], now=NOW)
    assert sent(asked) == [nour.id]


def test_a_wish_said_after_the_plan_was_made_is_not_passed_over(two: Two) -> None:
    _mira, nour, caseworker = two
    with transaction():
        came(nour, caseworker)
        asked = factories.asked(by=caseworker)
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
    with transaction():
        assignments.wish_for(caseworker.actor, asked.id, [nour.id], now=NOW)
    with transaction():
        adopted = service.adopt(SYSTEM, proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)
    assert [one.item.request_id for one in adopted.dropped] == [asked.id]


def test_of_two_the_one_with_fewer_minutes_lately_goes_although_a_little_dearer(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        for days_ago in (3, 5, 7):
            came(mira, caseworker, days_ago, minutes=180)
        asked = factories.asked(by=caseworker)
    assert sent(asked) == [nour.id]


def test_what_somebody_did_more_than_four_weeks_ago_is_forgotten(two: Two) -> None:
    mira, _nour, caseworker = two
    with transaction():
        came(mira, caseworker, 29, minutes=600)
        asked = factories.asked(by=caseworker)
    assert sent(asked) == [mira.id]


def test_staff_is_asked_however_much_they_did(two: Two) -> None:
    mira, _nour, caseworker = two
    with transaction():
        mira.employment = Employment.STAFF
        came(mira, caseworker, minutes=600)
        asked = factories.asked(by=caseworker)
    assert sent(asked) == [mira.id]


def test_all_requests_are_filled_before_work_is_shared_fairly(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        came(mira, caseworker, minutes=600)
        at_once = [factories.asked(by=caseworker) for _ in range(2)]
    assert sorted(sent(at_once[0]) + sent(at_once[1])) == sorted([mira.id, nour.id])


def test_one_plan_brings_nobody_to_more_than_twice_the_fair_share_and_a_day(two: Two) -> None:
    mira, nour, caseworker = two
    with transaction():
        for name in ("Olga", "Elena", "Mihai"):
            factories.interpreter(name=name).fee_cents_per_hour = nour.fee_cents_per_hour
        site = factories.site(buffer_minutes=0)
        for day in range(2, 8):
            for hour in (8, 10, 12):
                start = datetime(2027, 3, day, hour)
                factories.asked(by=caseworker, at=site, start=start, minutes=90)
    horizon = Horizon(date(2027, 3, 2), date(2027, 3, 7), TUESDAY.zone_name)
    plan = service.compute(horizon, now=NOW).plan
    stops = [(route.interpreter, stop) for route in plan.routes for stop in route.stops]
    work = sum(stop.end - stop.begin for who, stop in stops if who == str(mira.id))
    assert (plan.filled, plan.status) == (18, solver.Status.OPTIMAL)
    fair = 18 * 90 // 5
    assert fair < work <= 2 * fair + 8 * 60


@on_sqlite
def test_the_proposal_says_who_is_known_and_how_many_wishes_are_not_met(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        caseworker = factories.account(of=factories.organisation())
        factories.interpreter(name="Mira")
        nour = factories.interpreter(name="Nour")
        olga = factories.interpreter(name="Olga", hours=(7, 8))
        came(nour, caseworker, case_reference=CASE)
        came(olga, caseworker, 8)
        factories.asked(by=caseworker, case_reference=CASE)
        wished = factories.asked(by=caseworker, start=factories.hours_later(TOMORROW_TEN, 4))
        assignments.wish_for(caseworker.actor, wished.id, [olga.id], now=NOW)
    browser = sign_in(app, coordinator)
    day = f"/plan/{TUESDAY.first}"
    page = browser.get(send(browser, day, seen_on=day).location)
    while page.location is None:
        page = browser.get(page.request.path)
    shown = browser.get(page.location).text
    assert "knows the case" in shown
    assert "new to the case" in shown
    assert "not whom they wish for" in shown
    assert figure(shown, "Others sent than wished for") == "1 of 1"
    assert figure(shown, "Known cases that get somebody new") == "0 of 1"


def figure(page: str, name: str) -> str:
    """Return the amount that stands in the row of this name."""
    row = page.replace("<bdi>", "").partition(name)[2].partition("</tr>")[0]
    return row.rpartition("table__value")[2].partition(">")[2].partition("<")[0].strip()
