"""One after another, each the best there is by then, until somebody says yes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.ledger.models import Change
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.planning.advice import service as advice
from dispatch.planning.proposals import service as proposals
from dispatch.planning.rounds import service as rounds
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
NEAR, FARTHER, FARTHEST = (51.5113, 7.4652), (51.4893, 7.5009), (51.5541, 7.4710)


@dataclass(frozen=True)
class World:
    """A request, and three who could come, the nearest first."""

    request_id: int
    ada: int
    ben: int
    cem: int


def world(interpreters: int = 1) -> World:
    with transaction():
        asked = factories.asked(interpreters=interpreters)
        # Added the other way round, so that nothing but the way can put them in this order.
        cem = factories.interpreter(name="Cem", home=FARTHEST)
        ben = factories.interpreter(name="Ben", home=FARTHER)
        ada = factories.interpreter(name="Ada", home=NEAR)
        return World(asked.id, ada.id, ben.id, cem.id)


def begin(w: World) -> None:
    with transaction():
        rounds.cascade(SYSTEM, w.request_id, now=NOW)


def carry_on(at: datetime = NOW) -> None:
    """Do what the job of each round that waits does."""
    with transaction():
        for round_id in offers.rounds_due(at):
            rounds.carry_on(round_id, now=at)


def asked_now() -> list[int]:
    return list(
        db.session.scalars(
            sa.select(Offer.interpreter_id)
            .where(Offer.state == OfferState.MADE)
            .order_by(Offer.seat)
        )
    )


def question_to(interpreter_id: int) -> int:
    return db.session.scalars(
        sa.select(Offer.id).where(
            Offer.interpreter_id == interpreter_id, Offer.state == OfferState.MADE
        )
    ).one()


def decline(interpreter_id: int) -> None:
    with transaction():
        offers.decline(SYSTEM, question_to(interpreter_id), via=Via.LINK, now=NOW)


def accept(interpreter_id: int) -> None:
    with transaction():
        offers.accept(SYSTEM, question_to(interpreter_id), via=Via.LINK, now=NOW)


def round_states() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(OfferRound.state).order_by(OfferRound.id)))


def test_when_the_best_declines_the_next_best_is_asked() -> None:
    w = world()
    begin(w)
    assert asked_now() == [w.ada]
    decline(w.ada)
    carry_on()
    assert asked_now() == [w.ben]
    assert round_states() == [RoundState.OPEN]
    assert written("nobody_yet") == []


def test_when_time_runs_out_the_next_best_is_asked_and_has_time_of_their_own() -> None:
    w = world()
    begin(w)
    first = db.session.get_one(Offer, question_to(w.ada))
    with transaction():
        offers.expire(first.id, now=first.answer_by)
    carry_on(first.answer_by)
    assert asked_now() == [w.ben]
    assert db.session.get_one(Offer, question_to(w.ben)).answer_by > first.answer_by


def test_the_next_best_is_the_next_best_by_then() -> None:
    w = world()
    begin(w)
    with transaction():
        offers.assign(SYSTEM, factories.asked().id, w.ben, now=NOW)
    decline(w.ada)
    carry_on()
    assert asked_now() == [w.cem], "Ben is somewhere else by now"


def test_a_yes_ends_the_cascade() -> None:
    w = world()
    begin(w)
    decline(w.ada)
    carry_on()
    accept(w.ben)
    carry_on()
    assert asked_now() == []
    assert round_states() == [RoundState.FILLED]
    assert db.session.scalars(sa.select(Assignment.interpreter_id)).all() == [w.ben]


def test_with_nobody_left_who_asked_hears_once_and_the_office_finds_it() -> None:
    w = world()
    begin(w)
    for one in (w.ada, w.ben, w.cem):
        decline(one)
        carry_on()
    assert round_states() == [RoundState.EXHAUSTED]
    assert len(written("nobody_yet")) == 1
    kinds = db.session.scalars(sa.select(Change.kind).order_by(Change.id)).all()
    assert kinds[-1] == "round.exhausted"


def test_who_declined_is_never_asked_again_and_who_was_silent_only_by_a_person() -> None:
    w = world()
    begin(w)
    decline(w.ada)
    carry_on()
    silent = db.session.get_one(Offer, question_to(w.ben))
    with transaction():
        offers.expire(silent.id, now=silent.answer_by)
    carry_on(silent.answer_by)
    decline(w.cem)
    carry_on()
    assert round_states() == [RoundState.EXHAUSTED], "silence is not asked again by itself"
    begin(w)
    assert asked_now() == [w.ben], "a person asks again: Ben was only silent"


def test_a_team_of_two_is_sought_seat_by_seat() -> None:
    w = world(interpreters=2)
    begin(w)
    assert asked_now() == [w.ada, w.ben]
    decline(w.ada)
    carry_on()
    assert sorted(asked_now()) == sorted([w.cem, w.ben])
    accept(w.cem)
    assert round_states() == [RoundState.FILLED, RoundState.OPEN]
    decline(w.ben)
    carry_on()
    assert round_states() == [RoundState.FILLED, RoundState.EXHAUSTED]
    [message] = written("nobody_yet")
    assert "1 of 2" in message.body
    assert message.subject.endswith("not everybody found yet")


def test_nobody_hears_that_nobody_is_left_while_another_seat_is_asked_for() -> None:
    w = world(interpreters=2)
    begin(w)
    with transaction():
        offers.assign(SYSTEM, factories.asked().id, w.cem, now=NOW)
    decline(w.ada)
    carry_on()
    assert (asked_now(), written("nobody_yet")) == ([w.ben], [])


def test_stopped_it_asks_nobody_else_and_who_is_asked_hears_it() -> None:
    w = world()
    begin(w)
    deliver_all()
    [round_id] = db.session.scalars(sa.select(OfferRound.id))
    with transaction():
        offers.stop(SYSTEM, round_id, now=NOW)
    carry_on()
    assert (asked_now(), round_states()) == ([], [RoundState.WITHDRAWN])
    assert {one.channel for one in written("offer_withdrawn")} == {"email", "sms"}
    assert db.session.scalars(sa.select(Hold.id)).all() == []
    with pytest.raises(Conflict) as refused, transaction():
        offers.stop(SYSTEM, round_id, now=NOW)
    assert refused.value.code == "round-over"


def test_one_question_taken_back_skips_one_person_only() -> None:
    w = world()
    begin(w)
    with transaction():
        offers.withdraw(SYSTEM, question_to(w.ada), now=NOW)
    carry_on()
    assert asked_now() == [w.ben]


def somebody_else_is_assigned(w: World) -> None:
    offers.assign(SYSTEM, w.request_id, w.cem, now=NOW)


def it_is_cancelled(w: World) -> None:
    cancellations.cancel_request(SYSTEM, w.request_id, reasons=Reasons(office="x"), now=NOW)


@pytest.mark.parametrize("meanwhile", [somebody_else_is_assigned, it_is_cancelled])
def test_between_two_steps_it_sees_that_nobody_is_wanted_any_more(
    meanwhile: Callable[[World], None],
) -> None:
    w = world()
    begin(w)
    decline(w.ada)
    with transaction():
        meanwhile(w)
    carry_on()
    assert (asked_now(), round_states()) == ([], [RoundState.WITHDRAWN])


def test_a_cancelled_request_ends_its_cascade_at_once() -> None:
    w = world()
    begin(w)
    with transaction():
        it_is_cancelled(w)
    assert (asked_now(), round_states()) == ([], [RoundState.WITHDRAWN])


def test_with_nobody_who_could_come_none_is_begun() -> None:
    with transaction():
        asked = factories.asked("tr")
    with pytest.raises(Conflict) as refused, transaction():
        rounds.cascade(SYSTEM, asked.id, now=NOW)
    assert refused.value.code == "nobody-to-ask"
    assert round_states() == []


def test_what_would_help_is_found_once_nobody_is_left() -> None:
    w = world()
    begin(w)
    for one in (w.ada, w.ben, w.cem):
        decline(one)
        carry_on()
    rounds.look_for_help(w.request_id, now=NOW)
    assert advice.last(w.request_id) is not None


def test_a_step_done_twice_asks_one_person() -> None:
    w = world()
    begin(w)
    decline(w.ada)
    carry_on()
    with transaction():
        rounds.carry_on(
            db.session.scalars(sa.select(OfferRound.id)).one(), now=NOW + timedelta(minutes=1)
        )
    assert asked_now() == [w.ben]


def test_a_plan_adopted_as_cascades_goes_on_after_a_no() -> None:
    w = world()
    made = proposals.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = proposals.store(SYSTEM, made, now=NOW)
        proposals.adopt(
            SYSTEM,
            proposal.id,
            None,
            zone_name=TUESDAY.zone_name,
            strategy=Strategy.CASCADE,
            now=NOW,
        )
    assert asked_now() == [w.ada]
    decline(w.ada)
    carry_on()
    assert asked_now() == [w.ben]
