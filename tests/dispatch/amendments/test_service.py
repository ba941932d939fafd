"""Changing what was asked for: who hears of it, who is asked again, whose yes still holds."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import queries, reminding, service
from dispatch.amendments.foreseeing import Foreseen, details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import queries as attendance
from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.invitations.models import Invitation
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
TWO = TOMORROW_TEN + timedelta(hours=4)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def asked(count: int = 1) -> tuple[InterpretationRequest, Account]:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        return factories.asked(by=caseworker, interpreters=count), caseworker


def somebody(name: str = "Mira", *languages: str) -> Interpreter:
    with transaction():
        return factories.interpreter(*languages, name=name)


def one_comes() -> tuple[InterpretationRequest, Account, Assignment]:
    interpretation_request, caseworker = asked()
    who = somebody()
    with transaction():
        assignment = factories.coming(interpretation_request, who)
    deliver_all()
    return interpretation_request, caseworker, assignment


def change(
    interpretation_request: InterpretationRequest, by: Account, **differently: object
) -> Foreseen:
    details = replace(details_of(interpretation_request), **differently)  # type: ignore[arg-type]
    before = len(written())
    with transaction():
        done = service.amend(by.actor, interpretation_request.id, details, now=NOW)
    assert len(written()) >= before
    return done


def test_a_receipt_that_has_not_left_is_sent_all_the_same_when_who_asked_changes_a_detail() -> None:
    interpretation_request, caseworker = asked()
    change(interpretation_request, caseworker, room="14")
    deliver_all()
    assert [one.sent_at is not None for one in written("request_received")] == [True]


def test_a_detail_takes_no_word_back_that_the_office_has_moved_the_request() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    with transaction():
        office = factories.account(Role.COORDINATOR)
    change(interpretation_request, office, duration_minutes=90)
    change(interpretation_request, caseworker, note="second floor")
    deliver_all()
    assert [one.sent_at is not None for one in written("request_changed")] == [True]


def test_whoever_is_lost_by_the_first_of_two_quick_changes_is_told_of_with_the_second() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, gender_required="female")
    assert assignment.state == "released"
    change(interpretation_request, caseworker, duration_minutes=90)
    deliver_all()
    [told] = [one for one in written("request_changed") if one.sent_at]
    assert "Whoever had accepted cannot come like this" in told.body
    change(interpretation_request, caseworker, duration_minutes=60)
    assert "cannot come like this" not in written("request_changed")[-1].body, "said once"


def question_of(assignment: Assignment) -> Confirmation:
    question = db.session.scalars(
        sa.select(Confirmation)
        .where(Confirmation.assignment_id == assignment.id)
        .order_by(Confirmation.terms_number.desc())
    ).first()
    assert question
    return question


def hold_of(assignment: Assignment) -> Hold:
    return db.session.scalars(
        sa.select(Hold).where(
            Hold.interpretation_request_id == assignment.interpretation_request_id
        )
    ).one()


def test_another_room_is_only_told_and_the_yes_holds() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, room="14")
    assert assignment.state == AssignmentState.CONFIRMED
    assert interpretation_request.state == RequestState.FILLED
    assert [one.calendar_method for one in written("assignment_changed")] == [None]
    assert db.session.scalars(sa.select(Invitation.sequence)).all() == [0]


def test_a_talk_that_becomes_shorter_keeps_its_people_and_frees_the_rest_of_the_time() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, duration_minutes=30)
    assert assignment.state == AssignmentState.CONFIRMED
    assert hold_of(assignment).ends_at == interpretation_request.ends_at == assignment.ends_at
    (mail,) = written("assignment_changed")
    assert "10:00–10:30 (before: 10:00–11:00)" in mail.body
    assert mail.calendar_method == "REQUEST"
    assert "SEQUENCE:1" in (mail.calendar_text or "")


def test_another_time_is_asked_again_with_old_and_new_and_nobody_is_sure_until_a_yes() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    assert assignment.state == AssignmentState.TO_RECONFIRM
    assert interpretation_request.state == RequestState.OPEN
    assert hold_of(assignment).starts_at == interpretation_request.starts_at
    mail, sms = written("assignment_asked_again")
    for text in (mail.body, sms.body):
        assert "14:00" in text
        assert "10:00" in text
    assert "SEQUENCE:1" in (mail.calendar_text or "")
    assert "STATUS:TENTATIVE" in (mail.calendar_text or "")
    assert "Whoever had accepted has to accept again;" in written("request_changed")[0].body
    with transaction():
        service.accept(SYSTEM, question_of(assignment).id, via=Via.LINK, now=NOW)
    assert assignment.state == AssignmentState.CONFIRMED
    assert interpretation_request.state == RequestState.FILLED
    last = written("assignment_confirmed")[-1]
    assert "SEQUENCE:2" in (last.calendar_text or "")
    assert "STATUS:CONFIRMED" in (last.calendar_text or "")
    assert [one.answer for one in assignment.confirmations] == ["yes", "yes"]
    assert assignment.confirmations[0].starts_at != assignment.confirmations[1].starts_at


def test_changed_once_more_it_is_set_beside_what_was_agreed_and_not_what_was_only_asked() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    change(interpretation_request, caseworker, wall_start=TWO + timedelta(hours=1))
    mail, sms = written("assignment_asked_again")[-2:]
    assert "15:00" in mail.body
    for text in (mail.body, sms.body):
        assert "15:00" in text
        assert "10:00" in text
        assert "14:00" not in text
    assert assignment.state == AssignmentState.TO_RECONFIRM


def test_changed_there_and_back_it_says_that_it_is_as_agreed_after_all() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN, is_urgent=True)
    mail, sms = written("assignment_asked_again")[-2:]
    assert "time, place and language of your assignment" in mail.body
    assert "are to be as you had agreed after all" in mail.body
    assert "As before: Tue 2 Mar 10:00-11:00" in sms.body
    for text in (mail.body, sms.body):
        assert "14:00" not in text
        assert "before" not in text.replace("agreed before", "").replace("As before:", "").lower()


def test_changed_back_before_anything_left_the_yes_stands_and_nobody_is_asked() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    known = len([one for one in written() if one.sent_at])
    change(interpretation_request, caseworker, wall_start=TWO)
    change(interpretation_request, caseworker, wall_start=TWO + timedelta(hours=1))
    details = replace(details_of(interpretation_request), wall_start=TOMORROW_TEN)
    [mira] = foresee(interpretation_request, details, now=NOW).people
    assert mira.fate == Fate.STANDS
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    deliver_all()
    assert assignment.state == AssignmentState.CONFIRMED
    assert interpretation_request.state == RequestState.FILLED
    assert hold_of(assignment).starts_at == assignment.starts_at == interpretation_request.starts_at
    assert hold_of(assignment).cause == "assignment"
    assert [one.sent_at for one in written("assignment_asked_again") if one.sent_at] == []
    assert [one.name for one in written() if one.sent_at][known:] == [], "nobody hears of anything"
    kinds = [one.kind for one in ledger.history(Concerning(assignment=assignment.id))]
    assert kinds[-1] == "assignment.stands_again"


@on_sqlite
def test_a_yes_that_stands_again_keeps_what_was_confirmed_the_day_before_and_reminded_of() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    with transaction():
        assignment.reminded_at = assignment.day_before_asked_at = NOW
        assignment.day_before_confirmed_at, assignment.late_minutes = NOW, 10
    change(interpretation_request, caseworker, wall_start=TWO)
    assert not attendance.out_of_the_ordinary(NOW).late
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    assert assignment.state == AssignmentState.CONFIRMED
    assert (assignment.reminded_at, assignment.day_before_confirmed_at) == (NOW, NOW)
    assert attendance.out_of_the_ordinary(NOW).late == [assignment]


@on_sqlite
@pytest.mark.parametrize("is_back", [True, False])
def test_a_new_yes_keeps_it_only_where_it_is_to_the_same_as_before(*, is_back: bool) -> None:
    interpretation_request, caseworker, assignment = one_comes()
    with transaction():
        assignment.reminded_at = assignment.day_before_asked_at = NOW
        assignment.day_before_confirmed_at, assignment.late_minutes = NOW, 10
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    if is_back:
        change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    with transaction():
        service.accept(SYSTEM, assignment.confirmations[-1].id, via=Via.PAGE, now=NOW)
    said = (assignment.reminded_at, assignment.day_before_asked_at, assignment.late_minutes)
    assert said == ((NOW, NOW, 10) if is_back else (None, None, None))


def test_changed_back_after_it_was_asked_she_is_asked_again() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    assert assignment.state == AssignmentState.TO_RECONFIRM


@on_sqlite
@pytest.mark.parametrize("knows", [True, False])
def test_changed_there_and_back_before_it_was_read_who_asked_hears_only_what_they_do_not_know(
    *, knows: bool
) -> None:
    interpretation_request, caseworker = asked()
    with transaction():
        factories.coming(interpretation_request, somebody())
    if knows:
        deliver_all()
    change(interpretation_request, caseworker, wall_start=TWO)
    if knows:
        messaging.deliver(written("assignment_asked_again")[0].id, NOW)
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    deliver_all()
    said = [one for one in written("request_changed") if one.sent_at]
    assert len(said) == knows
    for mail in said:
        assert "is as before again" in mail.subject
        assert "was changed for a short time and is again as before" in mail.body
        assert "Whoever had accepted has to accept again;" in mail.body
    assert ["Mira" in one.body for one in written("interpreter_found") if one.sent_at] == [
        True
    ] * knows


@on_sqlite
def test_whoever_has_agreed_before_the_change_was_read_is_not_said_to_have_to() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    with transaction():
        service.accept(SYSTEM, assignment.confirmations[-1].id, via=Via.PAGE, now=NOW)
    deliver_all()
    [changed] = [one for one in written("request_changed") if one.sent_at]
    assert "14:00" in changed.body
    assert "accept again" not in changed.body
    comes = [one for one in written("interpreter_found") if one.sent_at][-1]
    assert "14:00" in comes.body


@on_sqlite
def test_what_changes_says_nothing_of_who_has_to_accept_again_and_was_never_announced() -> None:
    interpretation_request, caseworker = asked()
    with transaction():
        factories.coming(interpretation_request, somebody())
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    [mail] = written("request_changed")
    assert "14:00" in mail.body
    assert "accepted" not in mail.body


def test_of_whom_they_know_otherwise_those_who_asked_read_that_a_new_yes_is_needed() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    with transaction():  # as in a system that was filled from another one
        of_coming = sa.update(Message).where(Message.name == "interpreter_found")
        db.session.execute(of_coming.values(about="coming:0"))
    later = NOW + timedelta(minutes=5)
    details = replace(details_of(interpretation_request), wall_start=TWO)
    with transaction():
        service.amend(caseworker.actor, interpretation_request.id, details, now=later)
    assert "Whoever had accepted has to accept again;" in written("request_changed")[0].body


@on_sqlite
def test_those_who_asked_read_whether_a_colleague_or_the_office_has_changed_it() -> None:
    interpretation_request, caseworker = asked()
    with transaction():
        colleague = factories.account(of=caseworker.organisation)
        office = factories.account(Role.COORDINATOR)
    for by, said in (
        (caseworker, "your request"),
        (colleague, "somebody of your organisation has changed your request"),
        (office, "the office has changed your request"),
    ):
        deliver_all()
        hour = details_of(interpretation_request).wall_start + timedelta(hours=1)
        change(interpretation_request, by, wall_start=hour)
        deliver_all()
        opening = written("request_changed")[-1].body.split("\n\n")[1]
        assert opening.startswith(said), opening
    for by in (colleague, office):
        hour = details_of(interpretation_request).wall_start + timedelta(hours=1)
        change(interpretation_request, by, wall_start=hour)
    deliver_all()
    assert (
        "\n\nyour request" in written("request_changed")[-1].body
    )  # of both: nobody in particular


@on_sqlite
def test_going_back_to_what_was_agreed_is_never_short_notice_and_its_urgency_goes_too() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    assert interpretation_request.starts_at == assignment.confirmations[0].starts_at
    sooner = TOMORROW_TEN - timedelta(hours=1)
    change(interpretation_request, caseworker, wall_start=sooner, is_urgent=True)
    assert interpretation_request.is_urgent
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    assert not interpretation_request.is_urgent
    with pytest.raises(Refusal) as refused:
        change(interpretation_request, caseworker, wall_start=sooner)
    assert "short-notice" in str(refused.value.code)


@on_sqlite
def test_room_and_contact_that_change_with_the_time_are_in_the_mail_that_asks_again() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    change(interpretation_request, caseworker, room="14", contact="Ms SECRET", wall_start=TWO)
    [mail] = [one for one in written("assignment_asked_again") if one.channel == "email"]
    assert "Room: 14 (before: –)" in mail.body
    assert "Contact on site: new" in mail.body
    assert "SECRET" not in mail.body


@on_sqlite
def test_going_back_to_the_agreed_time_does_not_say_that_the_other_room_is_off_too() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO, room="9")
    change(interpretation_request, caseworker, wall_start=TOMORROW_TEN)
    mail = [one for one in written("assignment_asked_again") if one.channel == "email"][-1]
    assert "a change of them that was asked for meanwhile does not hold any more" in mail.body
    assert "Whatever else has changed holds" in mail.body
    assert "the change we asked you about" not in mail.body


@on_sqlite
@pytest.mark.parametrize(
    ("strategy", "says", "hides"),
    [
        (rounds.broadcast, "whoever accepts first comes", "your time is free again"),
        (rounds.interest, "You promise nothing with it", "Please accept or decline"),
    ],
)
def test_several_who_are_asked_anew_still_read_how_they_are_asked(strategy, says, hides) -> None:
    interpretation_request, caseworker = asked()
    somebody(), somebody("Ana")
    with transaction():
        strategy(SYSTEM, interpretation_request.id, now=NOW)
    deliver_all()
    change(interpretation_request, caseworker, wall_start=TWO)
    mails = [one.body for one in written("offer_changed") if one.channel == "email"]
    assert len(mails) == 2
    assert all(says in one and "do not keep your time free" in one for one in mails)
    assert not any(hides in one for one in mails)


@on_sqlite
def test_who_asked_reads_what_changed_old_and_new_without_opening_the_page() -> None:
    interpretation_request, _caseworker, _assignment = one_comes()
    with transaction():
        office = factories.account(Role.COORDINATOR)
        other = factories.site("Rathaus")
    change(
        interpretation_request,
        office,
        ways=("video", "on_site"),
        room="14",
        site_id=other.id,
        interpreter_count=2,
        duration_minutes=90,
        note="SECRET",
        gender_wished="female",
    )
    body = written("request_changed")[-1].body
    for said in (
        "When: Tue, 2 Mar 2027, 10:00–11:30 (before: Tue, 2 Mar 2027, 10:00–11:00)",
        "Site: Rathaus",
        "How the interpreter takes part: by video, on site (before: on site)",
        "Interpreters: 2 (before: 1)",
        "Room: 14 (before: –)",
        "Gender wished for: A woman (before: No matter)",
        "Note for the interpreter: new",
    ):
        assert said in body
    assert "SECRET" not in body


@on_sqlite
def test_what_a_change_before_made_new_is_said_with_the_next_where_its_mail_has_not_left() -> None:
    interpretation_request, _caseworker, _assignment = one_comes()
    with transaction():
        office = factories.account(Role.COORDINATOR)
    change(interpretation_request, office, room="14", duration_minutes=90)
    change(interpretation_request, office, interpreter_count=2, room="15")
    deliver_all()
    [told] = [one for one in written("request_changed") if one.sent_at]
    for said in ("11:30 (before: ", "Interpreters: 2 (before: 1)", "Room: 15 (before: –)"):
        assert said in told.body
    change(interpretation_request, office, room="16")
    assert "11:00" not in written("request_changed")[-1].body


def test_a_no_to_the_change_opens_the_seat_and_both_sides_hear_it() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    with transaction():
        service.decline(SYSTEM, question_of(assignment).id, via=Via.LINK, now=NOW)
    assert assignment.state == AssignmentState.RELEASED
    assert interpretation_request.state == RequestState.OPEN
    assert db.session.scalars(sa.select(Hold)).all() == []
    assert written("terms_not_agreed")[0].calendar_method == "CANCEL"
    assert len(written("interpreter_lost")) == 1


def test_silence_is_never_a_yes_to_the_change() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    deliver_all()
    question = question_of(assignment)
    assert question.answer_by
    early, due = question.answer_by - timedelta(minutes=1), question.answer_by
    assert queries.due(early) == []
    with transaction():
        service.expire(question.id, now=early)
    assert assignment.state == AssignmentState.TO_RECONFIRM
    assert queries.due(due) == [question.id]
    with transaction():
        service.expire(question.id, now=due)
    assert assignment.state == AssignmentState.RELEASED
    assert question.answer is None
    assert len(written("terms_not_agreed")) >= 1
    with pytest.raises(Refusal), transaction():
        service.accept(SYSTEM, question.id, via=Via.LINK, now=due)


def test_it_may_begin_when_it_was_to_end() -> None:
    interpretation_request, caseworker, _assignment = one_comes()
    details = replace(
        details_of(interpretation_request), wall_start=TOMORROW_TEN + timedelta(hours=1)
    )
    was_to_end = interpretation_request.ends_at
    by, request_id = caseworker.actor, interpretation_request.id
    db.session.expunge_all()  # as in a browser: nothing was read before
    with transaction():
        service.amend(by, request_id, details, now=NOW)
    after = db.session.get_one(InterpretationRequest, request_id)
    assert after.starts_at == was_to_end
    assert after.ends_at - after.starts_at == timedelta(hours=1)


def test_an_answer_to_the_old_terms_is_overtaken_and_says_so() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    first = question_of(assignment)
    change(interpretation_request, caseworker, wall_start=TWO + timedelta(hours=1))
    with pytest.raises(Conflict) as refused, transaction():
        service.accept(SYSTEM, first.id, via=Via.LINK, now=NOW)
    assert refused.value.code == "overtaken"
    assert assignment.state == AssignmentState.TO_RECONFIRM
    with transaction():
        service.accept(SYSTEM, question_of(assignment).id, via=Via.LINK, now=NOW)
    assert assignment.starts_at == interpretation_request.starts_at


def test_who_waits_to_answer_an_offer_is_asked_anew_and_the_old_link_says_why() -> None:
    interpretation_request, caseworker = asked()
    who = somebody()
    with transaction():
        before = offers.make(SYSTEM, interpretation_request.id, who.id, now=NOW)
    deliver_all_keeping = re.findall(r"/o/([\w-]+)", written("offer")[0].body)
    deliver_all()
    change(interpretation_request, caseworker, wall_start=TWO)
    assert db.session.get_one(Offer, before.id).state == OfferState.WITHDRAWN
    mail, sms = written("offer_changed")
    assert "14:00" in mail.body
    assert "10:00" in sms.body
    with pytest.raises(Conflict) as refused, transaction():
        answers.by_link(deliver_all_keeping[0], Answer.YES, now=NOW)
    assert refused.value.code == "overtaken"
    (token,) = re.findall(r"/o/([\w-]+)", mail.body)
    with transaction():
        answers.by_link(token, Answer.YES, now=NOW)
    assert interpretation_request.state == RequestState.FILLED


def test_who_never_got_the_first_question_just_gets_the_second() -> None:
    interpretation_request, caseworker = asked()
    who = somebody()
    with transaction():
        offers.make(SYSTEM, interpretation_request.id, who.id, now=NOW)
    change(interpretation_request, caseworker, wall_start=TWO)
    assert written("offer_changed") == []
    deliver_all()
    assert [one.state for one in written("offer")] == ["settled", "settled", "sent", "sent"]


def test_who_is_taken_at_the_new_time_is_known_beforehand_and_somebody_else_is_looked_for() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    with transaction():
        offers.assign(SYSTEM, factories.asked(start=TWO).id, assignment.interpreter_id, now=NOW)
    deliver_all()
    details = replace(details_of(interpretation_request), wall_start=TWO)
    (leaving,) = foresee(interpretation_request, details, now=NOW).coming_of(Fate.LEAVES)
    assert "another assignment" in str(leaving.why)
    change(interpretation_request, caseworker, wall_start=TWO)
    assert assignment.state == AssignmentState.RELEASED
    assert interpretation_request.state == RequestState.OPEN
    assert len(written("assignment_released")) == 2
    assert "Whoever had accepted cannot come" in written("request_changed")[-1].body


def test_who_is_away_at_the_new_time_is_not_asked_but_somebody_else_is_looked_for() -> None:
    interpretation_request, _caseworker, assignment = one_comes()
    with transaction():
        away = Absence(
            starts_at=interpretation_request.starts_at + timedelta(hours=2),
            ends_at=interpretation_request.starts_at + timedelta(days=2),
        )
        assignment.interpreter.availability.absences.append(away)
    details = replace(details_of(interpretation_request), wall_start=TWO)
    (leaving,) = foresee(interpretation_request, details, now=NOW).coming_of(Fate.LEAVES)
    assert "is away" in str(leaving.why)


def test_a_language_somebody_does_not_speak_cannot_be_agreed_again() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, language="tr")
    assert assignment.state == AssignmentState.RELEASED


def test_one_more_is_looked_for_and_nobody_who_comes_is_bothered() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    before = len(written("assignment_changed"))
    change(interpretation_request, caseworker, interpreter_count=2)
    assert interpretation_request.state == RequestState.OPEN
    assert assignment.state == AssignmentState.CONFIRMED
    assert len(written("assignment_changed")) == before


def test_fewer_frees_who_is_only_asked_and_those_who_come_sit_closer() -> None:
    interpretation_request, caseworker = asked(3)
    people = [somebody(name) for name in ("Ada", "Ben", "Cem")]
    with transaction():
        first, second, third = (
            offers.make(SYSTEM, interpretation_request.id, who.id, now=NOW) for who in people
        )
        assignment = offers.accept(SYSTEM, third.id, via=Via.LINK, now=NOW)
    deliver_all()
    change(interpretation_request, caseworker, interpreter_count=1)
    assert interpretation_request.state == RequestState.FILLED
    assert assignment.seat == hold_of(assignment).seat == 1
    for one in (first, second):
        assert db.session.get_one(Offer, one.id).state == OfferState.WITHDRAWN
    with pytest.raises(Refusal) as refused:
        change(interpretation_request, caseworker, interpreter_count=0)
    assert "1 to 10" in str(refused.value)


def test_fewer_than_come_is_refused_with_what_could_be() -> None:
    interpretation_request, caseworker = asked(2)
    with transaction():
        for name in ("Ada", "Ben"):
            factories.coming(interpretation_request, factories.interpreter(name=name))
    with pytest.raises(Refusal) as refused:
        change(interpretation_request, caseworker, interpreter_count=1)
    assert refused.value.code == "fewer-than-come"
    assert "2 have said yes" in str(refused.value)


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (datetime(2027, 2, 1, 10, 0), "start-in-the-past"),
        (datetime(2027, 3, 28, 2, 30), "local-time-does-not-exist"),
        (datetime(2027, 10, 31, 2, 30), "local-time-exists-twice"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_nothing_is_changed(
    start: datetime, code: str
) -> None:
    interpretation_request, caseworker, assignment = one_comes()
    before = interpretation_request.starts_at
    with pytest.raises(Refusal) as refused:
        change(interpretation_request, caseworker, wall_start=start)
    assert code in {one.code for one in getattr(refused.value, "refusals", [refused.value])}
    db.session.refresh(interpretation_request)
    db.session.refresh(assignment)
    assert interpretation_request.starts_at == assignment.starts_at == before
    assert assignment.state == AssignmentState.CONFIRMED


def test_whoever_does_not_answer_a_change_is_reminded_once_by_sms_half_way() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    question = assignment.confirmations[-1]
    half = question.remind_at
    assert half
    assert queries.to_remind(half - timedelta(minutes=1)) == []
    for at in (half, half + timedelta(minutes=5)):
        with transaction():
            for each in queries.to_remind(at):
                reminding.remind(each, now=at)
    [reminder] = written("change_reminder")
    assert reminder.channel == "sms"
    assert f"/assignments/{assignment.id}" in reminder.body


def test_whoever_has_answered_a_change_is_not_reminded() -> None:
    interpretation_request, caseworker, assignment = one_comes()
    change(interpretation_request, caseworker, wall_start=TWO)
    question = assignment.confirmations[-1]
    half = question.remind_at
    assert half
    with transaction():
        service.accept(SYSTEM, question.id, via=Via.LINK, now=NOW)
    assert queries.to_remind(half) == []
    with transaction():
        reminding.remind(question.id, now=half)
    assert written("change_reminder") == []
