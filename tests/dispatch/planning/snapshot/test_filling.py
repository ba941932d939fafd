"""Plan, candidate, offer, answer and page use the same minutes and say where they come from."""

from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.assignments.rules import Via
from dispatch.database import transaction
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.ways_there import ways_there
from dispatch.pages.places import way_there
from dispatch.pages.words import where_ways_come_from
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.proposals import service
from dispatch.planning.proposals.page import proposal_page
from dispatch.planning.snapshot import filling
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import Settings, use
from dispatch.travel.estimate import Mode, Point, minutes
from dispatch.travel.models import Timetable
from dispatch.travel.queries import timetable, travel_time
from dispatch.travel.times import Source, TravelTime
from tests import factories
from tests.dispatch.travel.engines import Valhalla, running
from tests.dispatch.travel.feeds import written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
HALL, SOUTH, OUTSIDE = (51.5113, 7.4652), (51.4613, 7.5352), (51.6, 7.4)
TRANSIT = Mode.PUBLIC_TRANSPORT
BY_TIMETABLE = 43
"""From the hall to the south in the timetable of the tests; the estimate says 38."""


def imported(folder: Path, **files: list[str] | None) -> Timetable:
    """Take the tests' timetable over."""
    return filling.import_timetable(
        SYSTEM,
        written(folder / "feed.zip", **files),
        now=NOW,
        reading=lambda _name: None,
        watch=lambda _done: None,
    )


@pytest.fixture
def somebody() -> Interpreter:
    """Somebody who goes by public transport, from the hall."""
    with transaction():
        one = factories.interpreter()
        one.travel_mode = TRANSIT
    return one


@pytest.fixture
def two_jobs() -> tuple[InterpretationRequest, InterpretationRequest]:
    """One in the hall, then one in the south with just the time of the way and both buffers."""
    with transaction():
        later = TOMORROW_TEN + timedelta(minutes=60 + 5 + BY_TIMETABLE + 5)
        return (
            factories.asked(at=factories.site(point=HALL)),
            factories.asked(at=factories.site(point=SOUTH), start=later),
        )


def test_the_timetable_counts_where_a_stop_is_near_else_the_estimate(
    tmp_path: Path, somebody: Interpreter
) -> None:
    with transaction():
        factories.site(point=SOUTH)
        factories.site(point=OUTSIDE)
    imported(tmp_path)
    hall, south, outside = Point(*HALL), Point(*SOUTH), Point(*OUTSIDE)
    assert travel_time(hall, south, TRANSIT) == TravelTime(BY_TIMETABLE, Source.TIMETABLE)
    assert travel_time(hall, outside, TRANSIT) == TravelTime(
        minutes(hall, outside, TRANSIT), Source.ESTIMATE
    )
    assert travel_time(hall, south, Mode.CAR).source == Source.ESTIMATE


def test_plan_candidate_offer_and_answer_count_the_same_minutes(
    tmp_path: Path,
    somebody: Interpreter,
    two_jobs: tuple[InterpretationRequest, InterpretationRequest],
) -> None:
    imported(tmp_path)
    made = service.compute(TUESDAY, now=NOW)
    [route] = made.plan.routes
    assert [stop.travel for stop in route.stops] == [0, BY_TIMETABLE]
    assert route.travel_home == BY_TIMETABLE
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
    assert [line.way for line in proposal_page(proposal, NOW).lines] == [
        "0 min",
        "43 min (timetable)",
    ]
    with transaction():
        zone = "Europe/Berlin"
        adopted = service.adopt(SYSTEM, proposal.id, None, zone_name=zone, now=NOW)
    assert not adopted.dropped
    first, second = adopted.offers
    [from_home] = ways_there([first]).values()
    assert way_there(from_home, zone) == "0 min by public transport (estimate) from home"
    with transaction():
        offers.accept(SYSTEM, first.id, via=Via.PAGE, now=NOW)
    [from_there] = ways_there([second]).values()
    assert way_there(from_there, zone) == (
        "43 min by public transport (timetable) from Innenstadt-West, where you are until 11:00"
    )
    with transaction():
        offers.accept(SYSTEM, second.id, via=Via.PAGE, now=NOW)


