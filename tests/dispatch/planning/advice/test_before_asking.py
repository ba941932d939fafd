"""Who is asked for what begins soon can still be there: nobody set out before it was asked for."""

from datetime import time, timedelta

import pytest

from dispatch.assignments.rules import AssignmentState
from dispatch.database import db, get, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.planning.advice import assigning, before_asking, candidates, quickly
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SUBURB = (51.5541, 7.4710)
A_QUARTER = timedelta(minutes=15)


@pytest.fixture
def wanted() -> InterpretationRequest:
    """For ten at the city hall, while one lives there and one in a suburb."""
    with transaction():
        request_id = factories.asked().id
        factories.interpreter(name="Near")
        factories.interpreter(name="Far", home=SUBURB)
    return get(InterpretationRequest, request_id)


def names_of(ids: dict[int, object]) -> list[str]:
    return sorted(db.session.get_one(Interpreter, id_).first_name for id_ in ids)


def test_who_cannot_be_there_in_time_any_more_is_not_asked(wanted: InterpretationRequest) -> None:
    in_time = candidates.able(wanted, now=wanted.starts_at - timedelta(hours=2))
    assert names_of(dict(in_time)) == ["Far", "Near"]
    assert names_of(dict(candidates.able(wanted, now=wanted.starts_at - A_QUARTER))) == ["Near"]


def test_the_office_reads_who_would_come_late_and_may_send_them(
    wanted: InterpretationRequest,
) -> None:
    lines = candidates.look(wanted, wanted.starts_at - A_QUARTER).lines
    notes = {one.interpreter.first_name: one.note for one in lines if one.fits}
    assert "late" in notes["Far"]
    assert "at the earliest" in notes["Far"]
    assert "late" not in notes["Near"]
    quick = {
        one.interpreter.first_name: one.note
        for one in quickly.look_quickly(wanted, wanted.starts_at - A_QUARTER).lines
    }
    assert quick == notes
    [far] = [one.interpreter for one in lines if one.interpreter.first_name == "Far"]
    assigning.require_able_now(wanted, far.id, now=wanted.starts_at - A_QUARTER)


def test_whoever_would_be_there_only_when_it_is_over_does_not_fit(
    wanted: InterpretationRequest,
) -> None:
    with transaction():
        get(InterpretationRequest, wanted.id).duration_minutes = 15
    soon = wanted.starts_at - timedelta(minutes=1)
    for found in (candidates.look(wanted, soon), quickly.look_quickly(wanted, soon)):
        fits = {one.interpreter.first_name: one.fits for one in found.lines}
        assert fits == {"Near": True, "Far": False}
        assert found.lines[-1].reasons == [before_asking.OVER]


def test_of_a_window_whoever_can_still_be_in_time_is_asked_for_a_time_in_time() -> None:
    with transaction():
        request_id = factories.asked(latest_start=time(11)).id
        factories.interpreter(name="Far", home=SUBURB)
    wanted = get(InterpretationRequest, request_id)
    [line] = candidates.look(wanted, wanted.starts_at - A_QUARTER).lines
    assert line.fits
    assert "late" not in line.note
    assert line.starts[0] > wanted.starts_at
    assert min(line.starts) == line.starts[0], "none before it"


def test_who_works_nearby_until_then_is_asked_however_far_home_is(
    wanted: InterpretationRequest,
) -> None:
    with transaction():
        before = factories.asked(start=TOMORROW_TEN - timedelta(hours=2), minutes=100)
        [far] = db.session.query(Interpreter).filter_by(first_name="Far")
        factories.coming(before, far)
    assert names_of(dict(candidates.able(wanted, now=wanted.starts_at - A_QUARTER))) == [
        "Far",
        "Near",
    ]


def test_who_still_runs_over_their_time_is_where_they_run(wanted: InterpretationRequest) -> None:
    with transaction():
        before = factories.asked(start=TOMORROW_TEN - timedelta(hours=3), minutes=60)
        [far] = db.session.query(Interpreter).filter_by(first_name="Far")
        factories.coming(before, far).state = AssignmentState.RUNNING
    assert "Far" in names_of(dict(candidates.able(wanted, now=wanted.starts_at - A_QUARTER)))


def test_whom_no_message_reaches_is_said_with_the_number_to_call(
    wanted: InterpretationRequest,
) -> None:
    with transaction():
        [near] = db.session.query(Interpreter).filter_by(first_name="Near")
        factories.dead(near.account.email)
    now = wanted.starts_at - timedelta(hours=5)
    for lines in (candidates.look(wanted, now).lines, quickly.look_quickly(wanted, now).lines):
        notes = {one.interpreter.first_name: one.note for one in lines}
        assert notes["Near"].endswith(f", e-mails do not arrive: call {near.phone}")
        assert "do not arrive" not in notes["Far"]
    with transaction():
        factories.dead(near.phone)
    [line, _far] = candidates.look(wanted, now).lines
    assert f"neither e-mails nor SMS arrive: call {near.phone}" in line.note
