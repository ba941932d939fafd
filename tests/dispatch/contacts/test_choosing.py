"""What people choose about being told, when they rest, and what they hear all the same."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments import messages, reminding
from dispatch.assignments.models import Assignment
from dispatch.cities import named
from dispatch.contacts import choosing, service
from dispatch.contacts.choosing import ALLOWED, TOPICS, Choice, Topic
from dispatch.contacts.hearing import TABLE, Event, Party
from dispatch.database import db, get, transaction
from dispatch.engine import jobs
from dispatch.errors import Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import rules
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import Channel, MessageState
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.dispatch.messaging.outbox import row
from tests.factories import NOW

needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AS_CITY = (None, None)
DORTMUND = named("dortmund")


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


NIGHT = utc(3, 1, 22, 30)
"""Half past eleven in the evening in Dortmund."""
MORNING = utc(3, 2, 6)
"""When quiet hours are over: seven o'clock there."""


def coming(hours: float = 24) -> Assignment:
    start = factories.hours_later(factories.TOMORROW_TEN, hours - 24)
    return factories.coming(factories.asked(start=start), factories.interpreter(name="Mira"))


def choose(assignment: Assignment, *quiet: time, **choices: Choice) -> None:
    wanted = {Topic(topic): choice for topic, choice in choices.items()}
    account = assignment.interpreter.account
    service.choose(
        account.actor, account.id, wanted, (quiet[0], quiet[1]) if quiet else AS_CITY, now=NOW
    )


def heard(name: str) -> list[str]:
    return [one.channel for one in written(name)]


def test_nothing_that_asks_or_changes_something_can_be_switched_off() -> None:
    may_be_off = {topic for topic, choices in ALLOWED.items() if Choice.NONE in choices}
    assert may_be_off == {Topic.EVENING_BEFORE, Topic.HOURS_BEFORE, Topic.RECEIPTS}
    messages_known = {hears.message for line in TABLE.values() for hears in line.tells.values()}
    assert set(TOPICS) <= messages_known


def test_without_a_choice_everybody_hears_what_the_table_says() -> None:
    for event, line in TABLE.items():
        for hears in line.tells.values():
            by_table = [choosing.CHANNEL_OF_WAY[way] for way in hears.ways]
            if event != Event.HOURS_BEFORE:  # off until it is wanted
                assert choosing.channels(hears, choosing.NO_WISHES, urgent=True) == by_table


def test_a_mail_instead_of_sms_is_no_choice_for_what_is_urgent() -> None:
    offer = TABLE[Event.OFFER_MADE].tells[Party.ASKED]
    wishes = choosing.Wishes({Topic.QUESTIONS: Choice.MAIL})
    assert choosing.channels(offer, wishes, urgent=False) == [Channel.EMAIL]
    assert choosing.channels(offer, wishes, urgent=True) == [Channel.EMAIL, Channel.SMS]


@pytest.mark.parametrize(
    ("begin", "end", "kept"),
    [
        (None, None, ""),
        (time(20), time(9), "20:00-09:00"),
        (time(13), time(15, 30), "13:00-15:30"),
        (time(18), time(8), "18:00-08:00"),
    ],
)
def test_quiet_hours_are_kept_as_they_were_given(
    begin: time | None, end: time | None, kept: str
) -> None:
    assert choosing.quiet_hours(begin, end) == kept


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        (time(20), None, "quiet_until"),
        (None, time(7), "quiet_from"),
        (time(7), time(7), "quiet_until"),
        (time(17), time(8), "quiet_until"),
    ],
)
def test_half_endless_and_too_long_quiet_hours_are_refused(
    begin: time | None, end: time | None, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        choosing.quiet_hours(begin, end)
    assert refused.value.field == field


def test_a_choice_a_topic_does_not_have_is_refused() -> None:
    with pytest.raises(Refusal):
        choosing.require_offered({Topic.DAY_BEFORE: Choice.NONE})


@pytest.mark.parametrize(
    ("at", "until", "urgent", "out"),
    [
        (NIGHT, None, False, MORNING),
        (NIGHT, None, True, NIGHT),
        (NIGHT, MORNING + timedelta(hours=1), True, NIGHT),
        (NIGHT, MORNING + timedelta(hours=3), True, MORNING),
        (MORNING, None, False, MORNING),
        # the night the clocks go forward, and the one they go back
        (datetime(2027, 3, 27, 22, tzinfo=UTC), None, False, datetime(2027, 3, 28, 5, tzinfo=UTC)),
        (
            datetime(2027, 10, 30, 22, tzinfo=UTC),
            None,
            False,
            datetime(2027, 10, 31, 6, tzinfo=UTC),
        ),
    ],
)
def test_at_night_only_what_is_urgent_and_cannot_wait_goes_out(
    at: datetime, until: datetime | None, urgent: bool, out: datetime
) -> None:
    assert rules.quiet_until("21:00-07:00", until, at, DORTMUND, urgent=urgent) == out


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)]
)
@pytest.mark.parametrize(
    "quiet",
    ["21:00-07:00", "22:00-02:30", "01:00-02:30", "02:15-02:45", "02:30-08:00", "00:00-03:00"],
)
def test_through_the_days_on_which_clocks_change_nothing_that_can_wait_leaves_in_quiet_hours(
    day: datetime, quiet: str
) -> None:
    begin, end = choosing.as_hours(quiet) or (time(), time())

    def is_quiet(at: datetime) -> bool:
        wall = at.astimezone(DORTMUND.zone).time()
        return begin <= wall < end if begin < end else wall >= begin or wall < end

    for minutes in range(-12 * 60, 36 * 60, 5):
        at = day + timedelta(minutes=minutes)
        out = rules.quiet_until(quiet, None, at, DORTMUND, urgent=False)
        assert at <= out <= at + choosing.LONGEST_REST
        assert not is_quiet(out)
        assert (out == at) is not is_quiet(at)
        assert rules.quiet_until(quiet, None, at, DORTMUND, urgent=True) == at


