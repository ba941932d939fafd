"""What waits, and what left of late, is found without reading all there ever was."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.inbound.models import InboundMail
from dispatch.messaging import cap
from dispatch.requests import queries as requests
from dispatch.sms import queries as sms
from tests import factories
from tests.factories import NOW

COUNTS = {
    "SMS that wait": sms.count_of_open(),
    "mails that wait": sa.select(sa.func.count(InboundMail.id)).where(
        InboundMail.state == IncomingState.OPEN
    ),
    "SMS of the last day": sa.select(cap.count_of_last_day(NOW)),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", COUNTS)
def test_it_is_found_by_an_index(app: Flask, what: str) -> None:
    """An index over some rows is used only by the words it was made with, never by a parameter."""
    with app.app_context():
        compiled = COUNTS[what].compile(db.engine)
        values = tuple(str(value) for value in compiled.params.values())
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        steps = [row[3] for row in plan]
    read = [step for step in steps if step.startswith(("SCAN", "SEARCH"))]
    assert any(step.startswith("SEARCH") for step in read), steps
    assert not any(step.startswith(("SCAN messages", "SCAN inbound")) for step in read), steps


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_office_asks_of_an_organisation_is_found_without_what_is_over(app: Flask) -> None:
    asked: list[Any] = []
    with app.app_context():
        asks = factories.account(of=factories.organisation())
        sa.event.listen(db.engine, "before_cursor_execute", lambda *about: asked.append(about[2:4]))
        requests.asked_for_another_start(asks, NOW, most=5)
        statement, values = asked.pop()
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
    assert any("starts_at>?" in step for step in steps), steps
