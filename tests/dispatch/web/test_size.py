"""Pages cost the same however much has piled up: work in the database, statements, octets."""

import gzip
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.load.filling import fill
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web import policy
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW, TOMORROW_TEN

FEW, MANY = 200, 4_000
PEOPLE, TO_COME = 12, 60
MOST_STATEMENTS = 15
MOST_OCTETS = 100_000
MOST_ON_THE_WAY = 30_000
STEPS_AT_ONCE = 10
LISTS = {
    Role.CASEWORKER: (
        "/", "/requests", "/requests?show=past", "/requests?state=completed&show=past",
        "/requests?q=Rathaus", "/requests?show=past&q=Rathaus",
        "/requests?show=past&q=Nirgendwo",
    ),
    Role.COORDINATOR: (
        "/", "/requests", "/requests?show=past", "/requests?show=open", "/requests?show=soon",
        "/requests?show=later", "/requests?show=asked", "/requests?show=missed",
        "/requests?show=past&q=Rathaus", "/requests?q=Mira",
        "/requests?show=past&q=Nirgendwo", "/interpreters", "/interpreters?q=Mira", "/messages",
        "/messages?state=waiting",
        "/messages?state=sent", "/messages?q=offer:1", "/day/2027-03-02", "/plan/2027-03-02",
        "/requests/{request}", "/requests/{request}/candidates", "/requests/{wanted}/candidates",
        "/organisations/{organisation}", "/sites/{site}",
    ),
    Role.INTERPRETER: ("/", "/offers", "/offers?state=accepted", "/assignments",
        "/assignments?show=past"),
}  # fmt: skip
NEWEST = {
    "request": "interpretation_requests",
    "wanted": "interpretation_requests WHERE state = 'open'",
    "organisation": "organisations",
    "site": "sites",
}
"""Whose page is looked at, by the name it has in an address."""
PILES_UP = frozenset(
    {"interpretation_requests", "offer_rounds", "offers", "assignments", "changes", "messages"}
)
ROWS_OF_A_PAGE = 2_500
"""Rows one statement may read of what piles up: everything to come, and some pages of a list."""


