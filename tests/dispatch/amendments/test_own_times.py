"""A changed time is asked again only within the hours, notice and districts somebody gave."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.amendments import service
from dispatch.amendments.foreseeing import Foreseen, details_of
from dispatch.database import transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
IN_TIME = datetime(2027, 3, 15, 10)


def comes(
    start: datetime = IN_TIME, notice_hours: int = 0
) -> tuple[InterpretationRequest, Interpreter]:
    with transaction():
        mira = factories.interpreter(hours=(8, 16))
        mira.availability.notice = notice_hours
        one = factories.asked(start=start)
        offers.assign(SYSTEM, one.id, mira.id, now=NOW)
        return one, mira


def moved(one: InterpretationRequest, to: datetime) -> Foreseen:
    with transaction():
        details = replace(details_of(one), wall_start=to, is_urgent=True)
        return service.amend(SYSTEM, one.id, details, now=NOW)


def fate(done: Foreseen) -> tuple[str, str]:
    [person] = done.people
    return person.fate, str(person.why)


def test_within_her_hours_she_is_asked_again() -> None:
    one, _mira = comes()
    assert fate(moved(one, IN_TIME + timedelta(hours=2))) == ("asked again", "")


def test_outside_her_hours_she_is_not_asked_and_somebody_else_is_looked_for() -> None:
    one, _mira = comes()
    assert fate(moved(one, IN_TIME + timedelta(hours=8))) == (
        "leaves",
        "The interpreter does not work at this time.",
    )
    assert one.state == "open"
    assert written("assignment_asked_again") == []


def test_what_was_agreed_outside_her_hours_may_stay_outside() -> None:
    one, _mira = comes(IN_TIME + timedelta(hours=9))
    assert fate(moved(one, IN_TIME + timedelta(hours=10)))[0] == "asked again"


def test_moved_into_her_notice_she_is_not_asked_but_within_it_she_is() -> None:
    one, _mira = comes(notice_hours=72)
    assert fate(moved(one, datetime(2027, 3, 2, 10)))[0] == "leaves"
    near, _mira = comes(datetime(2027, 3, 2, 10), notice_hours=72)
    assert fate(moved(near, datetime(2027, 3, 2, 13)))[0] == "asked again"
