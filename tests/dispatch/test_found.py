"""What waits, and what left of late, is found without reading all there ever was."""

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.inbound.models import InboundMail
from dispatch.messaging import cap
from dispatch.sms import queries as sms
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