def test_a_minute_less_is_too_short_for_plan_and_person(
    tmp_path: Path,
    somebody: Interpreter,
    two_jobs: tuple[InterpretationRequest, InterpretationRequest],
) -> None:
    imported(tmp_path)
    first, second = two_jobs
    with transaction():
        offers.make(SYSTEM, first.id, somebody.id, now=NOW)
        second.starts_at -= timedelta(minutes=1)
        second.ends_at -= timedelta(minutes=1)
    page = candidates_page(second, NOW)
    assert page
    assert not page.lines[0].fits
    with transaction(), pytest.raises(Conflict, match=r"\(timetable\); .* 1 min more than"):
        offers.make(SYSTEM, second.id, somebody.id, now=NOW)


def test_a_candidate_says_where_the_minutes_come_from(
    tmp_path: Path,
    somebody: Interpreter,
    two_jobs: tuple[InterpretationRequest, InterpretationRequest],
) -> None:
    def note() -> str:
        page = candidates_page(two_jobs[1], NOW)
        assert page
        return page.lines[0].note

    assert note().startswith("1 h 16 min more on the way (estimate)")
    imported(tmp_path)
    assert note().startswith("1 h 26 min more on the way (timetable)")


def test_new_places_get_their_ways_by_a_job(tmp_path: Path, somebody: Interpreter) -> None:
    imported(tmp_path)
    with transaction():
        factories.site(point=SOUTH)
    there, back = (Point(*HALL), Point(*SOUTH)), (Point(*SOUTH), Point(*HALL))
    assert travel_time(*there, TRANSIT).source == Source.ESTIMATE
    filling.fill_travel_times()
    assert travel_time(*there, TRANSIT) == TravelTime(BY_TIMETABLE, Source.TIMETABLE)
    assert travel_time(*back, TRANSIT) == TravelTime(BY_TIMETABLE, Source.TIMETABLE)
    filling.fill_travel_times()
    assert travel_time(*there, TRANSIT) == TravelTime(BY_TIMETABLE, Source.TIMETABLE)


def test_a_timetable_replaces_the_one_before_and_a_wrong_one_changes_nothing(
    tmp_path: Path, somebody: Interpreter
) -> None:
    with transaction():
        factories.site(point=SOUTH)
    imported(tmp_path)
    with pytest.raises(Refusal):
        imported(tmp_path, stop_times=None)
    assert travel_time(Point(*HALL), Point(*SOUTH), TRANSIT).minutes == BY_TIMETABLE
    named = ["feed_publisher_name,feed_version", "Verkehrsverbund Beispiel,2027-2"]
    imported(tmp_path, feed_info=named)
    kept = timetable()
    assert kept
    assert kept.feed_version == "2027-2"
    assert "timetable of Fri, 1 January 2027 (Verkehrsverbund Beispiel, 2027-2)" in (
        where_ways_come_from()
    )


def test_without_sites_and_people_there_is_nothing_to_look_up(tmp_path: Path) -> None:
    assert "estimated" in where_ways_come_from()
    with pytest.raises(Refusal, match="There are no sites and no interpreters yet"):
        imported(tmp_path)


def test_ways_by_car_come_from_the_routing_engine_and_stay_when_it_goes_away(
    settings: Settings,
) -> None:
    with transaction():
        factories.interpreter().travel_mode = Mode.CAR
        factories.site(point=SOUTH)
    there, home = Point(*SOUTH), Point(*HALL)
    with running(Valhalla) as engine:
        routed = settings.model_copy(update={"routing_url": engine.url})
        use(routed)
        filling.fill_travel_times()
    by_road = travel_time(home, there, Mode.CAR)
    assert by_road.source == Source.ROUTING_ENGINE
    assert travel_time(there, home, Mode.CAR) == by_road
    assert where_ways_come_from() == (
        "A routing engine knows the ways by car. Other ways are estimated from the straight line."
    )
    with transaction():
        factories.site("Later", point=OUTSIDE)
    filling.fill_travel_times()
    assert travel_time(home, there, Mode.CAR) == by_road
    assert travel_time(home, Point(*OUTSIDE), Mode.CAR).source == Source.ESTIMATE
    with running(Valhalla) as engine:
        use(settings.model_copy(update={"routing_url": engine.url}))
        filling.fill_travel_times()
    assert travel_time(home, Point(*OUTSIDE), Mode.CAR).source == Source.ROUTING_ENGINE
    assert travel_time(Point(*OUTSIDE), home, Mode.CAR).source == Source.ROUTING_ENGINE
