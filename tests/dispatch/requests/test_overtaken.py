"""Nobody reads that somebody is looked for, when by then somebody was found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.amendments import restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.availability.models import Absence
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import agency
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import AGENCY, deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
START = TOMORROW_TEN + timedelta(days=9)
WHY = Reasons(office="x", told="ill")


def ada_comes(count: int = 1) -> Assignment:
    with transaction():
        by = factories.account(of=factories.organisation())
        asked = factories.asked(by=by, start=START, interpreters=count)
        coming = factories.coming(asked, factories.interpreter(name="Ada"))
    deliver_all()
    return coming


def cem_is_found(ada: Assignment) -> list[str]:
    """Have somebody else come; return what those who asked read then, oldest first."""
    with transaction():
        cem = factories.interpreter(name="Cem")
        offers.assign(SYSTEM, ada.interpretation_request_id, cem.id, now=NOW)
    who_asked = ada.interpretation_request.account.email
    waiting = [one.id for one in written() if one.recipient == who_asked and not one.sent_at]
    deliver_all()
    return [one.body for one in written() if one.id in waiting and one.sent_at]


def ada_cannot_come_then(ada: Assignment) -> None:
    asked = ada.interpretation_request
    later = replace(details_of(asked), wall_start=details_of(asked).wall_start + timedelta(hours=4))
    with transaction():
        away = Absence(
            starts_at=ada.ends_at + timedelta(hours=1), ends_at=ada.ends_at + timedelta(days=1)
        )
        ada.interpreter.availability.absences.append(away)
    with transaction():
        amendments.amend(SYSTEM, asked.id, later, now=NOW)


def test_a_change_by_which_somebody_left_is_said_without_it_and_who_comes_instead() -> None:
    ada = ada_comes()
    ada_cannot_come_then(ada)
    changed, found = cem_is_found(ada)
    assert "14:00" in changed
    assert "looking for somebody" not in changed
    assert "Cem will come and interpret. Ada does not come any more." in found


def test_while_one_of_two_is_missing_it_is_said_as_before() -> None:
    ada = ada_comes(2)
    ada_cannot_come_then(ada)
    changed, _found = cem_is_found(ada)
    assert "1 of 2 people cannot come like this; we are looking for somebody else" in changed


def test_what_takes_place_after_all_says_nobody_is_missing_any_more() -> None:
    ada = ada_comes()
    request_id = ada.interpretation_request_id
    with transaction():
        cancellations.cancel_request(
            ada.interpretation_request.account.actor, request_id, reasons=WHY, now=NOW
        )
    with transaction():
        get(Assignment, ada.id).interpreter.active = False
    with transaction():
        restoring.undo(ada.interpretation_request.account.actor, request_id, now=NOW)
    back, found = cem_is_found(ada)
    assert "is taken back" in back
    assert "looking" not in back
    assert "Cem will come" in found


@pytest.mark.parametrize("verb", [withdrawing.withdraw, cancellations.release])
def test_who_withdrew_or_was_released_is_named_by_what_says_who_comes(
    verb: Callable[..., Assignment],
) -> None:
    ada = ada_comes()
    with transaction():
        verb(SYSTEM, ada.id, reasons=WHY, now=NOW)
    (found,) = cem_is_found(ada)
    assert "Cem will come and interpret. Ada does not come any more." in found


def test_an_agency_that_sends_nobody_after_all_is_named_so_too() -> None:
    with transaction():
        asked = factories.asked(by=factories.account(of=factories.organisation()), start=START)
    with transaction():
        agency.cover(SYSTEM, asked.id, AGENCY, cents=None, now=NOW)
    deliver_all()
    with transaction():
        agency.uncover(SYSTEM, asked.id, now=NOW)
    with transaction():
        cem = factories.interpreter(name="Cem")
        offers.assign(SYSTEM, asked.id, cem.id, now=NOW)
    deliver_all()
    assert [one.state for one in written("agency_off")] == ["settled"]
    (found,) = [one.body for one in written("interpreter_found") if one.channel == "email"]
    assert f"Cem will come and interpret. {AGENCY} does not come any more." in found
    assert db.session.get_one(InterpretationRequest, asked.id).state == "filled"
