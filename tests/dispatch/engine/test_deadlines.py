"""Deadlines: kept when they come, by a job of their own; what was missed is made up for."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch import engine
from dispatch.clock import now
from dispatch.database import db, transaction
from dispatch.engine import work
from dispatch.engine.tables import statuses
from dispatch.sites.models import Site
from tests import factories
from tests.dispatch.engine.test_engine import until

DUE, BROKEN = "due", "the name of a client"
passed: list[tuple[int, datetime]] = []


def _due(at: datetime) -> list[int]:
    return list(db.session.scalars(sa.select(Site.id).where(Site.name.in_([DUE, BROKEN]))))


def _pass(site_id: int, *, now: datetime) -> None:
    passed.append((site_id, now))
    site = db.session.get_one(Site, site_id)
    if site.name == BROKEN:
        site.name = "half done"
        db.session.flush()
        raise ValueError(BROKEN)
    site.name = "passed"


engine.deadline("test_deadline", _due, _pass)


@pytest.fixture(autouse=True)
def _nothing_passed_yet(app: Flask) -> Iterator[None]:
    passed.clear()
    yield
    work.stop()


def names() -> list[str]:
    return list(db.session.scalars(sa.select(Site.name).order_by(Site.id)))


def test_a_deadline_passes_when_it_comes_and_not_before(app: Flask) -> None:
    with app.app_context(), transaction():
        site_id = factories.site().id
        comes = now() + timedelta(seconds=2)
        engine.enqueue("test_deadline", site_id, at=comes, key="once")
        engine.enqueue("test_deadline", site_id, at=comes, key="once")
    work.run(app)
    until(lambda: bool(passed))
    assert passed[0][1] >= comes
    assert len(passed) == 1


def test_a_deadline_that_moves_has_a_job_for_each_time(app: Flask) -> None:
    with app.app_context(), transaction():
        site_id = factories.site().id
        for later in (0, 1):
            engine.enqueue("test_deadline", site_id, at=now() + timedelta(seconds=later), key="k")
    work.run(app)
    until(lambda: len(passed) == 2)


def test_rows_that_fall_due_together_share_a_job_and_one_that_fails_stops_no_other(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            ids = [factories.site(name).id for name in (DUE, BROKEN, *[DUE] * 30)]
            comes = now()
            for site_id in ids:
                engine.fall_due("test_deadline", site_id, comes)
        status = statuses(db.engine)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(status)) == 2
        db.session.rollback()
    work.run(app)
    until(lambda: {site_id for site_id, _at in passed} == set(ids))
    work.stop()
    with app.app_context():
        assert names() == ["passed", BROKEN, *["passed"] * 30]


def test_a_row_that_fails_stops_no_other_and_is_named_by_its_id_only(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        with transaction():
            sites = [factories.site(name) for name in (DUE, BROKEN, DUE)]
            ids = [site.id for site in sites]
        with caplog.at_level(logging.ERROR):
            engine.make_up_for_missed()
        assert names() == ["passed", BROKEN, "passed"]
    assert f"test_deadline of {ids[1]} failed: ValueError" in caplog.text
    assert BROKEN not in caplog.text
