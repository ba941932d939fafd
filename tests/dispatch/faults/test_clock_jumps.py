"""A clock that jumps, a system that stood still for days, two who do the same work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch import jobs
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.engine import watch
from dispatch.engine.deadlines import make_up_for_missed
from dispatch.engine.jobs import client
from dispatch.engine.models import Worker
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

MANY = 20
OVER = {MessageState.SENT, MessageState.SETTLED}
EVENING = NOW + timedelta(hours=9)
"""The evening before everything of these tests, when people are reminded."""


def coming(count: int) -> None:
    """Confirm so many people for tomorrow; their evening before has not come."""
    with transaction():
        site = factories.site()
        for number in range(count):
            asked = factories.asked(at=site)
            factories.coming(asked, factories.interpreter(name=f"Mira{number}"))


def reminders() -> list[int]:
    """Return how often each person was reminded."""
    rows = db.session.execute(
        sa.select(sa.func.count())
        .select_from(Message)
        .where(Message.name == "assignment_reminder")
        .group_by(Message.about)
    )
    return [int(row[0]) for row in rows]


def deliver_all(now: datetime) -> None:
    for message_id in db.session.scalars(sa.select(Message.id).order_by(Message.id)).all():
        messaging.deliver(message_id, now)


def test_two_workers_do_each_of_many_due_things_once(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context():
        coming(MANY)
    frozen_clock.move_to(EVENING)
    together = Barrier(2)

    def make_up(_worker: int) -> None:
        with app.app_context():
            together.wait()
            make_up_for_missed()
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make_up, range(2)))
    with app.app_context():
        assert reminders() == [1] * MANY


def test_a_clock_that_jumps_repeats_nothing_and_sends_nothing_again(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        coming(5)
        for now in (EVENING, EVENING - timedelta(hours=2), EVENING + timedelta(hours=1)):
            frozen_clock.move_to(now)
            make_up_for_missed()
            deliver_all(now)
        assert reminders() == [1] * 5
        assert set(db.session.scalars(sa.select(Message.state))) <= OVER
        frozen_clock.move_to(NOW + timedelta(days=400))
        make_up_for_missed()
        deliver_all(frozen_clock.now)
        assert reminders() == [1] * 5
        assert max(db.session.scalars(sa.select(Message.attempts))) == 1
        assert set(db.session.scalars(sa.select(Assignment.state))) == {"completed"}


def test_after_three_days_of_standing_still_nobody_is_reminded_of_what_is_over(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        coming(5)
        with transaction():
            offer = offers.make(
                SYSTEM, factories.asked().id, factories.interpreter(name="Nour").id, now=NOW
            )
        deliver_all(NOW)
        before = set(db.session.scalars(sa.select(Message.id)))
        now = frozen_clock.advance(days=3)
        make_up_for_missed()
        deliver_all(now)
        assert db.session.get_one(Offer, offer.id, populate_existing=True).state == "expired"
        new = db.session.scalars(sa.select(Message).where(Message.id.not_in(before))).all()
        said = {one.name for one in new if one.state == MessageState.SENT}
        assert said <= {"not_filled"}, "those who asked hear that nobody came, nobody is reminded"


def test_the_office_hears_what_three_days_of_standing_still_have_cost(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        with transaction():
            factories.account(Role.COORDINATOR, locale="en")
            asked = factories.asked()
            offers.make(SYSTEM, asked.id, factories.interpreter(name="Nour").id, now=NOW)
        now = frozen_clock.advance(days=3)
        jobs.say_it_stood_still(int(NOW.timestamp()), int(now.timestamp()))
        make_up_for_missed()
        jobs.say_it_stood_still(int(NOW.timestamp()), int(now.timestamp()))
        told = db.session.scalars(sa.select(Message).where(Message.name == "stood_still")).all()
        assert len(told) == 2, "what was made up for meanwhile is counted all the same"
        for one in told:
            assert "from Mon, 1 Mar 2027, 09:00 to Thu, 4 Mar 2027, 09:00" in one.body
            assert "that ran out meanwhile: 1" in one.body
            assert "with nobody found: 1" in one.body


def test_the_first_worker_after_days_asks_once_that_the_office_is_told(app: Flask) -> None:
    gone = datetime.now(UTC) - timedelta(days=3)
    with app.app_context():
        with transaction():
            factories.account(Role.COORDINATOR)
            db.session.add(Worker(executor_id="gone", seen_at=gone))
        watch.beat("new")
        watch.beat("new")
        watch.beat("another")
        waiting = client().list_queued_workflows()
    assert [one.name for one in waiting] == ["job"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "today", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 3, 28), date(2027, 10, 31)]
)
def test_pages_of_days_there_are_seldom(app: Flask, frozen_clock: FrozenClock, today: date) -> None:
    frozen_clock.move_to(datetime(today.year, today.month, today.day, 12, tzinfo=NOW.tzinfo))
    now = frozen_clock.now
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        start = (now + timedelta(days=1)).replace(tzinfo=None)
        asked = factories.asked(start=start, now=now)
        factories.coming(asked, factories.interpreter(), now=now)
    browser = sign_in(app, coordinator)
    for path in ("/", "/requests", f"/day/{today}", f"/plan/{today}", f"/requests/{asked.id}"):
        assert browser.get(path).status_code == 200, path