@needs_a_database
@on_sqlite
def test_the_evening_reminder_comes_by_mail_or_not_at_all_as_was_chosen() -> None:
    for choice, channels in (
        (Choice.MAIL, [Channel.EMAIL]),
        (Choice.NONE, []),
        (Choice.SMS, [Channel.SMS]),
    ):
        with transaction():
            one = coming()
            choose(one, evening_before=choice)
        before = len(written())
        with transaction():
            reminding.remind(one.id, now=one.starts_at - timedelta(hours=15))
        assert [told.channel for told in written()[before:]] == channels
    (mail,) = written("instead_of_sms")
    assert mail.subject.startswith("Reminder: assignment 1,")
    assert "you want e-mails about this" in mail.body


@needs_a_database
@on_sqlite
def test_two_hours_before_only_who_wants_it_and_agreed_in_time_is_reminded_once() -> None:
    with transaction():
        wants, silent = coming(), coming()
        choose(wants, hours_before=Choice.SMS)
        late = coming()
        late.confirmed_at = late.starts_at - timedelta(hours=3)
    at = wants.starts_at - timedelta(hours=2)
    assert reminding.to_remind_again(at - timedelta(minutes=1)) == []
    assert set(reminding.to_remind_again(at)) == {wants.id, silent.id}
    assert reminding.to_remind_again(wants.starts_at - timedelta(minutes=30)) == []
    for _twice in range(2):
        for one in (wants, silent):
            with transaction():
                reminding.remind_again(one.id, now=at)
    assert reminding.to_remind_again(at) == []
    assert heard("assignment_soon") == [Channel.SMS]


def _reminder(assignment: Assignment, at: datetime, *, urgent: bool = False) -> int:
    with transaction():
        messages.tell(
            Event.RELEASED if urgent else Event.EVENING_BEFORE, assignment, now=at, urgent=urgent
        )
    return written("assignment_released" if urgent else "assignment_reminder")[-1].id


@needs_a_database
def test_an_sms_waits_until_its_person_rests_no_more_and_then_whether_it_still_stands() -> None:
    with transaction():
        one, other = coming(48), coming(48)
        choose(other, time(20), time(9))
    deliver_all()
    first, second = _reminder(one, NIGHT), _reminder(other, NIGHT)
    assert messaging.deliver(first, NIGHT) == (MORNING - NIGHT).total_seconds()
    assert messaging.deliver(second, MORNING) == timedelta(hours=2).total_seconds()
    assert row(first).state == row(second).state == MessageState.QUEUED
    with transaction():
        messaging.take_back(f"assignment:{other.id}", now=MORNING)
    assert messaging.deliver(first, MORNING) is None
    assert messaging.deliver(second, MORNING + timedelta(hours=2)) is None
    assert (row(first).state, row(second).state) == (MessageState.SENT, MessageState.SETTLED)


@needs_a_database
@pytest.mark.parametrize(
    ("quiet", "out"),
    [
        ((time(1), time(6)), NIGHT),  # not at that hour any more
        ((time(20), time(6)), MORNING - timedelta(hours=1)),
        ((time(20), time(9)), MORNING + timedelta(hours=2)),
    ],
)
def test_an_sms_rests_by_the_quiet_hours_its_person_has_by_now(
    quiet: tuple[time, time], out: datetime
) -> None:
    with transaction():
        one, other = coming(48), coming(48)
    deliver_all()
    rests, of_other = _reminder(one, NIGHT), _reminder(other, NIGHT)
    for each in (rests, of_other):
        messaging.deliver(each, NIGHT)
    before = _jobs_of(rests), _jobs_of(of_other)
    with transaction():
        service.choose(SYSTEM, one.interpreter.account_id, {}, quiet, now=NIGHT)
    is_sooner = out < MORNING
    assert (_jobs_of(rests), _jobs_of(of_other)) == (before[0] + is_sooner, before[1])
    if is_sooner:
        assert row(rests).next_try_at == out
    assert row(of_other).next_try_at == MORNING
    if out > NIGHT:
        assert messaging.deliver(rests, NIGHT) == (out - NIGHT).total_seconds()
    assert messaging.deliver(rests, out) is None
    assert row(rests).state == MessageState.SENT


