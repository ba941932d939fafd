"""Two people for one talk: by relay, or one after the other, as a plan proposes it."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

import solver
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.planning.advice import candidates
from dispatch.planning.proposals import service
from dispatch.planning.proposals.service import Adopted
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests import messages as request_messages
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("session")
HOUR = timedelta(hours=1)
ILL = Reasons(office="ill")


def adopt(chosen: set[tuple[int, int]] | None = None, strategy: Strategy | None = None) -> Adopted:
    """Plan tomorrow, and ask whom the plan proposes."""
    question = of_days(TUESDAY, now=NOW)
    with transaction():
        proposal = service.store(
            SYSTEM, service.checked(question, solver.solve(question.problem)), now=NOW
        )
        return service.adopt(
            SYSTEM, proposal.id, chosen, strategy=strategy, zone_name="Europe/Berlin", now=NOW
        )


def say_yes(offer: Offer) -> Assignment:
    with transaction():
        return offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)


def fall_ill(assignment: Assignment) -> None:
    with transaction():
        withdrawing.cannot_come(SYSTEM, assignment.id, reasons=ILL, now=NOW)


def by_language(adopted: Adopted) -> dict[str, Offer]:
    return {one.language: one for one in adopted.offers}


@pytest.fixture
def relayed() -> InterpretationRequest:
    """Oromo, which nobody interprets into German; Abdi does into English, Eva from there."""
    with transaction():
        factories.interpreter("gaz>en", name="Abdi")
        factories.interpreter("en", name="Eva")
        return factories.asked("gaz", relay_allowed=True)


@pytest.fixture
def long_talk() -> InterpretationRequest:
    """Three hours from ten on; one person has to leave before it ends, another comes later."""
    with transaction():
        factories.interpreter(name="Early", hours=(8, 12))
        factories.interpreter(name="Late", hours=(11, 18))
        return factories.asked(minutes=180, handover_allowed=True)


def test_a_relay_asks_each_of_the_two_for_the_languages_that_are_theirs(relayed):
    asked = by_language(adopt())
    assert set(asked) == {"gaz>en", "en"}
    assert (asked["gaz>en"].seat, asked["gaz>en"].interpreter.first_name) == (1, "Abdi")
    assert (asked["en"].seat, asked["en"].interpreter.first_name) == (2, "Eva")
    for offer in asked.values():
        say_yes(offer)
    assert get(InterpretationRequest, relayed.id).state == "filled"


def test_nobody_is_asked_for_a_relay_that_those_who_ask_did_not_allow():
    with transaction():
        factories.interpreter("gaz>en", name="Abdi")
        factories.interpreter("en", name="Eva")
        factories.asked("gaz")
    assert adopt().offers == []


def test_whoever_interprets_directly_goes_before_any_relay(relayed):
    with transaction():
        factories.interpreter("gaz", name="Direct")
    [offer] = adopt().offers
    assert (offer.language, offer.interpreter.first_name) == ("gaz", "Direct")
    assert get(InterpretationRequest, relayed.id).sharing is None


def test_half_of_a_relay_is_asked_together_with_the_other_half(relayed):
    [abdi] = [one.id for one in db.session.query(Interpreter) if one.first_name == "Abdi"]
    assert len(adopt({(relayed.id, abdi)}).offers) == 2


def test_when_the_pivot_of_a_relay_falls_ill_only_somebody_for_that_half_is_looked_for(relayed):
    asked = by_language(adopt())
    first, pivot = say_yes(asked["gaz>en"]), say_yes(asked["en"])
    with transaction():
        factories.interpreter("en", name="Instead")
        factories.interpreter("gaz>en", name="Useless")
    fall_ill(pivot)
    open_again = get(InterpretationRequest, relayed.id)
    assert open_again.state == "open"
    found = candidates.able(open_again, now=NOW)
    assert [get(Interpreter, one).first_name for one in found] == ["Instead"]
    [offer] = adopt().offers
    assert (offer.seat, offer.language) == (2, "en")
    say_yes(offer)
    assert get(InterpretationRequest, relayed.id).state == "filled"
    assert get(Assignment, first.id).state == "confirmed"


def test_when_both_are_gone_the_talk_is_anybodys_again(relayed):
    asked = by_language(adopt())
    for assignment in [say_yes(one) for one in asked.values()]:
        fall_ill(assignment)
    with transaction():
        factories.interpreter("gaz", name="Direct")
    [offer] = adopt().offers
    assert (offer.language, offer.seat) == ("gaz", 1)
    assert get(InterpretationRequest, relayed.id).interpreter_count == 1


def test_a_hand_over_asks_each_for_half_of_the_talk(long_talk):
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    begins = long_talk.starts_at
    assert [one.interpreter.first_name for one in (first, second)] == ["Early", "Late"]
    assert (first.starts_at, first.ends_at) == (begins, begins + 1.5 * HOUR)
    assert (second.starts_at, second.ends_at) == (begins + 1.5 * HOUR, begins + 3 * HOUR)
    for offer in (first, second):
        say_yes(offer)
    assert get(InterpretationRequest, long_talk.id).state == "filled"


def test_one_person_does_a_long_talk_alone_where_somebody_can(long_talk):
    with transaction():
        factories.interpreter(name="Able")
    [offer] = adopt().offers
    assert offer.interpreter.first_name == "Able"


def test_a_hand_over_of_which_one_declines_goes_on_with_the_other_half_alone(long_talk):
    first, second = sorted(adopt(strategy=Strategy.CASCADE).offers, key=lambda one: one.starts_at)
    with transaction():
        factories.interpreter(name="Next", hours=(11, 18))
    say_yes(first)
    with transaction():
        offers.decline(SYSTEM, second.id, via=Via.LINK, now=NOW)
    rounds.carry_on(second.round_id, now=NOW)
    db.session.commit()
    [instead] = [one for one in db.session.query(Offer) if one.state == "made"]
    assert instead.interpreter.first_name == "Next"
    assert (instead.starts_at, instead.seat) == (second.starts_at, 2)


def test_nobody_takes_over_from_themselves(long_talk):
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    say_yes(first)
    with transaction():
        offers.decline(SYSTEM, second.id, via=Via.LINK, now=NOW)
        long_day = first.interpreter.availability.weekly_hours
        for hours in long_day:
            hours.end = time(18)
    assert candidates.able(get(InterpretationRequest, long_talk.id), now=NOW) == {}


def test_half_a_talk_is_not_asked_for_when_the_other_half_cannot_be(long_talk):
    question = of_days(TUESDAY, now=NOW)
    made = service.checked(question, solver.solve(question.problem))
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
        [late] = [one for one in db.session.query(Interpreter) if one.first_name == "Late"]
        other = factories.asked(start=factories.TOMORROW_TEN + 2 * HOUR)
        offers.assign(SYSTEM, other.id, late.id, now=NOW)
    with transaction():
        adopted = service.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
    assert adopted.offers == []
    assert {one.item.interpreter_id for one in adopted.dropped} >= {late.id}
    assert len([one for one in adopted.dropped if one.item.request_id == long_talk.id]) == 2


def test_the_number_of_a_shared_talk_is_not_changed_over_its_people(long_talk):
    adopt()
    shared = get(InterpretationRequest, long_talk.id)
    three = replace(details_of(shared), interpreter_count=3)
    with pytest.raises(Refusal, match="Two people share"), transaction():
        amendments.amend(SYSTEM, long_talk.id, three, now=NOW)


def test_a_talk_that_is_handed_over_and_begins_earlier_is_asked_again_half_by_half(long_talk):
    first, _second = sorted(adopt().offers, key=lambda one: one.starts_at)
    coming = say_yes(first)
    shared = get(InterpretationRequest, long_talk.id)
    earlier = replace(
        details_of(shared), wall_start=factories.TOMORROW_TEN - HOUR / 2, is_urgent=True
    )
    with transaction():
        amendments.amend(SYSTEM, long_talk.id, earlier, now=NOW)
    assert get(Assignment, coming.id).state == "to_reconfirm"
    assert get(Assignment, coming.id).starts_at == first.starts_at - HOUR / 2
    [renewed] = [one for one in db.session.query(Offer) if one.state == "made"]
    assert (renewed.starts_at, renewed.ends_at) == (
        long_talk.starts_at + 1.5 * HOUR,
        long_talk.starts_at + 3 * HOUR,
    )


def test_each_of_two_hears_who_the_other_is_once_there_is_a_yes_and_how_to_reach_them(relayed):
    asked = by_language(adopt())
    [question] = [one for one in bodies("offer") if "Hello Abdi" in one]
    assert "a second person interprets English – German; you hear who it is" in question
    assert "Eva" not in question
    assert "Language: Oromo (West Central) – English\n" in question
    assert "those who ask agree" not in question
    assert "In turn with" not in question
    say_yes(asked["gaz>en"])
    say_yes(asked["en"])
    [confirmed] = [one for one in bodies("assignment_confirmed") if "Hello Eva" in one]
    assert (
        "you interpret English – German, Abdi interprets Oromo (West Central) – English."
        in confirmed
    )
    assert "You reach Abdi through the office" in confirmed
    assert "+4915228817386" not in confirmed
    [told] = bodies("shared_talk")
    assert "Hello Abdi" in told
    assert "Eva has said yes" in told


def test_whoever_is_left_of_two_hears_that_the_other_does_not_come(long_talk):
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    say_yes(first)
    fall_ill(say_yes(second))
    left = bodies("shared_talk")[-1]
    assert "Hello Early" in left
    assert "Late does not come any more" in left
    assert "please come as agreed" in left


def test_those_who_asked_read_from_when_to_when_each_of_two_comes(long_talk):
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    say_yes(first)
    deliver_all()
    say_yes(second)
    early, late = bodies("interpreter_found")
    assert "10:00–13:00; of it Early: 10:00–11:30\n" in early
    assert "10:00–13:00; of it Late: 11:30–13:00\n" in late
    for text in (early, late):
        assert "You asked for 2" not in text
        assert "Two people share this talk. You get word of everybody who accepts." in text


def test_those_who_asked_read_whose_part_is_missing_when_one_of_two_falls_ill(long_talk):
    coming = [say_yes(one) for one in sorted(adopt().offers, key=lambda one: one.starts_at)]
    deliver_all()
    fall_ill(coming[1])
    [lost] = bodies("interpreter_withdrawn")
    assert "10:00–13:00; of it Late: 11:30–13:00\n" in lost


def test_who_waits_for_the_second_of_two_reads_that_two_share_the_talk(long_talk):
    first, _second = adopt().offers
    say_yes(first)
    with transaction():
        request_messages.still_open(get(InterpretationRequest, long_talk.id), 1, NOW)
    [text] = bodies("still_open")
    assert "Accepted so far: 1 of 2. Two people share this talk." in text


def test_those_who_asked_for_one_do_not_read_of_two_in_a_relay(relayed):
    for offer in by_language(adopt()).values():
        say_yes(offer)
        deliver_all()
    texts = bodies("interpreter_found")
    assert not any("You asked for" in one for one in texts)
    assert "Abdi interprets Oromo (West Central) – English." in "".join(texts)


def bodies(name: str) -> list[str]:
    """What was written of one kind by e-mail, the oldest first."""
    found = db.session.scalars(sa.select(Message).where(Message.name == name).order_by(Message.id))
    return [one.body for one in found if one.channel == "email"]


def test_who_is_asked_again_is_not_told_that_their_yes_holds(
    long_talk: InterpretationRequest,
) -> None:
    first, _second = sorted(adopt().offers, key=lambda one: one.starts_at)
    say_yes(first)
    shared = get(InterpretationRequest, long_talk.id)
    earlier = replace(
        details_of(shared), wall_start=factories.TOMORROW_TEN - HOUR / 2, is_urgent=True
    )
    with transaction():
        amendments.amend(SYSTEM, long_talk.id, earlier, now=NOW)
    [renewed] = [one for one in db.session.query(Offer) if one.state == "made"]
    say_yes(renewed)
    named = sa.select(Message).where(Message.name == "shared_talk")
    assert db.session.scalars(named).all() == []


def test_who_shares_a_talk_keeps_nothing_of_the_other_in_the_calendar(
    relayed: InterpretationRequest,
) -> None:
    """Nobody takes out of it what has ended, and others read it too: name and number stay out."""
    asked = by_language(adopt())
    say_yes(asked["gaz>en"])
    eva = say_yes(asked["en"])
    entries = [one.calendar_text for one in db.session.scalars(sa.select(Message))]
    assert len([one for one in entries if one and "METHOD:REQUEST" in one]) == 2
    assert not any("Abdi interprets" in (one or "") or "reach" in (one or "") for one in entries)
    deliver_all()
    fall_ill(eva)
    gone = sa.select(Message).where(Message.name == "assignment_withdrawn")
    [mail] = [one for one in db.session.scalars(gone) if one.channel == "email"]
    assert "METHOD:CANCEL" in (mail.calendar_text or "")
    assert "Abdi" not in f"{mail.calendar_text}{mail.body}"


def test_a_talk_is_handed_over_when_both_have_time_and_not_only_in_the_middle() -> None:
    with transaction():
        factories.interpreter(name="Early", hours=(8, 11))
        factories.interpreter(name="Late", hours=(10, 18))
        talk = factories.asked(minutes=180, handover_allowed=True)
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    assert first.ends_at == second.starts_at <= talk.starts_at + HOUR
    assert get(InterpretationRequest, talk.id).handed_over_after == 45
    for one in (first, second):
        say_yes(one)
    assert get(InterpretationRequest, talk.id).state == "filled"


def test_whoever_asks_names_when_the_second_takes_over_and_nobody_is_asked_otherwise() -> None:
    with transaction():
        factories.interpreter(name="Early", hours=(8, 13))
        factories.interpreter(name="Late", hours=(11, 18))
        talk = factories.asked(minutes=180, handover_allowed=True, handover_minutes=120)
    first, second = sorted(adopt().offers, key=lambda one: one.starts_at)
    assert second.starts_at == talk.starts_at + 2 * HOUR
    yes = say_yes(first)
    sooner = replace(details_of(talk), handover_minutes=100)
    with transaction():
        amendments.amend(SYSTEM, talk.id, sooner, now=NOW)
    assert get(InterpretationRequest, talk.id).handed_over_after == 100
    assert get(Assignment, yes.id).state == "confirmed", "less time is within what was agreed"
    [renewed] = [one for one in db.session.query(Offer) if one.state == "made"]
    assert renewed.starts_at == talk.starts_at + timedelta(minutes=100)


@pytest.mark.parametrize("minutes", [20, 170])
def test_a_hand_over_that_leaves_one_of_the_two_little_is_refused(minutes: int) -> None:
    with pytest.raises(Refusal, match="at least 30 minutes each"), transaction():
        factories.asked(minutes=180, handover_allowed=True, handover_minutes=minutes)
