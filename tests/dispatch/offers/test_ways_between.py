"""A way between two jobs, or to a place that a change names, is put to the office first as well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import FAR, Foreseen, details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import grown_ways, long_ways, queries, renewing
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.proposals import service as proposals
from dispatch.planning.proposals.page import proposal_page
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
WEST, EAST = (51.5113, 7.2952), (51.5113, 7.6352)
"""Each less than 12 km from the city hall, where everybody lives; 23 km apart."""
UNNA = (51.5350, 7.6890)
"""Some 16 km from the city hall; the city asks beyond 15."""
LATER = TOMORROW_TEN + timedelta(hours=4)


def asked_at(point: tuple[float, float], start: object = TOMORROW_TEN) -> InterpretationRequest:
    return factories.asked(at=factories.site(point=point), start=start)  # type: ignore[arg-type]


def coming() -> tuple[InterpretationRequest, Assignment]:
    with transaction():
        asked = asked_at(factories.CITY_HALL)
        return asked, factories.coming(asked, factories.interpreter())


def moved(asked: InterpretationRequest, point: tuple[float, float]) -> Foreseen:
    with transaction():
        details = replace(details_of(asked), site_id=factories.site("There", point=point).id)
        return amendments.amend(SYSTEM, asked.id, details, now=NOW)


def waiting() -> Offer:
    [offer] = queries.to_approve(NOW)
    return offer


def names_of_messages() -> set[str]:
    deliver_all()
    return {one.name for one in written()} - {"request_received", "request_changed"}


@pytest.mark.parametrize("first", ["the earlier", "the later"])
def test_between_two_jobs_the_office_is_asked_first_though_each_is_near_home(first: str) -> None:
    with transaction():
        mira = factories.interpreter()
        pair = [asked_at(WEST), asked_at(EAST, LATER)]
    one, other = pair if first == "the earlier" else reversed(pair)
    with transaction():
        factories.coming(one, mira)
    page = candidates_page(other, NOW)
    assert page is not None
    with transaction():
        offer = offers.make(SYSTEM, other.id, mira.id, now=NOW)
    assert offer.state == "to_approve"
    [(_offer, words)] = long_ways.with_words([offer])
    where = "from the assignment before it" if first == "the earlier" else "on to the assignment"
    assert where in words
    assert words in page.lines[0].note, "candidates say the same minutes"


def asked_at_once_and_then_needed_across_town() -> tuple[Interpreter, Offer]:
    """Two are asked at once for the west; then one of them comes to the east on the same day."""
    with transaction():
        west, east = asked_at(WEST), asked_at(EAST, LATER)
        mira = factories.interpreter(name="Mira")
        factories.interpreter(name="Nour")
        rounds.broadcast(SYSTEM, west.id, now=NOW)
    deliver_all()
    with transaction():
        factories.coming(east, mira)
    deliver_all()
    [question] = [one for one in queries.of_request(west.id) if one.interpreter_id == mira.id]
    return mira, question


def test_a_yes_to_one_of_several_counts_only_once_the_office_has_decided_on_a_way_grown_since() -> (
    None
):
    mira, question = asked_at_once_and_then_needed_across_town()
    with pytest.raises(Conflict) as refused, transaction():
        offers.accept(SYSTEM, question.id, via=Via.LINK, now=NOW)
    assert refused.value.code == "way-grown"
    assert grown_ways.grown(NOW) == [question.id]
    with transaction():
        renewing.put_grown_to_office(question.id, now=NOW)
    deliver_all()
    # She reads why; the office has it before it, and asks her anew.
    assert "The office decides first" in written("offer_withdrawn")[0].body
    assert grown_ways.grown(NOW) == []
    to_decide = waiting()
    assert (to_decide.interpreter_id, to_decide.hold_id) == (mira.id, None)
    with transaction():
        offers.approve(SYSTEM, to_decide.id, now=NOW)
    with transaction():
        offers.accept(SYSTEM, to_decide.id, via=Via.LINK, now=NOW)
    assert to_decide.interpretation_request.state == "filled"


def test_where_she_cannot_be_in_time_there_is_nothing_for_the_office_to_decide() -> None:
    with transaction():
        west, east = asked_at(WEST), asked_at(EAST, TOMORROW_TEN + timedelta(minutes=65))
        mira = factories.interpreter(name="Mira")
        rounds.broadcast(SYSTEM, west.id, now=NOW)
    with transaction():
        factories.coming(east, mira)
    [question] = queries.of_request(west.id)
    for each in grown_ways.grown(NOW):
        with transaction():
            renewing.put_grown_to_office(each, now=NOW)
    assert queries.to_approve(NOW) == []
    with pytest.raises(Conflict) as refused, transaction():
        offers.accept(SYSTEM, question.id, via=Via.LINK, now=NOW)
    assert refused.value.code == "travel"


def test_the_others_who_were_asked_are_not_kept_waiting_by_it() -> None:
    mira, question = asked_at_once_and_then_needed_across_town()
    with transaction():
        renewing.put_grown_to_office(question.id, now=NOW)
    [other] = [
        one
        for one in queries.of_request(question.interpretation_request_id)
        if one.interpreter_id != mira.id
    ]
    with transaction():
        offers.accept(SYSTEM, other.id, via=Via.LINK, now=NOW)
    assert queries.to_approve(NOW) == []


def test_a_plan_marks_the_way_between_two_jobs_and_adopting_it_asks_for_that_one_alone() -> None:
    with transaction():
        factories.interpreter()
        asked_at(WEST)
        later = asked_at(EAST, LATER)
    made = proposals.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = proposals.store(SYSTEM, made, now=NOW)
    lines = proposal_page(proposal, NOW).lines
    assert ["the office decides first" in one.price for one in lines] == [False, True]
    with transaction():
        adopted = proposals.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
    assert [one.state for one in adopted.offers] == ["made", "to_approve"]
    [(offer, words)] = long_ways.with_words([waiting()])
    assert (offer.interpretation_request_id, words in lines[1].price) == (later.id, True)


def test_by_video_or_on_another_day_nobody_travels_between_two_jobs() -> None:
    with transaction():
        mira = factories.interpreter()
        factories.coming(factories.asked(at=factories.site(point=WEST), ways=("video",)), mira)
        factories.coming(asked_at(WEST, TOMORROW_TEN + timedelta(days=1)), mira)
        here = asked_at(EAST, LATER)
        assert offers.make(SYSTEM, here.id, mira.id, now=NOW).state == "made"


def test_who_comes_hears_that_it_moved_and_is_asked_anew_only_once_the_way_is_approved() -> None:
    asked, assignment = coming()
    foreseen = moved(asked, UNNA)
    [leaving] = foreseen.coming_of(Fate.LEAVES)
    assert leaving.why == FAR
    offer = waiting()
    assert (assignment.state, asked.state, offer.seat) == ("released", "open", 1)
    assert offer.interpreter_id == assignment.interpreter_id
    assert offer.hold_id is not None, "seat and time stay hers meanwhile"
    assert "assignment_released" in names_of_messages()
    before = len(written("offer"))
    with transaction():
        offers.approve(SYSTEM, offer.id, now=NOW)
    assert len(written("offer")) == before + 2, "by mail and by SMS"
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert get(InterpretationRequest, asked.id).state == "filled"


def test_refused_the_moved_talk_is_open_for_others_and_she_is_not_asked() -> None:
    asked, _assignment = coming()
    moved(asked, UNNA)
    before = len(written("offer"))
    with transaction():
        offers.refuse(SYSTEM, waiting().id, reasons=Reasons(office="too far"), now=NOW)
    assert len(written("offer")) == before
    assert queries.open_for(asked.id) == []
    assert len(offers.free_seats(get(InterpretationRequest, asked.id))) == 1


def test_who_was_only_asked_hears_that_she_is_not_any_more_until_the_office_has_decided() -> None:
    with transaction():
        asked, mira = asked_at(factories.CITY_HALL), factories.interpreter()
        first = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    deliver_all()
    moved(asked, UNNA)
    assert (first.state, waiting().interpreter_id) == ("withdrawn", mira.id)
    assert "offer_withdrawn" in names_of_messages()
    moved(asked, factories.CITY_HALL)
    assert queries.to_approve(NOW) == []
    [again] = queries.open_for(asked.id)
    assert again.state == "made", "near again, she is asked at once"


def test_a_way_that_becomes_no_longer_is_not_asked_about_again() -> None:
    with transaction():
        asked = asked_at(UNNA)
        mira = factories.interpreter()
    with transaction():
        offers.assign(SYSTEM, asked.id, mira.id, now=NOW)
    details = details_of(asked)
    later = replace(details, wall_start=details.wall_start + timedelta(hours=1))
    [one] = foresee(asked, later, now=NOW).people
    assert one.fate == Fate.ASKED_AGAIN
    with transaction():
        amendments.amend(SYSTEM, asked.id, later, now=NOW)
    assert queries.to_approve(NOW) == []


def test_another_time_beside_another_job_makes_the_way_between_them_a_question() -> None:
    with transaction():
        mira: Interpreter = factories.interpreter()
        factories.coming(asked_at(WEST), mira)
        there = asked_at(EAST, LATER + timedelta(days=1))
        factories.coming(there, mira)
    details = details_of(there)
    with transaction():
        day = timedelta(days=1)
        sooner = replace(details, wall_start=details.wall_start - day, is_urgent=True)
        amendments.amend(SYSTEM, there.id, sooner, now=NOW)
    assert waiting().interpretation_request_id == there.id
    assert [one for one in assignments.live(there) if one.hold_id] == []
    assert db.session.get_one(InterpretationRequest, there.id).state == "open"
