"""Fifty people reach for one slot at the same moment: one gets it, nobody gets an error."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.factories import NOW

pytestmark = [pytest.mark.usefixtures("frozen_clock"), pytest.mark.exhaustive]
AT_ONCE = 50
ROUNDS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "2"))  # `make test-all` plays 20


def test_fifty_coordinators_and_one_interpreter_time_after_time(app: Flask) -> None:
    with app.app_context():
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            site = factories.site()
        slots = [_slot(site, hour) for hour in range(ROUNDS)]
    browser = sign_in(app, coordinator)
    token = TOKEN.search(browser.get("/").text).group(1)  # type: ignore[union-attr]
    cookie = browser.get_cookie("dragoman")
    assert cookie

    def reach(path: str, together: Barrier) -> int:
        client: FlaskClient = app.test_client()
        client.set_cookie("dragoman", cookie.value)
        together.wait()
        return client.post(path, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for interpreter_id, request_ids in slots:
            together = Barrier(AT_ONCE)
            paths = [
                f"/requests/{request_id}/candidates/{interpreter_id}/offer"
                for request_id in request_ids
            ]
            statuses = Counter(pool.map(reach, paths, [together] * AT_ONCE))
            assert statuses == {302: AT_ONCE}, "who lost is led back to the page"
    with app.app_context():
        held = db.session.scalar(sa.select(sa.func.count()).select_from(Hold))
    assert held == ROUNDS


def _slot(site: object, number: int) -> tuple[int, list[int]]:
    with transaction():
        interpreter = factories.interpreter(name=f"Mira{number}")
        start = factories.hours_later(factories.TOMORROW_TEN, 24 * number)
        asked = [
            factories.asked(at=site, start=start).id  # type: ignore[arg-type]
            for _ in range(AT_ONCE)
        ]
        return interpreter.id, asked


def test_one_offer_accepted_thirty_times_at_once_is_accepted_once(app: Flask) -> None:
    with app.app_context(), transaction():
        offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
        about = f"offer:{offer.id}"
    with app.app_context():
        # what is told is written at the end of the transaction
        body = db.session.scalars(sa.select(Message.body).where(Message.about == about)).first()
    assert body
    link = next(word for word in body.split() if "/o/" in word)
    path = "/o/" + link.rsplit("/", 1)[1]
    clients = [app.test_client() for _ in range(30)]
    tokens = [TOKEN.search(client.get(path).text).group(1) for client in clients]  # type: ignore[union-attr]
    together = Barrier(30)

    def accept(client: FlaskClient, token: str) -> int:
        together.wait()
        return client.post(f"{path}/accept", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(30) as pool:
        statuses = Counter(pool.map(accept, clients, tokens))
    assert statuses == {302: 30}
    with app.app_context():
        assert db.session.scalars(sa.select(Assignment.state)).all() == ["confirmed"]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) == 1
