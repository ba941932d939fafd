"""Several asked whether they could come; the office chooses, and only a sure yes counts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def asked_who_could(*, interpreters: int = 1) -> tuple[InterpretationRequest, dict[str, int]]:
    """A request for which three are asked whether they could come, and their questions by name."""
    with transaction():
        asked = factories.asked(interpreters=interpreters)
        for name in ("Ada", "Ben", "Cem"):
            factories.interpreter(name=name)
        rounds.interest(SYSTEM, asked.id, now=NOW)
    deliver_all()
    return asked, {one.interpreter.first_name: one.id for one in queries.open_for(asked.id)}


def could(offer_id: int, comment: str = "") -> None:
    with transaction():
        offers.could_come(SYSTEM, offer_id, comment=comment, via=Via.LINK, now=NOW)


def choose(offer_id: int) -> int:
    with transaction():
        return offers.choose(SYSTEM, offer_id, now=NOW).id


def states(request_id: int) -> dict[str, str]:
    return {one.interpreter.first_name: one.state for one in queries.of_request(request_id)}


def round_state() -> str | None:
    db.session.expire_all()
    return db.session.scalar(sa.select(OfferRound.state))


def test_who_could_come_promises_nothing_and_nobody_s_time_is_held() -> None:
    asked, question = asked_who_could()
    could(question["Ada"], "  ab 10:15 Uhr ")
    assert db.session.get_one(Offer, question["Ada"]).comment == "ab 10:15 Uhr"
    assert db.session.scalars(sa.select(Hold.id)).all() == []
    assert not assignments.live(asked)
    assert written("assignment_confirmed") == []
    with pytest.raises(Conflict) as refused, transaction():
        offers.accept(SYSTEM, question["Ben"], via=Via.LINK, now=NOW)
    assert refused.value.code == "only-interest"


def test_whoever_is_chosen_is_asked_for_a_sure_yes_and_the_others_hear_it_then() -> None:
    asked, question = asked_who_could()
    for name in ("Ada", "Ben"):
        could(question[name])
    sure = choose(question["Ada"])
    deliver_all()
    assert not assignments.live(asked), "chosen is not confirmed"
    assert {one.recipient_name for one in written("interest_chosen")} == {"Ada Beispiel"}
    assert written("interest_lost") == []
    with transaction():
        offers.accept(SYSTEM, sure, via=Via.LINK, now=NOW)
    assert states(asked.id) == {"Ada": "accepted", "Ben": "lost", "Cem": "lost"}
    assert round_state() == RoundState.FILLED
    told = {one.recipient_name for one in written("interest_lost") if one.channel == "email"}
    assert told == {"Ben Beispiel", "Cem Beispiel"}


def test_after_a_no_of_who_was_chosen_another_can_be_chosen() -> None:
    asked, question = asked_who_could()
    for name in ("Ada", "Ben"):
        could(question[name])
    sure = choose(question["Ada"])
    with transaction():
        offers.decline(SYSTEM, sure, via=Via.LINK, now=NOW)
    assert round_state() == RoundState.OPEN
    choose(question["Ben"])
    assert states(asked.id)["Ben"] == OfferState.MADE


def test_of_a_team_the_others_stay_interested_until_every_seat_has_its_yes() -> None:
    asked, question = asked_who_could(interpreters=2)
    for name in ("Ada", "Ben", "Cem"):
        could(question[name])
    first, second = choose(question["Ada"]), choose(question["Ben"])
    with transaction():
        offers.accept(SYSTEM, first, via=Via.LINK, now=NOW)
    assert states(asked.id)["Cem"] == OfferState.INTERESTED
    with transaction():
        offers.decline(SYSTEM, second, via=Via.LINK, now=NOW)
    third = choose(question["Cem"])
    with transaction():
        offers.accept(SYSTEM, third, via=Via.LINK, now=NOW)
    assert len(assignments.live(asked)) == 2
    assert round_state() == RoundState.FILLED


def test_who_could_come_may_say_no_after_all_and_is_not_chosen_then() -> None:
    _asked, question = asked_who_could()
    could(question["Ada"])
    with transaction():
        offers.decline(SYSTEM, question["Ada"], via=Via.LINK, now=NOW)
    with pytest.raises(Conflict) as refused:
        choose(question["Ada"])
    assert refused.value.code == "not-interested"


def test_a_round_in_which_nobody_could_come_has_run_out_and_those_who_asked_hear_it() -> None:
    _asked, question = asked_who_could()
    for one in question.values():
        with transaction():
            offers.decline(SYSTEM, one, via=Via.LINK, now=NOW)
    assert round_state() == RoundState.EXHAUSTED
    assert written("nobody_yet")


def test_whoever_was_not_chosen_by_the_start_hears_it() -> None:
    asked, question = asked_who_could()
    could(question["Ada"])
    assert question["Ada"] not in offers.due(asked.starts_at - timedelta(minutes=1))
    assert question["Ada"] in offers.due(asked.starts_at)
    with transaction():
        offers.expire(question["Ada"], now=asked.starts_at)
    assert {one.recipient_name for one in written("interest_lost")} == {"Ada Beispiel"}


def test_a_comment_that_is_too_long_is_refused_and_the_question_stays() -> None:
    _asked, question = asked_who_could()
    with pytest.raises(Refusal) as refused:
        could(question["Ada"], "x" * 301)
    assert refused.value.code == "comment-too-long"
    assert db.session.get_one(Offer, question["Ada"]).state == OfferState.MADE


def test_the_link_of_the_first_question_leads_to_the_sure_one() -> None:
    _asked, question = asked_who_could()
    could(question["Ada"])
    choose(question["Ada"])
    ada = db.session.get_one(Offer, question["Ada"]).interpreter.account
    with pytest.raises(Conflict) as refused, transaction():
        answers.by_page(ada, question["Ada"], Answer.COULD, now=NOW)
    assert refused.value.code == "overtaken"


def test_an_offer_to_who_could_come_takes_the_place_of_the_question() -> None:
    asked, question = asked_who_could()
    could(question["Ada"])
    who = db.session.get_one(Offer, question["Ada"]).interpreter_id
    with transaction():
        offers.make(SYSTEM, asked.id, who, now=NOW)
    mine = [one.state for one in queries.of_request(asked.id) if one.interpreter_id == who]
    assert mine == [OfferState.WITHDRAWN, OfferState.MADE]


def test_who_does_not_fit_any_more_cannot_be_chosen() -> None:
    _asked, question = asked_who_could()
    could(question["Ada"])
    with transaction():
        db.session.get_one(Offer, question["Ada"]).interpreter.working_languages.clear()
    with pytest.raises(Conflict, match="does not work in this language"):
        choose(question["Ada"])
    assert db.session.scalars(sa.select(Hold.id)).all() == []
