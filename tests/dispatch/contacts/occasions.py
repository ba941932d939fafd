"""For every event of the table an occasion, among people whom it does not concern."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.absences import service as absences
from dispatch.absences.queries import undecided_of
from dispatch.absences.rules import Resolution
from dispatch.accounts import alarms
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import reminding, restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers import service as answers
from dispatch.assignments import reminding as evening
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import day_before
from dispatch.attendance import service as attendance
from dispatch.availability.models import Absence
from dispatch.busy import messages as private_calendars
from dispatch.busy.models import PrivateCalendar
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.cities.working_time import morning_before
from dispatch.clients import service as clients
from dispatch.contacts import service as hearing
from dispatch.contacts.choosing import Choice, Topic
from dispatch.contacts.hearing import Event, Party
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging import codes
from dispatch.messaging.models import Message, TransportState
from dispatch.messaging.rules import Channel, Way
from dispatch.offers import messages as offer_messages
from dispatch.offers import partners, queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.offers.seats import Wanted
from dispatch.requests import messages as request_messages
from dispatch.requests import reviewing, waiting
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import Sharing
from dispatch.settings import active
from dispatch.sms import confirming
from dispatch.sms import service as sms
from tests import factories
from tests.correspondence import stands_in_the_calendar, waive
from tests.factories import NOW, TOMORROW_TEN

SOON, LATER = TOMORROW_TEN, TOMORROW_TEN + timedelta(days=9)
REASONS = Reasons(office="SECRET", told="the talk is put off")


@dataclass(frozen=True)
class Scene:
    """A request for four: two interpreters are asked, one comes, one is still to be found.

    Beside it a request for which only one is asked, one that has changed so that who comes has to
    agree again, one that is cancelled, one for which two are asked at once, a rival for which
    somebody is asked at once with others who comes to the first, one to which somebody said that
    they could come, one to which somebody comes who will be away, one that the
    office has to look at first, and somebody new whom nobody has
    asked yet.
    """

    caseworker: Account
    wanted: InterpretationRequest
    question: int
    other_question: int
    coming: int
    only_question: int
    again: int
    cancelled: int
    raced_question: int
    rival_question: int
    could_come: int
    away: int
    waits: int
    shared: int
    new: int


def set_scene(start: datetime, who: str = "") -> Scene:
    """Have everybody in their place; `who` goes before their names."""
    with transaction():
        caseworker = factories.account(
            of=factories.organisation(who), name=f"{who}Caseworker", phone="+4917604069001"
        )
        wanted = factories.asked(by=caseworker, start=start, interpreters=4, contact=CONTACT)
        alone = factories.asked(by=caseworker, start=start + timedelta(hours=3))
        moved = factories.asked(by=caseworker, start=start + timedelta(hours=5))
        off = factories.asked(by=caseworker, start=start + timedelta(hours=5))
        asked, also, comes, only, again, back, away, new = (
            factories.interpreter(name=f"{who}{name}")
            for name in ("Asked", "Also", "Comes", "Only", "Again", "Back", "Away", "New")
        )
        offers.assign(SYSTEM, off.id, back.id, now=NOW)
        no_need = Reasons(told="no need")
        cancellations.cancel_request(caseworker.actor, off.id, reasons=no_need, now=NOW)
        changing = offers.assign(SYSTEM, moved.id, again.id, now=NOW)
        later = replace(details_of(moved), wall_start=start + timedelta(hours=6))
        amendments.amend(caseworker.actor, moved.id, later, now=NOW)
        raced = factories.asked(by=caseworker, start=start + timedelta(hours=6))
        coming = offers.assign(SYSTEM, wanted.id, comes.id, now=NOW).id
        return Scene(
            caseworker=caseworker,
            wanted=wanted,
            question=offers.make(SYSTEM, wanted.id, asked.id, now=NOW).id,
            other_question=offers.make(SYSTEM, wanted.id, also.id, now=NOW).id,
            coming=coming,
            only_question=offers.make(SYSTEM, alone.id, only.id, now=NOW).id,
            again=changing.confirmations[-1].id,
            cancelled=off.id,
            raced_question=asked_at_once(raced, also, asked),
            rival_question=asked_at_once(factories.asked(by=caseworker, start=start), comes, only),
            could_come=interested(
                factories.asked(by=caseworker, start=start + timedelta(hours=8)), also
            ),
            away=offers.assign(
                SYSTEM,
                factories.asked(by=caseworker, start=start + timedelta(hours=9)).id,
                away.id,
                now=NOW,
            ).id,
            waits=looked_at_first(caseworker, start + timedelta(hours=10)).id,
            shared=shared_with_half(factories.asked("gaz", by=caseworker, start=start), who),
            new=new.id,
        )


def looked_at_first(caseworker: Account, start: datetime) -> InterpretationRequest:
    """Return a request that the office has not looked at yet."""
    organisation = caseworker.organisation
    assert organisation
    organisation.is_reviewed = True
    waits = factories.asked(by=caseworker, start=start)
    organisation.is_reviewed = False
    return waits


def asked_at_once(
    interpretation_request: InterpretationRequest, first: Interpreter, second: Interpreter
) -> int:
    """Ask two at once and return the question to the first."""
    request_id = interpretation_request.id
    offers.make_to_all(SYSTEM, request_id, [first.id, second.id], now=NOW)
    questions = queries.open_for(request_id)
    return next(one.id for one in questions if one.interpreter_id == first.id)


def interested(interpretation_request: InterpretationRequest, who: Interpreter) -> int:
    """Have somebody say that they could come, and return the question."""
    request_id = interpretation_request.id
    offers.make_to_all(SYSTEM, request_id, [who.id], strategy=Strategy.INTEREST, now=NOW)
    [question] = queries.open_for(request_id)
    offers.could_come(SYSTEM, question.id, via=Via.LINK, now=NOW)
    return question.id


def shared_with_half(talk: InterpretationRequest, who: str) -> int:
    """Have two come by relay, and return the assignment of the second."""
    for seat, language, name in ((1, "gaz>en", "Half"), (2, "en", "Rest")):
        person = factories.interpreter(language, name=f"{who}{name}")
        part = Wanted(seat, language=language, sharing=Sharing("en"))
        coming = offers.assign(SYSTEM, talk.id, person.id, part, now=NOW)
    return coming.id


def office() -> Actor:
    return factories.account(Role.COORDINATOR, name="Coordinator").actor


def somebody_asks(at: Scene) -> None:
    factories.asked(by=at.caseworker, start=LATER + timedelta(hours=1))


def somebody_is_asked(at: Scene) -> None:
    offers.make(office(), at.wanted.id, at.new, now=NOW)


def several_are_asked_at_once(at: Scene) -> None:
    offers.make_to_all(office(), at.wanted.id, [at.new], now=NOW)


def several_are_asked_whether_they_could(at: Scene) -> None:
    who = [at.new]
    offers.make_to_all(office(), at.wanted.id, who, strategy=Strategy.INTEREST, now=NOW)


def who_could_come_is_chosen(at: Scene) -> None:
    offers.choose(office(), at.could_come, now=NOW)


def who_could_come_is_not_chosen(at: Scene) -> None:
    offers.withdraw(office(), at.could_come, now=NOW)


def somebody_else_is_first(at: Scene) -> None:
    offers.accept(SYSTEM, at.raced_question, via=Via.LINK, now=NOW)


def who_is_asked_comes_elsewhere(at: Scene) -> None:
    offers.make_way(at.rival_question, now=NOW)


def half_the_time_is_gone(at: Scene) -> None:
    offers.remind(at.question, now=get(Offer, at.question).answer_by - timedelta(minutes=1))


def half_the_time_to_agree_is_gone(at: Scene) -> None:
    due = get(Confirmation, at.again).answer_by or NOW
    reminding.remind(at.again, now=due - timedelta(minutes=1))


def the_time_is_over(at: Scene) -> None:
    offers.expire(at.question, now=get(Offer, at.question).answer_by)


def the_office_takes_it_back(at: Scene) -> None:
    offers.withdraw(office(), at.question, now=NOW, reasons=REASONS)


def a_no(at: Scene) -> None:
    offers.decline(SYSTEM, at.question, via=Via.LINK, now=NOW)


def a_yes(at: Scene) -> None:
    offers.accept(SYSTEM, at.question, via=Via.LINK, now=NOW)


def it_is_agreed_by_telephone(at: Scene) -> None:
    offers.assign(office(), at.wanted.id, at.new, now=NOW)


def the_only_one_says_no(at: Scene) -> None:
    offers.decline(SYSTEM, at.only_question, via=Via.LINK, now=NOW)


def the_pool_is_asked_and_an_agency_is_next(at: Scene) -> None:
    offers.turn_to_agency(get(Offer, at.raced_question).round, NOW)


def a_long_way_is_put_to_the_office(at: Scene) -> None:
    offers.put_to_office(SYSTEM, _long_way(at), NOW)


def a_long_way_is_refused(at: Scene) -> None:
    offer = _long_way(at)
    offers.put_to_office(SYSTEM, offer, NOW)
    offers.refuse(office(), offer.id, reasons=REASONS, now=NOW)


def _long_way(at: Scene) -> Offer:
    """Return a question to somebody new beside one that waits, as it is before it is stored."""
    beside = get(Offer, at.raced_question)
    return Offer(
        round=beside.round,
        interpretation_request=beside.interpretation_request,
        interpreter_id=at.new,
        exclusive=False,
        site_id=beside.site_id,
        starts_at=beside.starts_at,
        ends_at=beside.ends_at,
        language=beside.language,
        way=beside.way,
        token_hash="long-way",
        made_at=NOW,
    )


def an_agency_sends_somebody(at: Scene) -> None:
    request_messages.by_agency(Event.AGENCY_COMES, at.wanted, "Agency", 1, NOW)


def the_agency_sends_nobody_after_all(at: Scene) -> None:
    request_messages.by_agency(Event.AGENCY_OFF, at.wanted, "Agency", 1, NOW)


def the_day_comes_near(at: Scene) -> None:
    assert at.wanted.next_word_at is not None
    waiting.say_still_open(at.wanted.id, now=at.wanted.next_word_at)


def the_office_asks_whether_it_may_be_otherwise(at: Scene) -> None:
    request_messages.question(at.wanted, "start", "13:30", NOW)


def the_start_passes(at: Scene) -> None:
    waiting.close_past(at.wanted.id, now=at.wanted.starts_at)


def the_office_is_to_look_first(at: Scene) -> None:
    looked_at_first(at.caseworker, LATER + timedelta(days=1))


def the_office_approves(at: Scene) -> None:
    reviewing.approve(office(), at.waits, now=NOW)


def the_office_refuses(at: Scene) -> None:
    reviewing.refuse(office(), at.waits, reasons=REASONS, now=NOW)


def who_asked_cancels(at: Scene) -> None:
    reasons = Reasons(told="the talk is put off")
    cancellations.cancel_request(at.caseworker.actor, at.wanted.id, reasons=reasons, now=NOW)


def a_colleague_cancels(at: Scene) -> None:
    colleague = factories.account(of=at.caseworker.organisation)
    reasons = Reasons(told="the talk is put off")
    cancellations.cancel_request(colleague.actor, at.wanted.id, reasons=reasons, now=NOW)


def the_office_cancels(at: Scene) -> None:
    cancellations.cancel_request(office(), at.wanted.id, reasons=REASONS, now=NOW)


def who_comes_cannot(at: Scene) -> None:
    reasons = Reasons(office="SECRET")
    withdrawing.cannot_come(SYSTEM, at.coming, reasons=reasons, now=NOW)


def another_room(at: Scene) -> None:
    room = replace(details_of(at.wanted), room="14")
    amendments.amend(at.caseworker.actor, at.wanted.id, room, now=NOW)


def an_hour_later(at: Scene) -> None:
    wanted = details_of(at.wanted)
    later = replace(wanted, wall_start=wanted.wall_start + timedelta(hours=1))
    amendments.amend(at.caseworker.actor, at.wanted.id, later, now=NOW)


def it_must_be_a_woman(at: Scene) -> None:
    """Nobody here said so of themselves."""
    changed = replace(details_of(at.wanted), gender_required="female")
    amendments.amend(at.caseworker.actor, at.wanted.id, changed, now=NOW)


def a_yes_to_the_change(at: Scene) -> None:
    amendments.accept(SYSTEM, at.again, via=Via.LINK, now=NOW)


def a_no_to_the_change(at: Scene) -> None:
    amendments.decline(SYSTEM, at.again, via=Via.LINK, now=NOW)


def silence_about_the_change(at: Scene) -> None:
    amendments.expire(at.again, now=get(Confirmation, at.again).answer_by or NOW)


def it_takes_place_after_all(at: Scene) -> None:
    restoring.undo(at.caseworker.actor, at.cancelled, now=NOW)


def the_office_releases(at: Scene) -> None:
    cancellations.release(office(), at.coming, reasons=REASONS, now=NOW)


def in_time_of(at: Scene, thing: Offer | Assignment, by: Actor) -> Absence:
    """Be away when the thing takes place; an assignment is asked about."""
    decided = {thing.id: Resolution.ASK} if isinstance(thing, Assignment) else {}
    span = (thing.starts_at, thing.ends_at)
    return absences.save(by, thing.interpreter_id, span, decided, now=NOW)


def who_is_asked_is_away(at: Scene) -> None:
    in_time_of(at, get(Offer, at.question), SYSTEM)


def the_office_asks_who_is_away(at: Scene) -> None:
    in_time_of(at, get(Assignment, at.away), office())


def it_stays_with_who_is_away(at: Scene) -> None:
    comes = get(Assignment, at.away)
    absence = in_time_of(at, comes, comes.interpreter.account.actor)
    [job] = undecided_of(comes.interpreter_id, NOW)
    assert job.absence_id == absence.id
    absences.settle(office(), job.id, keeps=True, now=NOW)


def who_shares_a_talk_comes(at: Scene) -> None:
    partners.tell_other(get(Assignment, at.shared), comes=True, now=NOW)


def the_evening_comes(at: Scene) -> None:
    evening.remind(at.coming, now=at.wanted.starts_at - timedelta(hours=15))


def what_is_owed_is_waived(at: Scene) -> None:
    office = factories.account(Role.COORDINATOR)
    off = sa.select(Assignment.id).where(Assignment.interpretation_request_id == at.cancelled)
    waive(db.session.scalars(off).one(), office.actor)


def the_client_is_to_be_reminded(at: Scene) -> None:
    at.wanted.reference = CLIENT
    clients.give(SYSTEM, at.wanted.id, "0176 04069002", consents=True, now=NOW)
    clients.remind(at.wanted.id, now=at.wanted.starts_at - timedelta(hours=1))


def a_client_asks_for_help(at: Scene) -> None:
    at.wanted.reference = CLIENT
    clients.give(SYSTEM, at.wanted.id, "0176 04069002", consents=True, now=NOW)
    sms.store("SM1", "+4917604069002", "HELP", "", now=NOW)
    for stored in sms.to_take(NOW):
        sms.take(stored, now=NOW)


def a_client_wants_no_sms(at: Scene) -> None:
    clients.give(SYSTEM, at.wanted.id, "0176 04069002", consents=True, now=NOW)
    sms.store("SM1", "+4917604069002", "STOP", "", now=NOW)
    for stored in sms.to_take(NOW):
        sms.take(stored, now=NOW)


def two_hours_are_left(at: Scene) -> None:
    coming = get(Assignment, at.coming)
    wanted = {Topic.HOURS_BEFORE: Choice.SMS}
    account_id = coming.interpreter.account_id
    hearing.choose(SYSTEM, account_id, wanted, (None, None), now=NOW)
    evening.remind_again(at.coming, now=at.wanted.starts_at - timedelta(hours=2))


def the_morning_before_comes(at: Scene) -> None:
    day_before.ask(at.coming, now=morning_before(at.wanted.starts_at, active().city))


def who_comes_is_late(at: Scene) -> None:
    attendance.late(SYSTEM, at.coming, 20, now=at.wanted.starts_at)


def it_is_over(at: Scene) -> None:
    attendance.say(SYSTEM, at.coming, AssignmentState.COMPLETED, now=at.wanted.ends_at)


def the_client_is_missing(at: Scene) -> None:
    attendance.say(SYSTEM, at.coming, AssignmentState.NO_SHOW_CLIENT, now=at.wanted.ends_at)


def who_was_to_come_is_missing(at: Scene) -> None:
    attendance.say(SYSTEM, at.coming, AssignmentState.NO_SHOW_INTERPRETER, now=at.wanted.ends_at)


ASKED, ALSO = "Asked Beispiel", "Also Beispiel"
CONTACT = "Contact Beispiel, 0176 0406 9002"
COMES, NEW, AGAIN = "Comes Beispiel", "New Beispiel", "Again Beispiel"
BACK, AWAY = "Back Beispiel", "Away Beispiel"
People = dict[Party, tuple[str, ...]]
BOTH: People = {Party.ASKED: (ASKED, ALSO), Party.COMING: (COMES,)}
WHO_ASKED: People = {Party.WHO_ASKED: ("Caseworker",)}
NOT_RACED: People = WHO_ASKED | {Party.ASKED: ()}


def who_comes_says_no_in_the_calendar(scene: Scene) -> None:
    refusal = Conflict("agreed-already", "it does not count")
    answers.tell_not_taken(get(Assignment, scene.coming), refusal, NOW)
    answers.tell_not_taken(get(Offer, scene.question), refusal, NOW)


def who_is_asked_in_the_calendar_declines_elsewhere(scene: Scene) -> None:
    offer = get(Offer, scene.question)
    stands_in_the_calendar(offer, NOW)
    offer_messages.take_entry_out(offer, NOW)


def _writes(scene: Scene, text: str) -> None:
    """Somebody who is asked writes an SMS, from a number nobody else has."""
    asked = get(Offer, scene.question).interpreter
    asked.phone = "+4915111111111"
    db.session.flush()
    sms.store("SM1", asked.phone, text, "", now=NOW)
    for stored in sms.to_take(NOW):
        sms.take(stored, now=NOW)


def an_sms_is_unclear(scene: Scene) -> None:
    _writes(scene, "vielleicht")


def an_sms_asks_for_help(scene: Scene) -> None:
    _writes(scene, "HILFE")


def an_sms_comes_from_a_former_number(scene: Scene) -> None:
    asked = get(Offer, scene.question).interpreter
    former = "+4915111111112"
    to_them = sa.update(Message).where(Message.account_id == asked.account_id)
    db.session.execute(to_them.values(recipient=former))
    sms.store("SM1", former, "JA", "", now=NOW)
    for stored in sms.to_take(NOW):
        sms.take(stored, now=NOW)


def an_sms_comes_too_late(scene: Scene) -> None:
    offer = get(Offer, scene.question)
    offer.answer_by = NOW
    _writes(scene, f"J{codes.give('+4915111111111', f'offer:{offer.id}', NOW)}")


def a_number_is_given(scene: Scene) -> None:
    confirming.ask(get(Offer, scene.question).interpreter.account, "+4915111111111", now=NOW)


def a_calendar_is_broken(scene: Scene) -> None:
    asked = get(Offer, scene.question).interpreter_id
    calendar = PrivateCalendar(
        interpreter_id=asked, name="calendar.example", address="https://calendar.example/a.ics",
        read_at=NOW, error_code="away",
    )  # fmt: skip
    db.session.add(calendar)
    db.session.flush()
    private_calendars.broken(calendar, NOW, NOW)


def sms_do_not_go_out(_scene: Scene) -> None:
    factories.account(Role.COORDINATOR, name=LOOKS_AFTER_IT)
    db.session.add(
        TransportState(
            channel=Channel.SMS, state=Way.DOWN, since=NOW - timedelta(minutes=6), next_try_at=NOW,
            error_code="provider-away",
        )
    )  # fmt: skip
    alarms.look(now=NOW)
    alarms.look(now=NOW)


def sms_go_out_again(_scene: Scene) -> None:
    factories.account(Role.COORDINATOR, name=LOOKS_AFTER_IT)
    db.session.add(
        TransportState(
            channel=Channel.SMS, state=Way.UP, since=NOW, next_try_at=NOW,
            told_at=NOW - timedelta(minutes=6),
        )
    )  # fmt: skip
    alarms.look(now=NOW)
    alarms.look(now=NOW)


def no_worker_ran(_scene: Scene) -> None:
    factories.account(Role.COORDINATOR, name=LOOKS_AFTER_IT)
    alarms.say_it_stood_still(NOW - timedelta(days=3), NOW, questions=2, begun=1, now=NOW)


LOOKS_AFTER_IT = "Dana Beispiel"
CLIENT = "DO-2027-CLIENT"
OCCASIONS: list[tuple[Event, Callable[[Scene], None], People]] = [
    (Event.REQUEST_SENT_IN, somebody_asks, WHO_ASKED),
    (Event.REQUEST_TO_REVIEW, the_office_is_to_look_first, WHO_ASKED),
    (Event.APPROVED, the_office_approves, WHO_ASKED),
    (Event.REFUSED, the_office_refuses, WHO_ASKED),
    (Event.OFFER_MADE, somebody_is_asked, {Party.ASKED: (NEW,)}),
    (Event.SEVERAL_ASKED, several_are_asked_at_once, {Party.ASKED: (NEW,)}),
    (Event.INTEREST_ASKED, several_are_asked_whether_they_could, {Party.ASKED: (NEW,)}),
    (Event.CHOSEN, who_could_come_is_chosen, {Party.ASKED: (ALSO,)}),
    (Event.NOT_CHOSEN, who_could_come_is_not_chosen, {Party.ASKED: (ALSO,)}),
    (Event.OFFER_OVERTAKEN, who_is_asked_comes_elsewhere, {Party.ASKED: (COMES,)}),
    (Event.OFFER_HALF_TIME, half_the_time_is_gone, {Party.ASKED: (ASKED,)}),
    (Event.OFFER_RAN_OUT, the_time_is_over, {Party.ASKED: (ASKED,)}),
    (Event.OFFER_WITHDRAWN, the_office_takes_it_back, {Party.ASKED: (ASKED,)}),
    (Event.DECLINED, a_no, {}),
    (Event.ACCEPTED, a_yes, NOT_RACED | {Party.COMING: (ASKED,)}),
    (Event.ACCEPTED, it_is_agreed_by_telephone, NOT_RACED | {Party.COMING: (NEW,)}),
    (
        Event.ACCEPTED,
        somebody_else_is_first,
        WHO_ASKED | {Party.COMING: (ALSO,), Party.ASKED: (ASKED,)},
    ),
    (Event.ROUND_RAN_OUT, the_only_one_says_no, WHO_ASKED),
    (Event.WAY_TO_APPROVE, a_long_way_is_put_to_the_office, {}),
    (Event.WAY_NOT_APPROVED, a_long_way_is_refused, {}),
    (Event.AGENCY_NEXT, the_pool_is_asked_and_an_agency_is_next, {}),
    (
        Event.AGENCY_COMES,
        an_agency_sends_somebody,
        WHO_ASKED,
    ),
    (Event.AGENCY_OFF, the_agency_sends_nobody_after_all, WHO_ASKED),
    (Event.STILL_OPEN, the_day_comes_near, WHO_ASKED),
    (Event.QUESTION_TO_WHO_ASKED, the_office_asks_whether_it_may_be_otherwise, WHO_ASKED),
    (Event.NOT_FILLED, the_start_passes, WHO_ASKED),
    (Event.CANCELLED_BY_WHO_ASKED, who_asked_cancels, BOTH),
    (Event.CANCELLED_BY_COLLEAGUE, a_colleague_cancels, BOTH | WHO_ASKED),
    (Event.CANCELLED_BY_OFFICE, the_office_cancels, BOTH | WHO_ASKED),
    (Event.WITHDRAWN, who_comes_cannot, WHO_ASKED | {Party.COMING: (COMES,)}),
    (Event.UNDONE, it_takes_place_after_all, WHO_ASKED | {Party.COMING: (BACK,)}),
    (Event.CHANGED_TO_KNOW, another_room, {Party.COMING: (COMES,)}),
    (Event.CHANGED, an_hour_later, BOTH | WHO_ASKED),
    (Event.CHANGED_WITHOUT, it_must_be_a_woman, BOTH | WHO_ASKED),
    (Event.CHANGE_HALF_TIME, half_the_time_to_agree_is_gone, {Party.COMING: (AGAIN,)}),
    (Event.RECONFIRMED, a_yes_to_the_change, WHO_ASKED | {Party.COMING: (AGAIN,)}),
    (Event.NOT_RECONFIRMED, a_no_to_the_change, WHO_ASKED | {Party.COMING: (AGAIN,)}),
    (Event.NOT_RECONFIRMED, silence_about_the_change, WHO_ASKED | {Party.COMING: (AGAIN,)}),
    (Event.RELEASED, the_office_releases, WHO_ASKED | {Party.COMING: (COMES,)}),
    (Event.ABSENCE_SAVED, who_is_asked_is_away, {Party.ASKED: (ASKED,)}),
    (Event.ABSENCE_QUESTION, the_office_asks_who_is_away, {Party.COMING: (AWAY,)}),
    (Event.ABSENCE_STAYS, it_stays_with_who_is_away, {Party.COMING: (AWAY,)}),
    (Event.SHARED, who_shares_a_talk_comes, {Party.COMING: ("Half Beispiel",)}),
    (Event.EVENING_BEFORE, the_evening_comes, {Party.COMING: (COMES,)}),
    (Event.HOURS_BEFORE, two_hours_are_left, {Party.COMING: (COMES,)}),
    (Event.DAY_BEFORE, the_morning_before_comes, {Party.COMING: (COMES,)}),
    (Event.LATE, who_comes_is_late, WHO_ASKED | {Party.CONTACT_ON_SITE: (CONTACT,)}),
    (Event.FINISHED, it_is_over, WHO_ASKED | {Party.COMING: (COMES,)}),
    (Event.NO_SHOW_OF_CLIENT, the_client_is_missing, WHO_ASKED | {Party.COMING: (COMES,)}),
    (
        Event.ANSWER_NOT_TAKEN,
        who_comes_says_no_in_the_calendar,
        {Party.COMING: (COMES,), Party.ASKED: (ASKED,)},
    ),
    (Event.SMS_UNCLEAR, an_sms_is_unclear, {Party.WHO_WROTE: (ASKED,)}),
    (Event.SMS_HELP, an_sms_asks_for_help, {Party.WHO_WROTE: (ASKED,)}),
    (Event.SMS_OF_FORMER_NUMBER, an_sms_comes_from_a_former_number, {Party.WHO_WROTE: (ASKED,)}),
    (Event.SMS_OF_CLIENT, a_client_asks_for_help, {Party.WHO_WROTE: (CLIENT,)}),
    (Event.CLIENT_STOPS, a_client_wants_no_sms, WHO_ASKED),
    (Event.SMS_NOT_TAKEN, an_sms_comes_too_late, {Party.WHO_WROTE: (ASKED,)}),
    (Event.NUMBER_TO_CONFIRM, a_number_is_given, {Party.OWNER: (ASKED,)}),
    (Event.PRIVATE_CALENDAR_BROKEN, a_calendar_is_broken, {Party.OWNER: (ASKED,)}),
    (Event.CLIENT_REMINDER, the_client_is_to_be_reminded, {Party.CLIENT: (CLIENT,)}),
    (Event.SMS_DOWN, sms_do_not_go_out, {Party.LOOKS_AFTER_IT: (LOOKS_AFTER_IT,)}),
    (Event.STOOD_STILL, no_worker_ran, {Party.LOOKS_AFTER_IT: (LOOKS_AFTER_IT,)}),
    (Event.SMS_UP, sms_go_out_again, {Party.LOOKS_AFTER_IT: (LOOKS_AFTER_IT,)}),
    (Event.FEE_WAIVED, what_is_owed_is_waived, {Party.COMING: (BACK,)}),
    (Event.ENTRY_OVER, who_is_asked_in_the_calendar_declines_elsewhere, {Party.ASKED: (ASKED,)}),
    (
        Event.NO_SHOW_OF_INTERPRETER,
        who_was_to_come_is_missing,
        WHO_ASKED | {Party.COMING: (COMES,)},
    ),
]
