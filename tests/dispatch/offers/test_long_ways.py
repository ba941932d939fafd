"""A way beyond the city's cap: the office decides first, and nobody else knows."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from dispatch.absences import service as absences
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.availability.models import Absence
from dispatch.cancellations import service as cancellations
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning, Reasons
from dispatch.offers import long_ways, queries
from dispatch.offers import service as offers
from dispatch.offers.approving import decide_by
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.proposals import service as proposals
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW
from tests.planning_days import TUESDAY

UNNA = (51.5350, 7.6890)
"""Some 16 km east of the city hall."""

on_both = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def far_and_near() -> tuple[InterpretationRequest, Interpreter, Interpreter]:
    """Somebody far who fits best, as those who ask wish for her, and somebody near."""
    with transaction():
        asked = factories.asked()
        far = factories.interpreter(name="Fara", home=UNNA)
        return asked, far, factories.interpreter(name="Nera")


def put(asked: InterpretationRequest, who: Interpreter) -> Offer:
    with transaction():
        return offers.make(SYSTEM, asked.id, who.id, now=NOW)


def kinds(asked: InterpretationRequest) -> list[str]:
    return [one.kind for one in ledger.history(Concerning(interpretation_request=asked.id))]


@on_both
def test_nothing_is_asked_of_the_interpreter_before_the_office_has_approved() -> None:
    asked, far, near = far_and_near()
    offer, other = put(asked, far), None
    deliver_all()
    assert (offer.state, written("offer")) == ("to_approve", [])
    assert queries.waiting_for(far.account_id, NOW) == []
    with pytest.raises(Conflict, match="not approved yet"), transaction():
        offers.accept(SYSTEM, offer.id, via=Via.TELEPHONE, now=NOW)
    with pytest.raises(Conflict), transaction():
        other = offers.make(SYSTEM, asked.id, near.id, now=NOW)
    assert other is None, "the seat is held while the office decides"
    with transaction():
        offers.approve(SYSTEM, offer.id, now=NOW)
    assert (offer.state, offer.approved_at) == ("made", NOW)
    deliver_all()
    assert len(written("offer")) == 2, "by mail and by SMS"
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert asked.state == "filled"
    assert [kind for kind in kinds(asked) if "app" in kind] == [
        "offer.to-approve",
        "offer.approved",
    ]


@on_both
def test_refused_she_hears_nothing_and_the_cascade_goes_on_with_the_next() -> None:
    asked, far, near = far_and_near()
    with transaction():
        begun = offers.begin_round(SYSTEM, asked, Strategy.CASCADE, now=NOW)
        offer = offers.make(SYSTEM, asked.id, far.id, within=begun, now=NOW)
    with transaction():
        offers.refuse(SYSTEM, offer.id, reasons=Reasons(office="too dear"), now=NOW)
    assert (offer.state, offer.hold_id) == ("not_approved", None)
    with transaction():
        rounds.carry_on(begun.id, now=NOW)
    deliver_all()
    assert {one.recipient_name for one in written("offer")} == {near.name}
    assert queries.ended_for(far.account_id).rows == []
    with pytest.raises(Conflict, match="does not wait for a decision"), transaction():
        offers.approve(SYSTEM, offer.id, now=NOW)


@on_both
def test_nobody_decides_in_time_and_it_counts_as_refused_which_the_office_reads() -> None:
    asked, far, _near = far_and_near()
    offer = put(asked, far)
    due = offer.answer_by
    assert due == decide_by(NOW, asked.starts_at) == NOW + timedelta(hours=4)
    assert offer.id in offers.due(due)
    with transaction():
        offers.expire(offer.id, now=due - timedelta(minutes=1))
    assert offer.state == "to_approve"
    with transaction():
        offers.expire(offer.id, now=due)
    assert (offer.state, kinds(asked)[-1]) == ("not_approved", "offer.approval-lapsed")
    deliver_all()
    assert written("offer_expired") == []
    with pytest.raises(Conflict), transaction():
        offers.approve(SYSTEM, offer.id, now=due)


@on_both
def test_what_begins_soon_is_decided_in_half_of_the_time_that_is_left() -> None:
    assert decide_by(NOW, NOW + timedelta(hours=3)) == NOW + timedelta(hours=1.5)


@on_sqlite
@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("asked_at", "starts_at"),
    [
        ("2027-03-05 15:50", "2027-03-08 11:00"),  # Friday for Monday
        ("2027-03-05 20:00", "2027-03-08 11:00"),
        ("2027-03-07 12:00", "2027-03-08 11:00"),  # Sunday
        ("2027-03-01 18:00", "2027-03-02 12:00"),
        ("2027-12-24 15:00", "2027-12-28 11:00"),
    ],
)
def test_the_office_decides_while_it_is_open_and_not_at_night_or_on_a_sunday(
    asked_at: str, starts_at: str
) -> None:
    city = active().city
    first, start = (
        datetime.fromisoformat(one).replace(tzinfo=city.zone) for one in (asked_at, starts_at)
    )
    due = decide_by(first, start)
    opened = city.office_span(due.astimezone(city.zone).date())
    assert opened is not None
    assert opened[0] < due <= min(opened[1], start)


@on_sqlite
@pytest.mark.usefixtures("frozen_clock", "session")
def test_who_does_not_fit_any_more_is_not_asked_however_the_office_decides() -> None:
    asked, far, _near = far_and_near()
    offer = put(asked, far)
    with transaction():
        far.working_languages.clear()
    with pytest.raises(Conflict, match="does not work in this language"), transaction():
        offers.approve(SYSTEM, offer.id, now=NOW)


@on_both
def test_of_several_asked_at_once_only_whose_way_is_short_hears_it_at_once() -> None:
    asked, far, near = far_and_near()
    with transaction():
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    deliver_all()
    assert {one.recipient_name for one in written("offer_broadcast")} == {near.name}
    [waiting] = queries.to_approve(NOW)
    assert waiting.interpreter_id == far.id
    [made] = [one for one in queries.of_request(asked.id) if one.interpreter_id == near.id]
    with transaction():
        offers.accept(SYSTEM, made.id, via=Via.LINK, now=NOW)
    assert waiting.state == "not_approved"
    deliver_all()
    assert all(one.recipient_name != far.name for one in written("offer_lost"))


@on_both
def test_cancelled_meanwhile_she_never_hears_of_it() -> None:
    asked, far, _near = far_and_near()
    offer = put(asked, far)
    with transaction():
        cancellations.cancel_request(SYSTEM, asked.id, reasons=Reasons("moved", "moved"), now=NOW)
    deliver_all()
    assert (offer.state, written("offer_withdrawn")) == ("not_approved", [])


@on_both
def test_a_plan_and_the_candidates_mark_the_way_and_adopting_asks_the_office_first() -> None:
    with transaction():
        asked, _far = factories.asked(), factories.interpreter(home=UNNA)
    page = candidates_page(asked, NOW)
    assert page is not None
    assert "beyond 15 km the office decides first" in page.lines[0].note
    made = proposals.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = proposals.store(SYSTEM, made, now=NOW)
        adopted = proposals.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
    assert [one.state for one in adopted.offers] == ["to_approve"]
    [offer] = adopted.offers
    offer.way = "video"
    assert long_ways.long_way(offer) is None


@on_both
def test_approved_once_it_is_not_asked_about_again() -> None:
    asked, far, _near = far_and_near()
    offer = put(asked, far)
    with transaction():
        offers.approve(SYSTEM, offer.id, now=NOW)
        offers.withdraw(SYSTEM, offer.id, now=NOW)
    assert put(asked, far).state == "made"


@on_sqlite
def test_the_office_decides_on_its_first_page_and_the_interpreter_finds_nothing(app: Flask) -> None:
    with app.app_context():
        asked, far, _near = far_and_near()
        offer = put(asked, far)
        coordinator = factories.account(Role.COORDINATOR)
        db.session.commit()
        hers, offer_id, page = far.account, offer.id, f"/requests/{asked.id}"
    office, own = sign_in(app, coordinator), sign_in(app, hers)
    assert "beyond 15 km the office decides first" in office.get("/").text
    assert "Approve the way: Fara" in office.get(page).text
    assert "Way to approve" in office.get("/day/2027-03-02").text
    assert f"/offers/{offer_id}" not in own.get("/").text
    done = send(office, f"/offers/{offer_id}/way/approve", seen_on="/")
    assert done.location.endswith(page)
    with app.app_context():
        assert get(Offer, offer_id).state == "made"
    assert f"/offers/{offer_id}" in own.get("/").text


@on_both
def test_who_is_away_by_now_is_not_decided_on_any_more_and_somebody_else_can_be_asked() -> None:
    asked, far, near = far_and_near()
    offer = put(asked, far)
    with transaction():
        absences.save(far.account.actor, far.id, (offer.starts_at, offer.ends_at), {}, now=NOW)
    deliver_all()
    assert (offer.state, offer.hold_id) == ("not_approved", None)
    assert queries.to_approve(NOW) == []
    assert [one for one in written() if one.recipient_name == far.name] == []
    assert put(asked, near).state == "made"


@on_both
def test_a_way_of_somebody_away_is_not_approved_with_what_to_do_instead() -> None:
    asked, far, _near = far_and_near()
    offer = put(asked, far)
    with transaction():
        far.availability.absences.append(Absence(starts_at=offer.starts_at, ends_at=offer.ends_at))
    with (
        pytest.raises(Conflict, match="away at this time and cannot be sent"),
        transaction(),
    ):
        offers.approve(SYSTEM, offer.id, now=NOW)
