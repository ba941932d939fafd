"""On site, by video, by telephone: the next way only where nobody is found by the one before."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via, Way
from dispatch.clock import at_place
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import assigning
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.page import proposal_page
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.rounds import service as rounds
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.series import giving, service
from dispatch.series.ability import How
from dispatch.series.giving import Gift
from dispatch.series.rules import Choice, Scope
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
LINK = "https://video.example/raum-7"
ACROSS_TOWN = (51.5541, 7.4710)


def wanted_on_site_or_by_video(interpreters: int = 1) -> InterpretationRequest:
    with transaction():
        return factories.asked(
            ways=("on_site", "video"),
            video_link=LINK,
            interpreters=interpreters,
        )


def somebody(name: str, *ways: str) -> Interpreter:
    """Somebody whose hours hold for these ways only, or for all."""
    with transaction():
        found = factories.interpreter(name=name)
        for hour in found.availability.weekly_hours:
            hour.ways = list(ways or Way)
        return found


def the_question(asked: InterpretationRequest) -> Offer:
    [offer] = queries.open_for(asked.id)
    return offer


def ask_one_after_another(asked: InterpretationRequest) -> Offer:
    with transaction():
        rounds.cascade(SYSTEM, asked.id, now=NOW)
    return the_question(asked)


def accept(offer: Offer) -> Assignment:
    with transaction():
        return offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)


def change(asked: InterpretationRequest, **differently: object) -> None:
    with transaction():
        asked = db.session.get_one(InterpretationRequest, asked.id)
        details = replace(details_of(asked), **differently)  # type: ignore[arg-type]
        amendments.amend(asked.account.actor, asked.id, details, now=NOW)


def text_of(message: Message) -> str:
    return message.body


def test_somebody_who_can_come_is_asked_to_come() -> None:
    somebody("Video", Way.VIDEO)
    ada = somebody("Ada")
    asked = wanted_on_site_or_by_video()
    made = planning.compute(TUESDAY, now=NOW)
    assert [(one.interpreter_id, one.way) for one in items_of(made.plan)] == [(ada.id, "on_site")]
    page = candidates_page(asked, NOW)
    assert page
    assert [line.interpreter.first_name for line in page.lines if line.fits] == ["Ada", "Video"]
    assert "by video" in page.lines[1].note
    db.session.rollback()
    assert ask_one_after_another(asked).way == "on_site"


def test_nobody_can_come_and_somebody_takes_part_by_video() -> None:
    """The journey: who could come says no, the next is asked by video, and everybody is told."""
    ada = somebody("Ada", Way.ON_SITE)
    somebody("Vera", Way.VIDEO)
    asked = wanted_on_site_or_by_video()
    first = ask_one_after_another(asked)
    assert (first.interpreter_id, first.way) == (ada.id, "on_site")
    with transaction():
        offers.decline(SYSTEM, first.id, via=Via.LINK, now=NOW)
    with transaction():
        rounds.carry_on(first.round_id, now=NOW)
    second = the_question(asked)
    assert (second.interpreter.first_name, second.way) == ("Vera", "video")
    deliver_all()
    assignment = accept(second)
    deliver_all()
    assert (assignment.way, db.session.scalars(sa.select(Hold)).one().way) == ("video", "video")
    question = text_of(written("offer")[-2])
    assert "How: by video" in question
    assert LINK not in question
    [found] = written("interpreter_found")
    told = text_of(found)
    assert "Vera will interpret by video" in told
    assert "Nobody was found who could come on site" in told
    mail, sms = written("assignment_confirmed")
    entry = (mail.calendar_text or "").replace("\r\n ", "")
    assert f"LOCATION:by video: {LINK}" in entry
    assert f"URL:{LINK}" in entry
    assert LINK in text_of(mail)
    assert LINK not in text_of(sms)


def test_the_plan_says_why_it_is_by_video() -> None:
    somebody("Vera", Way.VIDEO)
    wanted_on_site_or_by_video()
    made = planning.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = planning.store(SYSTEM, made, now=NOW)
    [line] = proposal_page(proposal, NOW).lines
    assert line.way == "by video"
    assert "nobody is free on site" in line.why


def test_the_office_asks_nobody_by_video_while_somebody_can_come() -> None:
    somebody("Ada")
    vera = somebody("Vera", Way.VIDEO)
    asked = wanted_on_site_or_by_video()
    with pytest.raises(Conflict, match="Somebody was not asked yet"):
        assigning.require_able_now(asked, vera.id, now=NOW)


def test_several_are_asked_at_once_by_one_way_only() -> None:
    somebody("Ada"), somebody("Ben")
    somebody("Vera", Way.VIDEO)
    asked = wanted_on_site_or_by_video()
    with transaction():
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    assert sorted(one.interpreter.first_name for one in queries.open_for(asked.id)) == [
        "Ada",
        "Ben",
    ]


def test_group_after_group_begins_again_by_the_next_way() -> None:
    ada = somebody("Ada", Way.ON_SITE)
    vera = somebody("Vera", Way.VIDEO)
    with transaction():
        db.session.get_one(Interpreter, ada.id).employment = "volunteer"
        db.session.get_one(Interpreter, vera.id).employment = "staff"
    asked = wanted_on_site_or_by_video()
    with transaction():
        offer_round = rounds.tiers(SYSTEM, asked.id, wait_minutes=60, now=NOW)
    first = the_question(asked)
    assert first.interpreter_id == ada.id
    with transaction():
        offers.decline(SYSTEM, first.id, via=Via.LINK, now=NOW)
    with transaction():
        rounds.carry_on(offer_round.id, now=NOW)
    assert the_question(asked).interpreter_id == vera.id


def test_by_video_there_is_no_way_between_two_places() -> None:
    with transaction():
        mira = factories.interpreter(name="Mira")
        first = factories.asked(ways=("video",))
        second = factories.asked(
            at=factories.site(point=ACROSS_TOWN),
            start=factories.hours_later(TOMORROW_TEN, 1),
            ways=("video",),
        )
        third = factories.asked(start=factories.hours_later(TOMORROW_TEN, 2))
        offers.make(SYSTEM, first.id, mira.id, now=NOW)
        assert offers.make(SYSTEM, second.id, mira.id, now=NOW).way == "video"
        db.session.get_one(Interpreter, mira.id).home_latitude = ACROSS_TOWN[0]
        with pytest.raises(Conflict, match="way from one assignment to the other"):
            offers.make(SYSTEM, third.id, mira.id, now=NOW)


def test_nobody_is_asked_by_a_way_that_was_not_asked_for_or_that_they_do_not_offer() -> None:
    ada = somebody("Ada", Way.ON_SITE)
    asked = wanted_on_site_or_by_video()
    for way, code in ((Way.TELEPHONE, "not-as-required"), (Way.VIDEO, "not-available")):
        with pytest.raises(Conflict) as refused, transaction():
            offers.make(SYSTEM, asked.id, ada.id, Wanted(way=way), now=NOW)
        assert refused.value.code == code


def test_a_team_takes_part_by_one_way() -> None:
    ada, ben = somebody("Ada"), somebody("Ben")
    asked = wanted_on_site_or_by_video(interpreters=2)
    with transaction():
        offers.assign(SYSTEM, asked.id, ada.id, Wanted(way=Way.VIDEO), now=NOW)
    with pytest.raises(Conflict, match="by another way"), transaction():
        offers.assign(SYSTEM, asked.id, ben.id, Wanted(way=Way.ON_SITE), now=NOW)
    with transaction():
        assert offers.assign(SYSTEM, asked.id, ben.id, now=NOW).way == "video"


def test_another_way_has_to_be_agreed_again() -> None:
    somebody("Ada")
    asked = wanted_on_site_or_by_video()
    coming = accept(ask_one_after_another(asked))
    deliver_all()
    change(asked, ways=("video",))
    db.session.refresh(coming)
    assert (coming.state, coming.way) == (AssignmentState.TO_RECONFIRM, "video")
    assert db.session.scalars(sa.select(Hold)).one().way == "video"
    deliver_all()
    assert "by video" in text_of(written("assignment_asked_again")[0])


def test_a_new_link_goes_to_whoever_needs_it_and_into_their_calendar() -> None:
    somebody("Ada", Way.VIDEO)
    asked = wanted_on_site_or_by_video()
    accept(ask_one_after_another(asked))
    deliver_all()
    change(asked, video_link="https://video.example/raum-8")
    [told] = written("assignment_changed")
    assert "raum-8" in (told.calendar_text or "")


def test_who_comes_on_site_hears_nothing_of_a_link() -> None:
    somebody("Ada")
    asked = wanted_on_site_or_by_video()
    accept(ask_one_after_another(asked))
    change(asked, video_link="https://video.example/raum-8")
    assert written("assignment_changed") == []


def test_hours_for_one_way_are_no_hours_for_another() -> None:
    somebody("Vera", Way.VIDEO)
    with transaction():
        asked = factories.asked()
        other = factories.asked(start=datetime(2027, 3, 2, 14), ways=("video",))
    made = planning.compute(TUESDAY, now=NOW)
    assert [one.request_id for one in items_of(made.plan)] == [other.id]
    page = candidates_page(asked, NOW)
    assert page
    assert not page.lines[0].fits
    assert "does not work at this time" in page.obstacles + str(page.lines[0].reasons)


def test_of_a_window_the_start_is_found_by_the_way_that_is_wanted_most() -> None:
    """Who could be there by video earlier does not make it one by video."""
    somebody("Vera", Way.VIDEO)
    ada = somebody("Ada", Way.ON_SITE)
    with transaction():
        for hour in db.session.get_one(Interpreter, ada.id).availability.weekly_hours:
            hour.start = time(12)
        here = factories.site()
        asked = factories.asked(at=here, ways=("on_site", "video"), latest_start=time(13))
        other = factories.asked(at=here, ways=("on_site", "video"), latest_start=time(14))
    offer = ask_one_after_another(asked)
    assert (offer.interpreter_id, offer.way) == (ada.id, "on_site")
    assert at_place(offer.starts_at, asked.time_zone).hour == 12
    vibe = somebody("Vibe", Way.VIDEO)
    with pytest.raises(Conflict, match="Somebody was not asked yet"):
        assigning.require_able_now(other, vibe.id, other.starts_at, now=NOW)


def test_each_date_of_a_series_has_the_ways_and_the_link() -> None:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        details = RequestDetails(
            "ro",
            factories.site().id,
            datetime(2027, 3, 9, 10),
            60,
            "school",
            ways=("video", "telephone"),
            video_link=LINK,
        )
        days = [date(2027, 3, 9), date(2027, 3, 16)]
        series = service.ask(caseworker.actor, caseworker, details, days, now=NOW)
        vera = factories.interpreter(name="Vera")
        for hour in vera.availability.weekly_hours:
            hour.ways = [Way.VIDEO]
    gift = Gift(vera.id, How.ASSIGN)
    with transaction():
        giving.give(SYSTEM, series.id, Choice(1, Scope.ALL), gift, now=NOW)
    assert [one.way for one in db.session.scalars(sa.select(Assignment))] == ["video", "video"]
    deliver_all()
    told = written("assignment_confirmed_several")
    assert [LINK in text_of(one) for one in told if one.channel == "email"] == [True]
    entries = [
        one
        for one in db.session.scalars(sa.select(Message).where(Message.name == "calendar_entry"))
        if LINK in (one.calendar_text or "")
    ]
    assert len(entries) == 2
