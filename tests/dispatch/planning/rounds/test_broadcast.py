"""Several asked at once without holding their time; the first valid yes comes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState
from dispatch.pages import rounds as wording
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN, hours_later

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
FAR_AWAY = (51.5541, 7.4710)


def asked_at_once(
    names: tuple[str, ...] = ("Ada", "Ben", "Cem"), *, interpreters: int = 1
) -> tuple[InterpretationRequest, list[int]]:
    """A request for which these are asked at once, and their questions in this order."""
    with transaction():
        asked = factories.asked(interpreters=interpreters)
        for name in names:
            factories.interpreter(name=name)
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    return asked, [one.id for one in queries.open_for(asked.id)]


def accept(offer_id: int) -> None:
    with transaction():
        offers.accept(SYSTEM, offer_id, via=Via.LINK, now=NOW)


def decline(offer_id: int) -> None:
    with transaction():
        offers.decline(SYSTEM, offer_id, via=Via.LINK, now=NOW)


def make_way() -> None:
    """Do what the jobs do that were left by a yes."""
    for offer_id in offers.in_the_way(NOW):
        with transaction():
            offers.make_way(offer_id, now=NOW)


def states(request_id: int) -> list[str]:
    return [one.state for one in queries.of_request(request_id)]


def round_states() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(OfferRound.state).order_by(OfferRound.id)))


@in_session
def test_everybody_who_could_come_is_asked_and_nobody_s_time_is_held() -> None:
    asked, questions = asked_at_once()
    assert len(questions) == 3
    assert db.session.scalars(sa.select(Hold.id)).all() == []
    assert len([one for one in written("offer_broadcast") if one.channel == "sms"]) == 3
    with transaction():
        elsewhere = factories.asked()
        [first, *_rest] = queries.of_request(asked.id)
        offers.make(SYSTEM, elsewhere.id, first.interpreter_id, now=NOW)


@in_session
def test_who_is_asked_anew_after_a_change_is_not_counted_twice() -> None:
    asked, _questions = asked_at_once()
    later = replace(details_of(asked), wall_start=TOMORROW_TEN + timedelta(hours=2))
    with transaction():
        amendments.amend(SYSTEM, asked.id, later, now=NOW)
    [one] = wording.standing(queries.of_request(asked.id))
    assert one.sentence.startswith("3 people were asked so far. 3 have not answered yet")


@in_session
def test_the_first_yes_comes_and_everybody_else_hears_it() -> None:
    asked, (first, second, third) = asked_at_once()
    deliver_all()
    accept(second)
    assert states(asked.id) == [OfferState.LOST, OfferState.ACCEPTED, OfferState.LOST]
    assert round_states() == [RoundState.FILLED]
    people = {one.id: one.interpreter.name for one in queries.of_request(asked.id)}
    told = {(one.recipient_name, one.channel) for one in written("offer_lost")}
    assert told == {(people[id_], way) for id_ in (first, third) for way in ("email", "sms")}
    with pytest.raises(Conflict) as refused:
        accept(first)
    assert refused.value.code == "taken"
    assert len(written("assignment_confirmed")) == 2, "one person, by calendar and by SMS"


@in_session
def test_a_yes_that_cannot_be_reached_by_now_is_refused_and_the_next_yes_comes() -> None:
    asked, (first, second, _third) = asked_at_once()
    with transaction():
        who = db.session.get_one(Offer, first).interpreter_id
        far_away = factories.asked(
            at=factories.site("Eving", point=FAR_AWAY), start=hours_later(TOMORROW_TEN, 1)
        )
        offers.make(SYSTEM, far_away.id, who, now=NOW)
    with pytest.raises(Conflict) as refused:
        accept(first)
    assert refused.value.code == "travel"
    assert states(asked.id)[0] == OfferState.MADE
    accept(second)
    assert states(asked.id)[1] == OfferState.ACCEPTED


@in_session
def test_of_two_questions_for_one_hour_the_other_is_taken_back_and_told() -> None:
    with transaction():
        one, other = factories.asked(), factories.asked()
        ada, ben = factories.interpreter(name="Ada"), factories.interpreter(name="Ben")
        rounds.broadcast(SYSTEM, one.id, now=NOW)
        rounds.broadcast(SYSTEM, other.id, now=NOW)
    deliver_all()
    [question] = [each for each in queries.open_for(one.id) if each.interpreter_id == ada.id]
    accept(question.id)
    make_way()
    left = {each.interpreter_id: each.state for each in queries.of_request(other.id)}
    assert left == {ada.id: OfferState.WITHDRAWN, ben.id: OfferState.MADE}
    assert {each.recipient_name for each in written("offer_overtaken")} == {"Ada Beispiel"}
    make_way()
    assert len(written("offer_overtaken")) == 2, "by mail and by SMS, once"


@in_session
def test_a_team_of_two_is_filled_by_the_first_two_and_only_then_is_it_lost() -> None:
    asked, (first, second, third) = asked_at_once(interpreters=2)
    accept(third)
    assert round_states() == [RoundState.OPEN]
    accept(first)
    assert round_states() == [RoundState.FILLED]
    assert states(asked.id) == [OfferState.ACCEPTED, OfferState.LOST, OfferState.ACCEPTED]
    seats = db.session.scalars(sa.select(Assignment.seat).order_by(Assignment.seat)).all()
    assert (seats, second) == ([1, 2], second)


@in_session
def test_when_all_have_said_no_or_nothing_who_asked_hears_it_once() -> None:
    asked, (first, second, third) = asked_at_once()
    decline(first)
    decline(second)
    assert (round_states(), written("nobody_yet")) == ([RoundState.OPEN], [])
    due = db.session.get_one(Offer, third).answer_by
    with transaction():
        offers.expire(third, now=due)
    assert round_states() == [RoundState.EXHAUSTED]
    assert len(written("nobody_yet")) == 1
    assert states(asked.id)[2] == OfferState.EXPIRED


@in_session
def test_while_several_are_asked_nobody_is_asked_beside_them_but_may_be_assigned() -> None:
    asked, questions = asked_at_once()
    with transaction():
        late = factories.interpreter(name="Late")
    for ask in (
        lambda: offers.make(SYSTEM, asked.id, late.id, now=NOW),
        lambda: rounds.broadcast(SYSTEM, asked.id, now=NOW),
        lambda: rounds.cascade(SYSTEM, asked.id, now=NOW),
    ):
        with pytest.raises(Conflict) as refused, transaction():
            ask()
        assert refused.value.code == "round-open"
    deliver_all()
    with transaction():
        who = db.session.get_one(Offer, questions[0]).interpreter_id
        offers.assign(SYSTEM, asked.id, who, now=NOW)
    assert states(asked.id) == [OfferState.WITHDRAWN, OfferState.LOST, OfferState.LOST]
    assert round_states() == [RoundState.FILLED]
    assert len({one.recipient_name for one in written("offer_lost")}) == 2


@in_session
def test_stopped_everybody_asked_hears_it() -> None:
    asked, questions = asked_at_once()
    deliver_all()
    with transaction():
        [round_id] = db.session.scalars(sa.select(OfferRound.id))
        offers.stop(SYSTEM, round_id, now=NOW)
    assert set(states(asked.id)) == {OfferState.WITHDRAWN}
    assert len(written("offer_withdrawn")) == 2 * len(questions)


@pytest.mark.exhaustive
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_thirty_who_accept_at_once_one_comes_and_twenty_nine_hear_the_truth(app: Flask) -> None:
    with app.app_context():
        asked, questions = asked_at_once(tuple(f"P{number}" for number in range(30)))
        request_id = asked.id
        deliver_all()
    together = Barrier(len(questions))

    def say_yes(offer_id: int) -> str:
        with app.app_context():
            together.wait()
            try:
                accept(offer_id)
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(len(questions)) as pool:
        answers = Counter(pool.map(say_yes, questions))
    assert answers == {"": 1, "taken": 29}
    with app.app_context():
        assert Counter(states(request_id)) == {OfferState.ACCEPTED: 1, OfferState.LOST: 29}
        [coming] = db.session.scalars(sa.select(Assignment))
        lost = {one.recipient_name for one in written("offer_lost")}
        assert len(lost) == 29
        assert coming.interpreter.name not in lost
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) == 1


@in_session
def test_after_the_deadline_a_yes_to_several_comes_too_late() -> None:
    _asked, (first, *_others) = asked_at_once()
    late = db.session.get_one(Offer, first).answer_by + timedelta(minutes=1)
    with pytest.raises(Refusal) as refused, transaction():
        offers.accept(SYSTEM, first, via=Via.LINK, now=late)
    assert refused.value.code == "expired"


@in_session
def test_who_comes_already_is_not_asked_with_the_others() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        ada, ben = (factories.interpreter(name=name) for name in ("Ada", "Ben"))
        offers.assign(SYSTEM, asked.id, ada.id, now=NOW)
    with pytest.raises(Conflict, match="come to this request or are asked"), transaction():
        offers.make_to_all(SYSTEM, asked.id, [ada.id], now=NOW)
    with transaction():
        offers.make_to_all(SYSTEM, asked.id, [ada.id, ben.id], now=NOW)
    assert [one.interpreter_id for one in queries.of_request(asked.id)] == [ben.id]


@in_session
def test_who_is_free_again_and_who_is_new_are_asked_while_the_round_is_open() -> None:
    with transaction():
        busy, asked_first = (factories.interpreter(name=name) for name in ("Dea", "Eli"))
        jobs = [factories.coming(factories.asked(), busy)]
    asked, questions = asked_at_once(("Ada",))
    assert len(questions) == 2
    with transaction():
        jobs.append(factories.coming(factories.asked(), asked_first))
    make_way()
    names = [one.interpreter.first_name for one in queries.open_for(asked.id)]
    assert names == ["Ada"]
    rounds.ask_who_is_free(now=NOW)
    assert len(queries.open_for(asked.id)) == 1, "nobody is free by now"
    with transaction():
        for one in jobs:
            cancellations.cancel_request(
                SYSTEM, one.interpretation_request_id, reasons=Reasons(office="moved"), now=NOW
            )
        factories.interpreter(name="Fay")
    rounds.ask_who_is_free(on=asked.day, now=NOW)
    names = sorted(one.interpreter.first_name for one in queries.open_for(asked.id))
    assert names == ["Ada", "Dea", "Eli", "Fay"]
    rounds.ask_who_is_free(now=NOW)
    assert len(queries.open_for(asked.id)) == 4
    decline(queries.open_for(asked.id)[0].id)
    rounds.ask_who_is_free(now=NOW)
    assert len(queries.open_for(asked.id)) == 3, "a no is a no"
