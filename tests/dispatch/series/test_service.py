"""A series from asking to swapping: what is named changes, what is not named is not touched."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.amendments import queries as changed_terms
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.availability.models import Absence
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.clock import at_place
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal, Several
from dispatch.interpreters.models import Interpreter
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.proposals import service as planning
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.series import changing, giving, queries, service
from dispatch.series.ability import How
from dispatch.series.giving import Gift
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice, Rhythm, Scope
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
FIRST = date(2027, 3, 9)
WEEK = timedelta(weeks=1)
WHY = Reasons(office="is on a course", told="")


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code
    db.session.rollback()


def asked(
    count: int = 20, *, start: str = "10:00", first: date = FIRST, apart: timedelta = WEEK
) -> tuple[Series, Account]:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        details = RequestDetails(
            language="ro",
            site_id=factories.site().id,
            wall_start=datetime.fromisoformat(f"{first} {start}"),
            duration_minutes=60,
            setting="school",
            room="101",
            is_urgent=True,
        )
        days = [first + n * apart for n in range(count)]
        series = service.ask(
            caseworker.actor, caseworker, details, days, rhythm=Rhythm.WEEKLY, now=NOW
        )
    deliver_all()
    return series, caseworker


def somebody(name: str) -> Interpreter:
    with transaction():
        return factories.interpreter(name=name)


def give(
    series: Series,
    who: Interpreter,
    number: int = 1,
    scope: Scope = Scope.ALL,
    *,
    how: How = How.ASSIGN,
    instead_of: Interpreter | None = None,
) -> service.Outcome:
    gift = Gift(who.id, how, instead_of.id if instead_of else None, WHY)
    with transaction():
        return giving.give(SYSTEM, series.id, Choice(number, scope), gift, now=NOW)


def cancel(series: Series, by: Account, number: int, scope: Scope) -> service.Outcome:
    with transaction():
        return service.cancel(
            by.actor, series.id, Choice(number, scope), reasons=Reasons(told="moved"), now=NOW
        )


def change(
    series: Series, by: Account, number: int, scope: Scope, **differently: object
) -> service.Outcome:
    details = replace(details_of(request_of(series, number)), **differently)  # type: ignore[arg-type]
    with transaction():
        return changing.amend(by.actor, series.id, Choice(number, scope), details, now=NOW)


def request_of(series: Series, number: int) -> InterpretationRequest:
    [one] = [one for one in queries.dates_of(series.id) if one.number == number]
    return one.interpretation_request


def who_comes(series: Series) -> dict[int, str]:
    """Return the first names of who comes, by the number of the date."""
    found = queries.standing(queries.dates_of(series.id))
    return {one.date.number: one.coming[0].interpreter.first_name for one in found if one.coming}


def walls(series: Series) -> list[str]:
    return [
        f"{at_place(one.starts_at, 'Europe/Berlin'):%H:%M}" for one in queries.dates_of(series.id)
    ]


def everything_of(numbers: range, series: Series) -> list[tuple[object, ...]]:
    """Return ids, terms, people and invitations of these dates, to see that none was touched."""
    rows = db.session.execute(
        sa.select(
            SeriesDate.number,
            InterpretationRequest.id,
            InterpretationRequest.version,
            InterpretationRequest.starts_at,
            InterpretationRequest.room,
            Assignment.id,
            Assignment.version,
            Assignment.interpreter_id,
            Invitation.uid,
            Invitation.sequence,
        )
        .join(SeriesDate.interpretation_request)
        .join(Assignment, Assignment.interpretation_request_id == InterpretationRequest.id)
        .join(Invitation, Invitation.assignment_id == Assignment.id)
        .where(SeriesDate.series_id == series.id, SeriesDate.number.in_(numbers))
        .order_by(SeriesDate.number, Assignment.id)
    )
    return [tuple(row) for row in rows]


def told_during(before: int) -> Counter[tuple[str, str, str]]:
    """Return how many messages in words each person got by each way; entries are not counted."""
    return Counter(
        (one.recipient_name, one.channel, one.name)
        for one in written()[before:]
        if one.calendar_method is None
    )


def test_ten_oclock_stays_ten_oclock_across_both_clock_changes() -> None:
    series, caseworker = asked(40)
    assert walls(series) == ["10:00"] * 40
    offsets = {
        at_place(one.starts_at, "Europe/Berlin").utcoffset() for one in queries.dates_of(series.id)
    }
    assert len(offsets) == 2
    change(series, caseworker, 3, Scope.ONE, wall_start=datetime(2027, 3, 23, 14))
    change(series, caseworker, 30, Scope.ONE, wall_start=datetime(2027, 9, 28, 15))
    change(series, caseworker, 1, Scope.ALL, wall_start=datetime(2027, 3, 9, 11))
    assert Counter(walls(series)) == {"11:00": 38, "14:00": 1, "15:00": 1}


def test_who_asks_for_twenty_dates_gets_one_receipt() -> None:
    asked()
    [receipt] = written()
    assert receipt.name == "request_received_several"
    assert "20" in receipt.subject


def test_a_time_that_one_day_does_not_have_is_refused_with_that_day_and_nothing_is_stored() -> None:
    with pytest.raises(Several) as refused:
        asked(4, start="02:30", first=date(2027, 3, 14))
    assert "28 March 2027" in str(refused.value)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(InterpretationRequest.id))) == 0


def test_dates_that_were_asked_for_already_are_a_question() -> None:
    series, caseworker = asked(3)
    details = details_of(request_of(series, 1))
    with refused("asked-already"), transaction():
        service.ask(caseworker.actor, caseworker, details, [FIRST, FIRST + 5 * WEEK], now=NOW)


def test_one_person_is_assigned_to_all_dates_and_hears_of_them_once() -> None:
    series, caseworker = asked()
    mira, before = somebody("Mira"), len(written())
    outcome = give(series, mira)
    assert len(outcome.done) == 20
    assert who_comes(series) == dict.fromkeys(range(1, 21), "Mira")
    told = told_during(before)
    assert max(told.values()) == 1
    assert {(who, channel) for who, channel, _name in told} == {
        ("Mira Beispiel", "email"),
        ("Mira Beispiel", "sms"),
        (caseworker.name, "email"),
    }
    entries = [one for one in written()[before:] if one.calendar_method]
    assert len(entries) == 20
    uids = list(db.session.scalars(sa.select(Invitation.uid)))
    assert len(set(uids)) == 20


def test_dates_she_cannot_come_to_are_named_and_stay_open() -> None:
    series, _caseworker = asked(4)
    mira = somebody("Mira")
    with transaction():
        starts_at = request_of(series, 2).starts_at
        mira.availability.absences.append(
            Absence(starts_at=starts_at, ends_at=starts_at + timedelta(days=1))
        )
        factories.coming(factories.asked(start=datetime(2027, 3, 23, 10)), mira)
    outcome = give(series, mira)
    assert [one.number for one in outcome.done] == [1, 4]
    assert [(one.number, str(why)) for one, why in outcome.left] == [
        (2, "is away at this time"),
        (3, "At this time there is another assignment already."),
    ]
    assert who_comes(series) == {1: "Mira", 4: "Mira"}
    assert request_of(series, 2).state == RequestState.OPEN


def test_nobody_is_given_anything_where_she_can_come_to_none() -> None:
    series, _caseworker = asked(2)
    with transaction():
        turkish = factories.interpreter("tr", name="Ece")
    with pytest.raises(Conflict) as refused:
        give(series, turkish)
    assert "language" in str(refused.value)


def test_instance_seven_of_twenty_is_cancelled_and_no_other() -> None:
    series, caseworker = asked()
    give(series, somebody("Mira"))
    before = everything_of(range(1, 7), series) + everything_of(range(8, 21), series)
    cancel(series, caseworker, 7, Scope.ONE)
    assert request_of(series, 7).state == RequestState.CANCELLED
    assert everything_of(range(1, 7), series) + everything_of(range(8, 21), series) == before
    assert 7 not in who_comes(series)


def test_this_and_following_from_week_twelve_change_their_time_and_the_others_nothing() -> None:
    series, caseworker = asked()
    give(series, somebody("Mira"))
    deliver_all()
    before, written_before = everything_of(range(1, 12), series), len(written())
    change(series, caseworker, 12, Scope.FOLLOWING, wall_start=datetime(2027, 5, 25, 11))
    assert walls(series) == ["10:00"] * 11 + ["11:00"] * 9
    assert everything_of(range(1, 12), series) == before
    again = everything_of(range(12, 21), series)
    assert [row[-1] for row in again] == [1] * 9
    assert max(told_during(written_before).values()) == 1
    states = db.session.scalars(sa.select(Assignment.state))
    assert Counter(states) == {AssignmentState.CONFIRMED: 11, AssignmentState.TO_RECONFIRM: 9}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_dates_that_change_are_one_mail_and_one_sms_with_one_link_for_both() -> None:
    series, caseworker = asked(2)
    give(series, somebody("Mira"))
    deliver_all()
    before = len(written())
    change(series, caseworker, 1, Scope.ALL, wall_start=datetime(2027, 3, 9, 11))
    to_her = [one for one in written()[before:] if one.recipient_name == "Mira Beispiel"]
    mail, *entries = [one for one in to_her if one.channel == "email"]
    [sms] = [one for one in to_her if one.channel == "sms"]
    assert mail.calendar_method is None
    assert mail.body.count("/c/") == sms.body.count("/c/") == 1
    assert re.search(r"/c/[\w-]+/all", mail.body)
    assert mail.body.count("10:00–11:00") == mail.body.count("11:00–12:00") == 2
    assert [one.calendar_method for one in entries] == ["REQUEST", "REQUEST"]
    for entry in entries:
        assert mail.subject in entry.body
        assert "/c/" not in entry.body


def test_who_does_not_answer_about_changed_dates_hears_it_once(frozen_clock: FrozenClock) -> None:
    series, caseworker = asked(4)
    give(series, somebody("Mira"))
    deliver_all()
    change(series, caseworker, 1, Scope.ALL, wall_start=datetime(2027, 3, 9, 11))
    deliver_all()
    [due] = set(
        db.session.scalars(sa.select(Confirmation.answer_by).where(Confirmation.answer.is_(None)))
    )
    assert due
    frozen_clock.move_to(due)
    before = len(written())
    for question_id in changed_terms.due(due):
        with transaction():
            amendments.expire(question_id, now=due)
    assert told_during(before) == {
        ("Mira Beispiel", "email", "terms_not_agreed_several"): 1,
        (caseworker.name, "email", "interpreter_lost_several"): 1,
    }


def test_one_week_is_swapped_and_the_next_week_is_hers_again() -> None:
    series, _caseworker = asked(6)
    mira, ana = somebody("Mira"), somebody("Ana")
    give(series, mira)
    deliver_all()
    before, written_before = everything_of(range(4, 7), series), len(written())
    give(series, ana, 3, Scope.ONE, instead_of=mira)
    assert who_comes(series) == dict.fromkeys((1, 2, 4, 5, 6), "Mira") | {3: "Ana"}
    assert everything_of(range(4, 7), series) == before
    assert max(told_during(written_before).values()) == 1
    [to_who_asked] = [one for one in written()[written_before:] if one.name == "interpreter_found"]
    assert "Ana will come and interpret. Mira does not come any more." in to_who_asked.body
    assert {one.regular_interpreter_id for one in queries.dates_of(series.id)} == {mira.id}
    give(series, mira, 3, Scope.ONE, instead_of=ana)
    assert who_comes(series) == dict.fromkeys(range(1, 7), "Mira")


def test_from_week_four_on_somebody_else_comes_as_a_rule() -> None:
    series, _caseworker = asked(6)
    mira, ana = somebody("Mira"), somebody("Ana")
    give(series, mira)
    give(series, ana, 4, Scope.FOLLOWING, instead_of=mira)
    assert list(who_comes(series).values()) == ["Mira"] * 3 + ["Ana"] * 3
    ids = [request_of(series, number).id for number in (2, 5)]
    assert queries.regulars(ids) == {ids[0]: {mira.id}, ids[1]: {ana.id}}


def test_a_plan_sends_somebody_else_where_the_office_released_who_comes_as_a_rule() -> None:
    series, _caseworker = asked(3)
    ana = somebody("Ana")
    mira = somebody("Mira")
    give(series, mira)
    open_one = request_of(series, 2)
    with transaction():
        [assignment] = assignments.live(open_one)
        cancellations.release(SYSTEM, assignment.id, reasons=WHY, now=NOW)
    before = everything_of(range(1, 2), series) + everything_of(range(3, 4), series)
    made = planning.compute(Horizon(open_one.day, open_one.day, "Europe/Berlin"), now=NOW)
    with transaction():
        proposal = planning.store(SYSTEM, made, now=NOW)
        adopted = planning.adopt(SYSTEM, proposal.id, None, zone_name="Europe/Berlin", now=NOW)
    assert [offer.interpreter_id for offer in adopted.offers] == [ana.id]
    assert everything_of(range(1, 2), series) + everything_of(range(3, 4), series) == before


def test_who_cannot_take_over_leaves_the_date_to_who_comes() -> None:
    series, _caseworker = asked(3)
    mira, ana = somebody("Mira"), somebody("Ana")
    give(series, mira)
    with transaction():
        factories.coming(factories.asked(start=datetime(2027, 3, 16, 10)), ana)
    outcome = give(series, ana, instead_of=mira)
    assert [one.number for one, _why in outcome.left] == [2]
    assert who_comes(series) == {1: "Ana", 2: "Mira", 3: "Ana"}


def test_nobody_hears_that_somebody_is_gone_who_was_never_announced() -> None:
    series, _caseworker = asked(3)
    mira, ana = somebody("Mira"), somebody("Ana")
    give(series, mira)
    give(series, ana, how=How.OFFER, instead_of=mira)
    assert [one for one in written() if one.name.startswith("interpreter_lost")] == []
    deliver_all()
    found = [one for one in written() if one.name.startswith("interpreter_found")]
    assert {one.state for one in found} == {"settled"}


def test_who_was_announced_and_is_replaced_twice_at_once_is_said_not_to_come() -> None:
    series, _caseworker = asked(3)
    mira, ana, eva = somebody("Mira"), somebody("Ana"), somebody("Eva")
    give(series, mira)
    deliver_all()
    give(series, ana, instead_of=mira)
    give(series, eva, how=How.OFFER, instead_of=ana)
    [lost] = written("interpreter_lost_several")
    assert lost.body.count("Mira") == 3
    assert "Ana" not in lost.body


def said_of_who_comes() -> list[tuple[str, str]]:
    """What those who asked have got of who comes and who does not: subject and text, in order."""
    about = ("interpreter_found", "interpreter_lost", "interpreter_withdrawn")
    sent = [one for one in written() if one.state == "sent" and one.channel == "email"]
    return [(one.subject, one.body) for one in sent if one.name.startswith(about)]


@pytest.mark.parametrize("gone", ["release", "withdraw"])
def test_what_was_never_announced_falls_away_without_a_word(gone: str) -> None:
    series, _caseworker = asked(3)
    mira = somebody("Mira")
    give(series, mira)
    with transaction():
        for number in (1, 2, 3):
            [one] = assignments.live(request_of(series, number))
            if gone == "release":
                cancellations.release(SYSTEM, one.id, reasons=WHY, now=NOW)
            else:
                withdrawing.withdraw(SYSTEM, one.id, reasons=WHY, now=NOW)
    deliver_all()
    assert said_of_who_comes() == []


def test_of_several_announced_together_the_one_that_falls_away_before_is_left_out() -> None:
    series, _caseworker = asked(3)
    give(series, somebody("Mira"))
    with transaction():
        [one] = assignments.live(request_of(series, 2))
        cancellations.release(SYSTEM, one.id, reasons=WHY, now=NOW)
    deliver_all()
    [found] = said_of_who_comes()
    assert found[1].count("Mira") == 2


def test_a_series_given_away_and_back_before_anybody_read_it_is_no_news() -> None:
    series, _caseworker = asked(3)
    gia, gela = somebody("Gia"), somebody("Gela")
    give(series, gia)
    deliver_all()
    before = said_of_who_comes()
    give(series, gela, instead_of=gia)
    give(series, gia, instead_of=gela)
    deliver_all()
    assert said_of_who_comes() == before
    give(series, gela, instead_of=gia)
    deliver_all()
    [now] = said_of_who_comes()[len(before) :]
    assert now[1].count("Gia") == now[1].count("Gela") == 3


def test_a_date_given_back_alone_before_it_was_said_is_no_news_beside_the_others() -> None:
    series, _caseworker = asked(3)
    gia, gela = somebody("Gia"), somebody("Gela")
    give(series, gia)
    deliver_all()
    give(series, gela, instead_of=gia)
    give(series, gia, 2, Scope.ONE, instead_of=gela)
    deliver_all()
    [_first, gela_comes] = said_of_who_comes()
    assert gela_comes[1].count("Gela") == 2


def test_where_somebody_is_announced_at_another_time_than_before_it_is_said() -> None:
    series, caseworker = asked(1)
    gia = somebody("Gia")
    give(series, gia)
    deliver_all()
    with transaction():
        [one] = assignments.live(request_of(series, 1))
        cancellations.release(SYSTEM, one.id, reasons=WHY, now=NOW)
    with transaction():
        later = replace(details_of(request_of(series, 1)), wall_start=datetime(2027, 3, 9, 12))
        amendments.amend(caseworker.actor, request_of(series, 1).id, later, now=NOW)
    give(series, gia)
    deliver_all()
    [_before, again] = said_of_who_comes()
    assert "12:00" in again[1]


def test_a_receipt_that_waited_until_somebody_comes_is_not_sent_but_is_when_nobody_does() -> None:
    with transaction():
        anna = factories.account(of=factories.organisation())
        details = RequestDetails(
            language="ro",
            site_id=factories.site().id,
            wall_start=datetime(2027, 3, 15, 10),
            duration_minutes=60,
            setting="school",
        )
        wanted = requests.submit(anna.actor, anna, details, now=NOW)
    mira = somebody("Mira")
    with transaction():
        offers.assign(SYSTEM, wanted.id, mira.id, now=NOW)
    assert [one.state for one in written("request_received")] == ["settled"]
    assert [one.state for one in written("interpreter_found")] == ["queued"]
    with transaction():
        [one] = assignments.live(wanted)
        cancellations.release(SYSTEM, one.id, reasons=WHY, now=NOW)
    deliver_all()
    assert [one.state for one in written("request_received")] == ["settled", "sent"]
    assert [one.state for one in written("interpreter_found")] == ["settled"]
    assert written("interpreter_lost") == []


def test_a_series_offered_is_asked_with_one_message_and_one_deadline() -> None:
    series, _caseworker = asked(5, first=date(2027, 3, 4))
    mira, before = somebody("Mira"), len(written())
    give(series, mira, how=How.OFFER)
    assert told_during(before) == {
        ("Mira Beispiel", "email", "offer_several"): 1,
        ("Mira Beispiel", "sms", "offer_several"): 1,
    }
    assert len(set(db.session.scalars(sa.select(Offer.answer_by)))) == 1


def test_what_is_cancelled_cannot_be_cancelled_twice() -> None:
    series, caseworker = asked(3)
    cancel(series, caseworker, 1, Scope.ALL)
    before = len(written())
    with refused("date-over"):
        cancel(series, caseworker, 1, Scope.ALL)
    assert len(written()) == before


def test_a_cancelled_series_comes_back_with_the_same_person() -> None:
    series, caseworker = asked(3)
    give(series, somebody("Mira"))
    cancel(series, caseworker, 2, Scope.FOLLOWING)
    assert who_comes(series) == {1: "Mira"}
    with transaction():
        service.undo(caseworker.actor, series.id, Choice(2, Scope.FOLLOWING), now=NOW)
    assert who_comes(series) == dict.fromkeys((1, 2, 3), "Mira")


def test_who_had_not_agreed_to_the_change_is_asked_again_when_dates_take_place_after_all() -> None:
    series, caseworker = asked(4)
    give(series, somebody("Mira"))
    change(series, caseworker, 2, Scope.FOLLOWING, wall_start=datetime(2027, 3, 16, 14))
    cancel(series, caseworker, 3, Scope.FOLLOWING)
    deliver_all()
    before = len(written())
    with transaction():
        done = service.undo(caseworker.actor, series.id, Choice(3, Scope.FOLLOWING), now=NOW)
    deliver_all()
    assert {one.number: len(back.asked) for one, back in done.back} == {3: 1, 4: 1}
    assert told_during(before)["Mira Beispiel", "email", "offer_several"] == 1


def test_what_was_not_shown_is_not_done() -> None:
    series, caseworker = asked(3)
    shown = service.digest(queries.dates_of(series.id))
    change(series, caseworker, 2, Scope.ONE, room="7")
    with refused("changed-meanwhile"), transaction():
        service.cancel(
            caseworker.actor,
            series.id,
            Choice(1, Scope.ALL),
            reasons=Reasons(told="moved"),
            now=NOW,
            seen=shown,
        )
    assert request_of(series, 1).state == RequestState.OPEN


def test_a_series_of_another_organisation_is_not_there() -> None:
    series, caseworker = asked(2)
    with transaction():
        stranger = factories.account(of=factories.organisation("Klinik"))
    assert queries.find(caseworker, series.id).id == series.id
    with refused("not-found"):
        queries.find(stranger, series.id)


def test_nobody_waits_who_is_not_concerned() -> None:
    series, caseworker = asked(4)
    mira = somebody("Mira")
    give(series, mira)
    cancel(series, caseworker, 3, Scope.FOLLOWING)
    live = db.session.scalars(sa.select(Assignment).where(Assignment.state.in_(TO_COME))).all()
    assert len(live) == 2


def test_nobody_is_given_more_dates_than_she_may_work_in_a_week() -> None:
    series, _caseworker = asked(5, apart=timedelta(days=1))
    mira = somebody("Mira")
    with transaction():
        mira.maximum_minutes_per_week = 150
    outcome = give(series, mira)
    assert [one.number for one in outcome.done] == [1, 2]
    [why] = {str(why) for _date, why in outcome.left}
    assert why == "would work 30 min more than allowed in the week"


def test_nobody_is_given_a_date_on_a_day_that_is_full() -> None:
    series, _caseworker = asked(1)
    mira = somebody("Mira")
    with transaction():
        mira.maximum_minutes_per_day = 100
        factories.coming(factories.asked(start=datetime(2027, 3, 9, 15)), mira)
    with pytest.raises(Conflict, match="would work 20 min more than allowed on the day"):
        give(series, mira)


def test_of_a_change_of_several_nothing_is_said_of_those_cancelled_before_it_left() -> None:
    series, caseworker = asked(4)
    give(series, somebody("Mira"))
    deliver_all()
    change(series, caseworker, 2, Scope.FOLLOWING, wall_start=datetime(2027, 3, 16, 13))
    cancel(series, caseworker, 3, Scope.FOLLOWING)
    before = len([one for one in written() if one.state == "sent"])
    deliver_all()
    news = [one for one in written() if one.state == "sent"][before:]
    gone = [request_of(series, number).reference for number in (3, 4)]
    assert not any(f"{one}: " in message.body for one in gone for message in news)
    asked_again = [one for one in news if one.name.startswith("assignment_asked_again")]
    assert {one.name for one in asked_again} == {"assignment_asked_again"}
    assert all("23.03" not in one.body and "30.03" not in one.body for one in asked_again)
