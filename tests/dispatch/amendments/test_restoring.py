"""Changed, cancelled and brought back before anything left: the change is heard all the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.rules import Via
from dispatch.assignments.service import live
from dispatch.cancellations import service as cancellations
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
START = TOMORROW_TEN + timedelta(days=9)
LATER = NOW + timedelta(minutes=5)
WHY = Reasons(office="twice", told="entered twice")


def one_comes() -> InterpretationRequest:
    with transaction():
        asked = factories.asked(by=factories.account(of=factories.organisation()), start=START)
        factories.coming(asked, factories.interpreter(name="Mira"))
    deliver_all()
    return asked


def office() -> Account:
    with transaction():
        return factories.account(Role.COORDINATOR)


def change(asked: InterpretationRequest, by: Account, **differently: object) -> None:
    details = replace(details_of(asked), **differently)  # type: ignore[arg-type]
    with transaction():
        amendments.amend(by.actor, asked.id, details, now=LATER)


def cancel_and_bring_back(asked: InterpretationRequest, by: Account) -> list[Message]:
    """Return what left then, everything of it before the change having left."""
    before = len(written())
    with transaction():
        cancellations.cancel_request(by.actor, asked.id, reasons=WHY, now=LATER)
    with transaction():
        restoring.undo(by.actor, asked.id, now=LATER)
    deliver_all(LATER)
    return [one for one in written()[before:] if one.sent_at]


def test_who_comes_hears_that_it_has_become_shorter_and_so_does_who_asked() -> None:
    asked, by = one_comes(), office()
    change(asked, by, duration_minutes=30)
    said = {one.name: one for one in cancel_and_bring_back(asked, by)}
    assert set(said) == {"assignment_changed", "request_changed"}
    assert "10:00–10:30 (before: 10:00–11:00)" in said["assignment_changed"].body
    assert said["assignment_changed"].calendar_method == "REQUEST"
    assert "10:00–10:30 (before: " in said["request_changed"].body
    assert "has to accept again" not in said["request_changed"].body


def test_who_comes_hears_that_the_room_is_another_and_who_asked_only_what_the_office_changed() -> (
    None
):
    asked = one_comes()
    change(asked, asked.account, room="7")
    said = cancel_and_bring_back(asked, asked.account)
    assert [one.name for one in said] == ["request_back", "assignment_changed"]
    assert "Room: new, to be read on the page" in said[1].body


def test_who_had_to_agree_again_is_asked_and_who_asked_hears_the_change_too() -> None:
    asked, by = one_comes(), office()
    change(asked, by, wall_start=details_of(asked).wall_start + timedelta(hours=4))
    said = cancel_and_bring_back(asked, by)
    (changed,) = [one for one in said if one.name == "request_changed"]
    assert "14:00" in changed.body
    assert "10:00" in changed.body
    assert "Whoever had accepted has to accept again" in changed.body
    assert {one.name for one in said} == {"assignment_cancelled", "offer", "request_changed"}


def test_a_yes_to_the_change_that_was_not_confirmed_yet_is_confirmed_in_the_calendar_too() -> None:
    asked, by = one_comes(), office()
    change(asked, by, wall_start=details_of(asked).wall_start + timedelta(hours=4))
    deliver_all(LATER)
    with transaction():
        (mira,) = live(get(InterpretationRequest, asked.id))
        amendments.accept(SYSTEM, mira.confirmations[-1].id, via=Via.PAGE, now=LATER)
    said = [one for one in cancel_and_bring_back(asked, by) if one.name == "assignment_confirmed"]
    assert [one.calendar_method for one in said if one.channel == "email"] == ["REQUEST"]


def test_where_nothing_had_changed_nobody_hears_of_anything() -> None:
    asked, by = one_comes(), office()
    assert cancel_and_bring_back(asked, by) == []


def test_what_has_left_before_is_not_said_again() -> None:
    asked, by = one_comes(), office()
    change(asked, by, duration_minutes=30)
    deliver_all(LATER)
    assert cancel_and_bring_back(asked, by) == []