@needs_a_database
@on_sqlite
def test_who_has_just_written_begins_no_rest_by_choosing_when_to_rest() -> None:
    with transaction():
        one = coming(48)
    deliver_all()
    answer = _reminder(one, NIGHT)
    with transaction():
        row(answer).quiet_hours = ""
    with transaction():
        choose(get(Assignment, one.id), time(20), time(9))
    assert row(answer).quiet_hours == ""


@needs_a_database
def test_by_day_nobody_rests_and_nothing_is_woken_that_has_a_job_already() -> None:
    with transaction():
        one = coming(48)
    deliver_all()
    day = MORNING + timedelta(hours=4)
    earlier = _reminder(one, day)
    urgent = _reminder(get(Assignment, one.id), day, urgent=True)
    before = _jobs_of(earlier)
    assert messaging.deliver(urgent, day) is not None
    assert _jobs_of(earlier) == before
    assert row(earlier).quiet_hours


def _jobs_of(message_id: int) -> int:
    found = jobs.client().list_workflows(status=["ENQUEUED", "DELAYED"])
    return sum(message_id in one.input["args"][1] for one in found if one.input)


@needs_a_database
def test_what_cannot_wait_wakes_and_takes_along_what_was_to_be_said_before() -> None:
    with transaction():
        one = coming()
        one.starts_at = MORNING + timedelta(hours=1)
    deliver_all()
    waiting = _reminder(one, NIGHT)
    messaging.deliver(waiting, NIGHT)
    urgent = _reminder(get(Assignment, one.id), NIGHT, urgent=True)
    soon = NIGHT + timedelta(minutes=1)
    pause = messaging.deliver(urgent, soon)
    assert pause is not None
    assert pause < timedelta(minutes=1).total_seconds()
    assert messaging.deliver(waiting, soon) is None
    assert messaging.deliver(urgent, soon + timedelta(seconds=pause)) is None
    assert row(waiting).sent_at == soon < (row(urgent).sent_at or soon)


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_interpreters_and_caseworkers_choose_on_a_page(app: Flask) -> None:
    page = "/account/messages"
    with app.app_context(), transaction():
        mira = factories.interpreter(name="Mira").account
        anna = factories.account(of=factories.organisation())
    browser = sign_in(app, mira)
    shown = browser.get(page).text
    assert "from 21:00 to 07:00" in shown or "von 21:00 bis 07:00" in shown
    assert 'name="receipts"' not in shown
    chosen = {
        "questions": "mail",
        "agreed": "both",
        "day_before": "sms",
        "evening_before": "none",
        "hours_before": "sms",
        "information": "hourly",
        "quiet_from": "22:00",
        "quiet_until": "09:00",
    }
    send(browser, page, seen_on=page, **chosen)
    with app.app_context():
        wishes = service.wishes_of([mira.id])[mira.id]
        assert wishes.about(Topic.QUESTIONS) == Choice.MAIL
        assert wishes.about(Topic.EVENING_BEFORE) == Choice.NONE
        assert wishes.quiet_hours == "22:00-09:00"
    assert 'value="22:00"' in browser.get(page).text
    refused = send(browser, page, seen_on=page, **(chosen | {"day_before": "none"}))
    assert refused.status_code == 422
    refused = send(browser, page, seen_on=page, **(chosen | {"quiet_until": ""}))
    assert refused.status_code == 422
    asks = sign_in(app, anna)
    send(asks, page, seen_on=page, receipts="none", information="each")
    with app.app_context():
        assert service.wishes_of([anna.id])[anna.id].about(Topic.RECEIPTS) == Choice.NONE
        with transaction():
            service.choose(SYSTEM, anna.id, {Topic.RECEIPTS: Choice.MAIL}, AS_CITY, now=NOW)
        db.session.rollback()


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_office_chooses_for_somebody_who_asks_it_to(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter(name="Mira")
        office = factories.account(Role.COORDINATOR)
    page = f"/interpreters/{mira.id}/messages"
    browser = sign_in(app, office)
    assert page in browser.get(f"/interpreters/{mira.id}").text
    chosen = {
        "questions": "mail",
        "agreed": "both",
        "day_before": "sms",
        "evening_before": "mail",
        "hours_before": "none",
        "information": "hourly",
        "quiet_from": "20:00",
        "quiet_until": "08:00",
    }
    send(browser, page, seen_on=page, **chosen)
    refused = send(browser, page, seen_on=page, **(chosen | {"quiet_until": "19:00"}))
    assert refused.status_code == 422
    with app.app_context():
        wishes = service.wishes_of([mira.account_id])[mira.account_id]
        assert (wishes.about(Topic.QUESTIONS), wishes.quiet_hours) == (Choice.MAIL, "20:00-08:00")
        about = Concerning(account=mira.account_id)
        (record,) = ledger.history(about, {"account.hearing_chosen"})
        assert record.actor_account_id == office.id
