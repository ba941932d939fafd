"""A server killed while a file of requests is taken over: all of it is there, or nothing."""

import multiprocessing
import os
import random
import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.ledger.models import Change
from dispatch.messaging.models import Message
from dispatch.requests import importing
from dispatch.requests.models import InterpretationRequest
from dispatch.tables import limits
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
KILLS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "2"))
ROWS = 20
HEADING = "language,site,day,start,duration,setting"


def file_for(site: str) -> bytes:
    days = [TOMORROW_TEN.date() + timedelta(days=14 + number) for number in range(ROWS)]
    return "\n".join([HEADING, *(f"ro,{site},{day},10:00,60,school" for day in days)]).encode()


def counts() -> list[int]:
    """Return how many requests, changes of requests and messages there are."""
    kind = Change.kind == "request.submitted"
    queries = (
        sa.select(sa.func.count(InterpretationRequest.id)),
        sa.select(sa.func.count(Change.id)).where(kind),
        sa.select(sa.func.count(Message.id)),
    )
    found = [int(db.session.scalar(query) or 0) for query in queries]
    db.session.rollback()
    return found


def take_over(content: bytes, account_id: int, dies_at: int = 0) -> int:
    """Take a file over and return how many statements that took; be killed at one of them."""
    seen = 0

    def count(*_about: object) -> None:
        nonlocal seen
        seen += 1
        if seen == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(db.engine, "before_cursor_execute", count)
    checked = importing.read(db.session.get_one(Account, account_id), content, now=NOW)
    with transaction():
        importing.store(checked, now=NOW)
    sa.event.remove(db.engine, "before_cursor_execute", count)
    return seen


def test_a_file_killed_on_its_way_in_leaves_nothing_and_can_be_taken_again(app: Flask) -> None:
    def die(at: int) -> None:
        db.engine.dispose(close=False)  # what was opened here belongs to the one who stays
        take_over(content, account_id, at)

    with app.app_context():
        with transaction():
            account_id = factories.account(of=factories.organisation()).id
            content = file_for(str(factories.site().register_number))
        for at in sorted(random.Random(14).sample(range(3, 13), KILLS)):
            child = multiprocessing.get_context("fork").Process(target=die, args=(at,))
            child.start()
            child.join()
            assert child.exitcode == -signal.SIGKILL
            assert counts() == [0, 0, 0], f"killed at statement {at}"
        assert take_over(content, account_id) > 12
        assert counts() == [ROWS, ROWS, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_requests_than_one_file_may_have_are_refused_before_anybody_waits(app: Flask) -> None:
    with app.app_context():
        with transaction():
            account = factories.account(of=factories.organisation())
        rows = [HEADING] + ["ro,x,2027-01-12,10:00,60,school"] * (limits.MOST_REQUESTS + 1)
        with pytest.raises(Refusal, match="2000 rows; split it"):
            importing.read(account, "\n".join(rows).encode(), now=NOW)
