"""Plan, candidates and offers all keep to what somebody has said about when to be asked."""

from datetime import date, datetime, time

import pytest

from dispatch.availability.models import ExceptionalDay
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ZONE = "Europe/Berlin"


def may_be_asked(who: Interpreter, asked: InterpretationRequest) -> set[bool]:
    """What the plan, the list of candidates and the offer say; one answer, or they disagree."""
    who, asked = db.session.merge(who), db.session.merge(asked)
    horizon = Horizon(asked.day, asked.day, ZONE)
    made = planning.compute(horizon, now=NOW)
    planned = any(item.interpreter_id == who.id for item in items_of(made.plan))
    db.session.rollback()
    found = candidates_page(asked, NOW)
    assert found
    listed = any(line.fits for line in found.lines if line.interpreter.id == who.id)
    db.session.rollback()
    try:
        with transaction():
            offers.make(SYSTEM, asked.id, who.id, now=NOW)
            raise AssertionError
    except Conflict:
        offered = False
    except AssertionError:
        offered = True
    return {planned, listed, offered}


@pytest.fixture
def asked() -> InterpretationRequest:
    """Somebody is needed tomorrow at ten in Innenstadt-West."""
    with transaction():
        return factories.asked()


@pytest.fixture
def mira() -> Interpreter:
    """Somebody who works every day from seven to seven."""
    with transaction():
        return factories.interpreter()


def test_without_a_wish_everybody_asks(mira, asked) -> None:
    assert may_be_asked(mira, asked) == {True}


@pytest.mark.parametrize(
    ("notice", "unit", "answer"),
    [
        (24, "hours", True),  # tomorrow at ten is 25 hours away
        (26, "hours", False),
        (1, "working_days", True),
        (2, "working_days", False),
    ],
)
def test_notice_is_kept(mira, asked, notice, unit, answer) -> None:
    with transaction():
        availability = db.session.merge(mira).availability
        availability.notice, availability.notice_unit = notice, unit
    assert may_be_asked(mira, asked) == {answer}


@pytest.mark.parametrize(("regions", "answer"), [(["Innenstadt-West"], True), (["Hörde"], False)])
def test_nobody_is_sent_to_a_district_they_do_not_go_to(mira, asked, regions, answer) -> None:
    with transaction():
        db.session.merge(mira).availability.regions = regions
    assert may_be_asked(mira, asked) == {answer}


def test_a_day_off_is_a_day_off(mira, asked) -> None:
    with transaction():
        db.session.merge(mira).availability.exceptional_days = [
            ExceptionalDay(day=date(2027, 3, 2), kind="off")
        ]
    assert may_be_asked(mira, asked) == {False}


def test_hours_by_video_are_none_for_a_talk_on_site(mira, asked) -> None:
    with transaction():
        for hours in db.session.merge(mira).availability.weekly_hours:
            hours.ways = ["video"]
    assert may_be_asked(mira, asked) == {False}


def test_on_a_holiday_only_those_who_work_then_are_asked(mira) -> None:
    with transaction():
        easter = factories.asked(start=datetime.combine(date(2027, 3, 29), time(10)))
        db.session.merge(mira).availability.on_public_holidays = False
    assert may_be_asked(mira, easter) == {False}
    with transaction():
        db.session.merge(mira).availability.on_public_holidays = True
    assert may_be_asked(mira, easter) == {True}


def test_whoever_has_said_yes_stays_although_the_times_change(mira, asked) -> None:
    with transaction():
        factories.coming(asked, db.session.merge(mira))
    with transaction():
        availability = db.session.merge(mira).availability
        availability.notice, availability.regions = 300, ["Hörde"]
    plan = planning.compute(Horizon(TOMORROW_TEN.date(), TOMORROW_TEN.date(), ZONE), now=NOW).plan
    assert [route.interpreter for route in plan.routes if route.stops] == [str(mira.id)]