@pytest.fixture
def town(app: Flask, frozen_clock: FrozenClock) -> Flask:
    """What is to come in a town, and one request that is over."""
    with app.app_context():
        with transaction():
            asks = [factories.account(of=factories.organisation(f"Schule {n}")) for n in range(3)]
            factories.account(Role.COORDINATOR)
            people = [factories.interpreter(name=f"Mira{n}") for n in range(PEOPLE)]
            site = factories.site()
            long_ago = NOW - timedelta(days=10)
            over = factories.asked(
                by=asks[0], at=site, start=TOMORROW_TEN - timedelta(days=8), now=long_ago
            )
            frozen_clock.move_to(long_ago)
            came = factories.coming(over, people[0], now=long_ago)
            for number in range(TO_COME):
                start = TOMORROW_TEN + timedelta(days=number // PEOPLE, hours=number % 3 * 2)
                one = factories.asked(by=asks[number % 3], at=site, start=start)
                who = people[number % PEOPLE]
                if number % 4 == 0:
                    factories.coming(one, who)
                elif number % 4 == 1:
                    offers.make(SYSTEM, one.id, who.id, now=NOW)
        frozen_clock.move_to(NOW)
        with transaction():
            assignments.complete_unreported(came.id, now=NOW)
        fill(FEW)
        db.session.remove()
    return app


Window = tuple[str, Callable[[], str]]


def windows(app: Flask) -> Iterator[Window]:
    """Yield every list page there is with a window of somebody who reads it."""
    for role, paths in LISTS.items():
        with app.app_context():
            reader = db.session.scalars(sa.select(Account).where(Account.role == role)).first()
            numbers = {
                name: db.session.scalar(sa.text(f"SELECT max(id) FROM {table}"))
                for name, table in NEWEST.items()
            }
            assert reader
        browser = sign_in(app, reader)
        for path in dict.fromkeys([*paths, *_pages_of(app, role)]):
            yield f"{role} {path}", _Looking(browser, path.format(**numbers))
    yield "who asks is told what was asked for already", lambda: _asked_for_already(app)


def _asked_for_already(app: Flask) -> str:
    with app.app_context():
        newest = sa.select(InterpretationRequest).order_by(InterpretationRequest.id.desc()).limit(1)
        [earlier] = requests.same_as([db.session.scalars(newest).one()])
        return earlier.reference if earlier else ""


def _pages_of(app: Flask, role: str) -> Iterator[str]:
    """Yield every page of a role that needs no number in its address: also what is new."""
    for rule in app.url_map.iter_rules():
        found = policy.policy_of(app, rule.endpoint)
        is_a_page = "GET" in (rule.methods or ()) and not rule.arguments
        if is_a_page and found and not found.public and found.admits(role):
            yield rule.rule


class _Looking:
    def __init__(self, browser: FlaskClient, path: str) -> None:
        self._browser, self._path = browser, path

    def __call__(self) -> str:
        answer = self._browser.get(self._path)
        assert answer.status_code in {200, 302}, self._path
        return answer.text if "spreadsheet" not in answer.mimetype else ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_costs_the_same_however_much_is_over(town: Flask) -> None:
    few = {name: steps_of(town, look) for name, look in windows(town)}
    with town.app_context():
        fill(MANY)
        db.session.remove()
    many = {name: steps_of(town, look) for name, look in windows(town)}
    grown = {
        name: (few[name], steps) for name, steps in many.items() if steps > 1.5 * few[name] + 3_000
    }
    assert grown == {}, grown


def steps_of(app: Flask, look: Callable[[], str]) -> int:
    """Return the work of SQLite for a page, in steps of its machine: exact, whatever the load."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += STEPS_AT_ONCE
        return 0

    def watch(connection: Any, _record: Any, _proxy: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_progress_handler(count, STEPS_AT_ONCE)

    with app.app_context():
        engine = db.engine
    look()  # what is prepared once is not what a page costs
    engine.dispose()
    sa.event.listen(engine, "checkout", watch)
    try:
        look()
    finally:
        sa.event.remove(engine, "checkout", watch)
        engine.dispose()
    return steps


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_statement_of_a_page_reads_what_is_over(town: Flask) -> None:
    with town.app_context():
        fill(MANY)
        db.session.remove()
    costly: dict[str, list[str]] = defaultdict(list)
    for name, look in windows(town):
        with statements(town) as asked:
            look()
        with town.app_context():
            for statement, values in asked:
                read = rows_read(statement, values)
                if read > ROWS_OF_A_PAGE:
                    costly[name].append(f"{read} rows: {statement}")
            db.session.remove()
    assert dict(costly) == {}, json.dumps(costly, indent=1)[:6000]


@contextmanager
def statements(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Keep every question that is asked, with its values."""
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", keep)


def rows_read(statement: str, values: Any) -> int:
    """Return how many rows of what piles up PostgreSQL looked at to answer a question."""
    connection = db.session.connection()
    (plan,) = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values
    ).one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return sum(_rows_of(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _rows_of(node: dict[str, Any]) -> int:
    if node.get("Relation Name") not in PILES_UP:
        return 0
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(each * node["Actual Loops"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_list_is_fifteen_statements_and_a_hundred_kilobytes_at_most(town: Flask) -> None:
    over = []
    for name, look in windows(town):
        if "{wanted}" in name:
            continue  # whoever could come is no list: it is asked of the whole day
        look()
        with statements(town) as asked:
            text = look()
        octets, on_the_way = len(text.encode()), len(gzip.compress(text.encode()))
        if len(asked) > MOST_STATEMENTS or octets > MOST_OCTETS or on_the_way > MOST_ON_THE_WAY:
            over.append(
                f"{name}: {len(asked)} statements, {octets} octets, {on_the_way} compressed"
            )
    assert over == []


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_what_was_copied_is_whole(town: Flask) -> None:
    with town.app_context():
        for table in ("interpretation_requests", "offers", "assignments"):
            count = db.session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
            assert int(count or 0) >= FEW, table
        one = db.session.scalars(sa.select(Interpreter)).first()
        assert one
        told = sa.select(sa.func.count(Message.id)).where(Message.state == "sent")
        assert (db.session.scalar(told) or 0) >= FEW
        again = factories.asked()
        db.session.commit()
        assert again.id > FEW, "numbers go on behind what was copied"
