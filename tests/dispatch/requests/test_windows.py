"""A window of starts: the plan picks one time, everybody hears that one, and it stays."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.accounts.models import Account
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.amendments.rules import Fate
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.errors import Conflict, Refusal, Several
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.service import Wanted
from dispatch.planning.advice import rescue
from dispatch.planning.advice.candidates import able, candidates_page
from dispatch.planning.proposals import service as proposals
from dispatch.planning.rounds import service as rounds
from dispatch.requests import importing, queries, waiting, windows
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

NINE = TOMORROW_TEN - timedelta(hours=1)
NINE_UTC = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
QUARTER_PAST_TEN = datetime(2027, 3, 2, 9, 15, tzinfo=UTC)
on_both_databases = pytest.mark.usefixtures("frozen_clock", "session")


def asked(count: int = 1, **more: object) -> tuple[InterpretationRequest, Account]:
    """Somebody asks for an hour that begins between nine and eleven tomorrow."""
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        return factories.asked(
            by=caseworker,
            start=NINE,
            interpreters=count,
            latest_start=time(11),
            **more,  # type: ignore[arg-type]
        ), caseworker


def somebody(name: str = "Mira", *, from_hour: int = 10) -> Interpreter:
    """Who can begin at a quarter past ten: there at ten, five minutes to get ready."""
    with transaction():
        return factories.interpreter("ro", name=name, hours=(from_hour, 19))


def planned_and_asked(interpretation_request: InterpretationRequest) -> list[Offer]:
    made = proposals.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = proposals.store(SYSTEM, made, now=NOW)
        adopted = proposals.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
    assert not adopted.dropped
    return [
        one for one in adopted.offers if one.interpretation_request_id == interpretation_request.id
    ]


def says_yes(offer: Offer) -> Assignment:
    with transaction():
        return offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)


@on_both_databases
def test_the_plan_picks_a_quarter_past_ten_and_everybody_hears_that() -> None:
    interpretation_request, _caseworker = asked()
    somebody()
    deliver_all()
    [receipt] = written("request_received")
    assert "start between 09:00 and 11:00" in receipt.body
    assert "when exactly it begins" in receipt.body

    [offer] = planned_and_asked(interpretation_request)
    assert offer.starts_at == QUARTER_PAST_TEN
    assert interpretation_request.has_window, "nobody has agreed to a time yet"
    deliver_all()
    assert all("10:15" in one.body for one in written("offer"))
    assert not any("09:00" in one.body or "11:00" in one.body for one in written("offer"))

    assignment = says_yes(offer)
    deliver_all()
    assert (interpretation_request.starts_at, interpretation_request.latest_start_at) == (
        QUARTER_PAST_TEN,
        QUARTER_PAST_TEN,
    )
    assert (
        interpretation_request.ends_at
        == assignment.ends_at
        == QUARTER_PAST_TEN + timedelta(hours=1)
    )
    assert interpretation_request.wall_start == "2027-03-02T10:15"
    [found] = written("interpreter_found")
    assert "10:15–11:15" in found.body
    [confirmed] = [one for one in written("assignment_confirmed") if one.subject]
    assert "10:15" in confirmed.body


@on_both_databases
def test_a_no_leaves_the_window_open_and_a_withdrawal_leaves_the_time_that_was_told() -> None:
    interpretation_request, _caseworker = asked()
    first, second = somebody("Mira"), somebody("Ion", from_hour=7)
    with transaction():
        offer = offers.make(
            SYSTEM, interpretation_request.id, first.id, Wanted(starts_at=QUARTER_PAST_TEN), now=NOW
        )
    with transaction():
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert interpretation_request.has_window
    with transaction():
        offer = offers.make(
            SYSTEM, interpretation_request.id, second.id, Wanted(starts_at=NINE_UTC), now=NOW
        )
    assignment = says_yes(offer)
    with transaction():
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons(office="ill"), now=NOW)
    assert interpretation_request.state == RequestState.OPEN
    assert (interpretation_request.starts_at, interpretation_request.has_window) == (
        NINE_UTC,
        False,
    )


@on_both_databases
def test_a_no_to_one_start_bars_nobody_from_the_others_in_a_plan_either() -> None:
    interpretation_request, _caseworker = asked()
    mira = somebody(from_hour=7)
    at_nine, at_eleven = Wanted(starts_at=NINE_UTC), NINE_UTC + timedelta(hours=2)
    with transaction():
        offer = offers.make(SYSTEM, interpretation_request.id, mira.id, at_nine, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    [offer] = planned_and_asked(interpretation_request)
    assert NINE_UTC + timedelta(hours=1) <= offer.starts_at <= at_eleven
    with transaction():
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    left = [one.starts_at for one in planned_and_asked(interpretation_request)]
    assert all(abs(at - offer.starts_at) >= timedelta(hours=1) for at in left)


@on_both_databases
def test_who_is_too_late_for_the_first_start_replaces_at_a_later_one() -> None:
    interpretation_request, _caseworker = asked()
    with transaction():
        factories.interpreter(home=(51.5541, 7.4710))
    page = rescue.rescue(interpretation_request, NINE_UTC - timedelta(minutes=5))
    assert page is not None
    [one] = page.replacements
    assert one.late_minutes == 0
    assert one.wanted.starts_at is not None
    assert one.arrival.at <= one.wanted.starts_at <= one.arrival.at + windows.STEP


@on_both_databases
def test_a_team_begins_together() -> None:
    interpretation_request, _caseworker = asked(2)
    early, late = somebody("Ion", from_hour=7), somebody("Mira")
    with transaction():
        offers.make(
            SYSTEM, interpretation_request.id, late.id, Wanted(starts_at=QUARTER_PAST_TEN), now=NOW
        )
    with pytest.raises(Conflict, match="a team begins together") as refused, transaction():
        offers.make(
            SYSTEM, interpretation_request.id, early.id, Wanted(starts_at=NINE_UTC), now=NOW
        )
    assert refused.value.code == "time-agreed"
    page = candidates_page(interpretation_request, NOW)
    assert page is not None
    assert [one.starts for one in page.lines if one.fits] == [[QUARTER_PAST_TEN]]
    with transaction():
        assert (
            offers.make(SYSTEM, interpretation_request.id, early.id, now=NOW).starts_at
            == QUARTER_PAST_TEN
        )


@on_both_databases
def test_no_time_outside_the_window_is_ever_asked() -> None:
    interpretation_request, _caseworker = asked()
    who = somebody(from_hour=7)
    for start in (NINE_UTC - timedelta(hours=1), NINE_UTC + timedelta(hours=2, minutes=15)):
        with pytest.raises(Conflict) as refused, transaction():
            offers.make(SYSTEM, interpretation_request.id, who.id, Wanted(starts_at=start), now=NOW)
        assert refused.value.code == "outside-window"


@on_both_databases
def test_the_coordinator_sees_every_start_at_which_somebody_could_come() -> None:
    interpretation_request, _caseworker = asked()
    somebody()
    page = candidates_page(interpretation_request, NOW)
    assert page is not None
    [line] = page.lines
    assert line.starts == [QUARTER_PAST_TEN + n * windows.STEP for n in range(4)]


@on_both_databases
def test_who_is_asked_at_once_is_asked_for_the_start_that_suits_the_most() -> None:
    interpretation_request, _caseworker = asked()
    for number in range(2):
        somebody(f"Mira {number}")
    somebody("Ion", from_hour=7)
    with transaction():
        rounds.broadcast(SYSTEM, interpretation_request.id, now=NOW)
    made = offer_queries.of_request(interpretation_request.id)
    assert {one.starts_at for one in made} == {QUARTER_PAST_TEN}
    assert len(made) == 3


@on_both_databases
def test_a_cascade_asks_each_for_the_start_that_suits_them() -> None:
    interpretation_request, _caseworker = asked()
    somebody()
    with transaction():
        [begun] = rounds.cascade(SYSTEM, interpretation_request.id, now=NOW)
    [offer] = offer_queries.of_request(interpretation_request.id)
    assert (offer.round_id, offer.starts_at) == (begun.id, QUARTER_PAST_TEN)


@on_both_databases
def test_a_window_whose_first_start_has_passed_is_still_looked_for() -> None:
    interpretation_request, _caseworker = asked()
    somebody(from_hour=7)
    late = NINE_UTC + timedelta(minutes=50)
    [wanted] = able(interpretation_request, now=late).values()
    assert wanted.starts_at == NINE_UTC + timedelta(minutes=60)
    with transaction():
        waiting.close_past(interpretation_request.id, now=late)
    assert interpretation_request.state == RequestState.OPEN
    with transaction():
        waiting.close_past(interpretation_request.id, now=NINE_UTC + timedelta(hours=2))
    assert interpretation_request.state == RequestState.UNFILLED


@on_both_databases
def test_another_window_around_the_agreed_time_asks_nobody_again() -> None:
    interpretation_request, caseworker = asked()
    with transaction():
        offer = offers.make(
            SYSTEM,
            interpretation_request.id,
            somebody().id,
            Wanted(starts_at=QUARTER_PAST_TEN),
            now=NOW,
        )
    says_yes(offer)
    wider = replace(details_of(interpretation_request), wall_start=NINE, latest_start=time(12))
    with pytest.raises(Refusal, match="Nothing is different"), transaction():
        amendments.amend(caseworker.actor, interpretation_request.id, wider, now=NOW)


@on_both_databases
def test_a_window_later_on_asks_for_its_nearest_start_and_stays_open_until_the_yes() -> None:
    interpretation_request, caseworker = asked()
    with transaction():
        offer = offers.make(
            SYSTEM,
            interpretation_request.id,
            somebody().id,
            Wanted(starts_at=QUARTER_PAST_TEN),
            now=NOW,
        )
    assignment = says_yes(offer)
    later = replace(
        details_of(interpretation_request), wall_start=NINE.replace(hour=13), latest_start=time(15)
    )
    with transaction():
        done = amendments.amend(caseworker.actor, interpretation_request.id, later, now=NOW)
    assert [one.fate for one in done.people] == [Fate.ASKED_AGAIN]
    one_o_clock = NINE_UTC + timedelta(hours=4)
    assert (assignment.starts_at, interpretation_request.has_window) == (one_o_clock, True)
    assert "start between 13:00 and 15:00" in written("request_changed")[-1].body
    with transaction():
        amendments.accept(SYSTEM, assignment.confirmations[-1].id, via=Via.LINK, now=NOW)
    assert (interpretation_request.starts_at, interpretation_request.has_window) == (
        one_o_clock,
        False,
    )
    assert "13:00–14:00" in written("interpreter_found")[-1].body


@on_both_databases
def test_the_same_window_again_is_a_question() -> None:
    interpretation_request, caseworker = asked()
    again = replace(
        details_of(interpretation_request),
        wall_start=NINE + timedelta(hours=1),
        latest_start=None,
        is_urgent=True,
    )
    with pytest.raises(Conflict) as refused, transaction():
        requests.submit(caseworker.actor, caseworker, again, now=NOW)
    assert refused.value.code == "asked-already"


@on_both_databases
def test_a_file_names_windows_and_a_wrong_one_at_its_cell() -> None:
    with transaction():
        caseworker, site = factories.account(of=factories.organisation()), factories.site()
        number = site.register_number
    head = "Sprache;Ort;Tag;Beginn;Spätester Beginn;Dauer;Bereich\n"
    row = f"ro;{number};09.03.2027;09:00;%s;60;school\n"
    [good] = importing.read(caseworker, (head + row % "11:00").encode(), now=NOW)
    assert good.interpretation_request.latest_start_at == NINE_UTC + timedelta(days=7, hours=2)
    with pytest.raises(Several) as refused:
        importing.read(caseworker, (head + row % "08:00").encode(), now=NOW)
    assert "latest start is not after the earliest" in str(refused.value)


@on_both_databases
def test_the_office_finds_open_windows_among_what_is_still_to_begin() -> None:
    interpretation_request, _caseworker = asked()
    assert queries.coming(_coordinator(), NINE_UTC + timedelta(minutes=90), most=8) == [
        interpretation_request
    ]


def _coordinator() -> Account:
    with transaction():
        return factories.account("coordinator")


@pytest.mark.parametrize("hours", [0, -1, 9])
def test_a_window_ends_after_it_begins_and_within_eight_hours(hours: int) -> None:
    with pytest.raises(Refusal) as refused:
        windows.require_window(NINE_UTC, NINE_UTC + timedelta(hours=hours))
    assert refused.value.field == "latest_start"


@given(width=st.integers(0, 480), passed=st.integers(-60, 479), minutes=st.integers(15, 600))
def test_the_first_start_left_lies_in_the_window_and_after_now(
    width: int, passed: int, minutes: int
) -> None:
    latest = NINE_UTC + timedelta(minutes=width)
    window = _Window(NINE_UTC, latest, latest + timedelta(minutes=minutes))
    now = NINE_UTC + timedelta(minutes=passed)
    if now >= latest:
        return
    first = windows.first_start(window, now)
    assert max(now, NINE_UTC) <= first <= latest
    windows.require_time(window, first, first + timedelta(minutes=minutes), [])


class _Window:
    time_zone = "Europe/Berlin"

    def __init__(self, starts_at: datetime, latest: datetime, ends_at: datetime) -> None:
        self.starts_at, self.latest_start_at, self.ends_at = starts_at, latest, ends_at
