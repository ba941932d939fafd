"""No page asks the database more the more there is to show."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.conftest import FrozenClock
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
MOST_STATEMENTS = 15
RANKING = 28
"""Who comes next is ranked beside all that is known of the day: more statements, always as many."""
RANKS = {
    f"coordinator.{name}"
    for name in (
        *("next_in_line", "rescue", "could", "ask_give", "verdicts_of_rows", "first_step"),
        *("ask_other_start", "coming"),
    )
}
NOT_OF_THE_PAGE = ("BEGIN", "INSERT INTO inspections")
"""Who looked is written down once a day, when the page has left (decision 0077)."""
SHARED = {"interpreter.about": 16, "coordinator.first_step": RANKING + 1}
"""The share of one person is counted among everybody, and who is asked already stands before who
fits best: one statement more."""
READERS = ("caseworker", "coordinator", "interpreter", "auditor")


@pytest.fixture
def everything(app: Flask, frozen_clock: FrozenClock) -> Stage:
    built = stage.build(app)
    with app.app_context(), transaction():
        _crowd(int(str(built.values["request_id"])))
    return built


def test_a_page_needs_fifteen_statements_at_most(everything: Stage) -> None:
    statements: list[str] = []
    with everything.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    over = []
    for name in READERS:
        for rule, path in everything.paths("GET"):
            statements.clear()
            everything.browsers[name].get(path)
            asked = [one for one in statements if not one.startswith(NOT_OF_THE_PAGE)]
            most = RANKING if rule.endpoint in RANKS else MOST_STATEMENTS
            if len(asked) > SHARED.get(rule.endpoint, most):
                over.append(f"{name} {path}: {len(asked)}")
    assert over == []


def _crowd(request_id: int) -> None:
    """A dozen of everything: offers of each end, teams, assignments, and a full day."""
    mira = db.session.scalars(sa.select(Interpreter).order_by(Interpreter.id)).first()
    asks = db.session.scalars(sa.select(Account).where(Account.role == Role.CASEWORKER)).first()
    assert mira
    assert asks
    for number in range(12):
        day = TOMORROW_TEN + timedelta(days=1 + number)
        at = factories.site(f"Haus {number}")
        waiting = factories.asked(by=asks, at=at, start=day, interpreters=3)
        offers.make(SYSTEM, waiting.id, mira.id, now=NOW)
        ended = factories.asked(by=asks, at=at, start=day + timedelta(hours=3))
        offer = offers.make(SYSTEM, ended.id, mira.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        later = day + timedelta(hours=5)
        factories.coming(factories.asked(by=asks, at=at, start=later), mira)
        team = factories.asked(by=asks, at=at, start=TOMORROW_TEN, interpreters=2)
        person = factories.interpreter(name=f"Person {number}")
        factories.coming(team, person)
        far = factories.interpreter(name=f"Far {number}", home=(51.5350, 7.6890 + number / 100))
        offers.make(SYSTEM, waiting.id, far.id, now=NOW)
        shown = db.session.get_one(InterpretationRequest, request_id)
        shown.interpreter_count = min(10, 2 + number)
        offer = offers.make(SYSTEM, request_id, factories.interpreter().id, now=NOW)
        if number % 2:
            offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        elif number % 4:
            offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
