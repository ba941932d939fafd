"""Killed on the way: a file of requests is taken over whole or not at all, a proposal as well."""

import os
import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from dispatch.ledger.models import Change
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers.models import Offer
from dispatch.planning.proposals import service
from dispatch.requests import files, importing, taking
from dispatch.requests.models import STAGED, InterpretationRequest
from tests import factories
from tests.dispatch.faults.dying import counted, killed_at
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock")
KILLS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "2"))
ROWS = 20
HEADING = "language,site,day,start,duration,setting"


def file_for(site: str) -> bytes:
    days = [TOMORROW_TEN.date() + timedelta(days=14 + number) for number in range(ROWS)]
    return "\n".join([HEADING, *(f"ro,{site},{day},10:00,60,school" for day in days)]).encode()


def rows_of(*models: Any) -> list[int]:
    """Return how many rows there are of each."""
    found = [int(db.session.scalar(sa.select(sa.func.count(one.id))) or 0) for one in models]
    db.session.rollback()
    return found


def take_over(content: bytes, account_id: int) -> None:
    account = db.session.get_one(Account, account_id)
    checked = importing.read(account, content, now=NOW)
    with transaction():
        taking.store(checked, now=NOW)


def test_a_file_killed_on_its_way_in_leaves_nothing_and_can_be_taken_again(app: Flask) -> None:
    with app.app_context():
        with transaction():
            account_id = factories.account(of=factories.organisation()).id
            content = file_for(str(factories.site().register_number))
        before = rows_of(InterpretationRequest, Change, Message)
        for at in random.Random(14).sample(range(3, 13), min(KILLS, 10)):
            assert killed_at(at, lambda: take_over(content, account_id))
            after = rows_of(InterpretationRequest, Change, Message)
            assert after == before, f"killed at statement {at}"
        with counted() as statements:
            take_over(content, account_id)
        assert statements[0] > 12
        assert rows_of(InterpretationRequest, Message) == [ROWS, 1]


def adopt(proposal_id: int) -> None:
    with transaction():
        service.adopt(SYSTEM, proposal_id, None, zone_name=TUESDAY.zone_name, now=NOW)


def test_an_adoption_killed_on_its_way_leaves_nothing_and_can_be_done_again(app: Flask) -> None:
    with app.app_context():
        with transaction():
            site = factories.site()
            for hours in (0, 2, 4):
                factories.interpreter()
                factories.asked(at=site, start=TOMORROW_TEN + timedelta(hours=hours))
        made = service.compute(TUESDAY, now=NOW)
        with transaction():
            proposal_id = service.store(SYSTEM, made, now=NOW).id
        before = rows_of(Offer, Hold, Message, Change)
        for at in random.Random(8).sample(range(20, 50), KILLS):
            assert killed_at(at, lambda: adopt(proposal_id))
            assert rows_of(Offer, Hold, Message, Change) == before, f"killed at statement {at}"
        with counted() as statements:
            adopt(proposal_id)
        assert statements[0] > 50
        assert rows_of(Offer, Hold) == [3, 3]


def test_a_large_file_killed_in_the_background_is_taken_over_whole_by_the_next_who_tries(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "SLICE", 5)
    with app.app_context():
        with transaction():
            account = factories.account(of=factories.organisation())
            content = file_for(str(factories.site().register_number))
        before = rows_of(InterpretationRequest, Change, Message)
        with transaction():
            file_id = files.bring(account, content, row_count=ROWS, again=False, now=NOW).id
        for at in random.Random(14).sample(range(4, 30), KILLS):
            assert killed_at(at, lambda: files.take_over(file_id)), f"statement {at}"
            assert rows_of(InterpretationRequest, Change, Message) == before, f"statement {at}"
        files.take_over(file_id)
        assert rows_of(InterpretationRequest, Message) == [ROWS, 1]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(STAGED)) == 0
