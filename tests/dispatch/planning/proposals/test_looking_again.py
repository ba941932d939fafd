"""The worker looks again at the days on which somebody fell out: all of it, the nearest first."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.cancellations import withdrawing
from dispatch.database import db, transaction
from dispatch.engine import work
from dispatch.engine.tables import statuses
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.planning.proposals import repairing
from dispatch.requests import looking
from tests import factories
from tests.dispatch.engine.processes import until
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
ILL = Reasons(office="ill")


@pytest.fixture(autouse=True)
def _looks_soon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(looking, "LOOKS_APART", 3.0)
    monkeypatch.setattr(looking, "COMMITTED_WITHIN", 0.5)
    yield
    work.stop()


def coming(app: Flask, *after: timedelta) -> list[int]:
    """Ada comes so long after tomorrow at ten, and Ben could; return her assignments."""
    with app.app_context(), transaction():
        ada = factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
        asked = [factories.asked(start=TOMORROW_TEN + one) for one in after]
        return [factories.coming(one, ada).id for one in asked]


def cannot_come(app: Flask, assignment_id: int) -> None:
    with app.app_context(), transaction():
        withdrawing.cannot_come(SYSTEM, assignment_id, reasons=ILL, now=NOW)


def filled(app: Flask) -> list[int]:
    with app.app_context():
        return [one.fills for one in repairing.standing(NOW)]


def test_who_falls_out_later_renews_the_proposal_of_the_day_though_the_clock_stands(
    app: Flask,
) -> None:
    first, second = coming(app, timedelta(0), timedelta(hours=3))
    work.run(app)
    cannot_come(app, first)
    until(lambda: filled(app) == [1])
    cannot_come(app, second)
    until(lambda: filled(app) == [2])


def test_the_nearest_day_is_looked_at_first(app: Flask) -> None:
    days = [timedelta(days=number) for number in range(3)]
    for one in reversed(coming(app, *days)):
        cannot_come(app, one)
    # a moment later or earlier would be luck: all three are due before the worker looks
    until(lambda: all(due < time.time() for due in looks(app, "delay_until_epoch_ms")))
    work.run(app)
    until(lambda: len(filled(app)) == len(days))
    first_begun = looks(app, "started_at_epoch_ms")
    assert list(first_begun.values()) == sorted(first_begun.values()), "the nearest is first"


def looks(app: Flask, instant: str) -> dict[float, str]:
    """Return the days that are looked at by that instant of their job, soonest first."""
    with app.app_context():
        jobs = statuses(db.engine)
        rows = db.session.execute(
            sa.select(sa.column(instant), jobs.c.workflow_uuid)
            .select_from(jobs)
            .where(jobs.c.workflow_uuid.startswith("look-again-"))
            .order_by(sa.column(instant))
        )
        return {at / 1000: key for at, key in rows}
