"""What came in and waits is found without reading all that ever came in."""

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.inbound.models import InboundMail
from dispatch.sms.models import InboundSms


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("model", [InboundSms, InboundMail])
def test_what_waits_is_found_by_its_state(
    app: Flask, model: type[InboundSms] | type[InboundMail]
) -> None:
    """Rows of what is done stay for ever; every first page of the office asks what waits."""
    with app.app_context():
        waiting = sa.select(sa.func.count(model.id)).where(model.state == IncomingState.OPEN)
        compiled = waiting.compile(db.engine)
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {compiled}", tuple(compiled.params.values())
        )
        steps = [row[3] for row in plan]
    assert all(step.startswith("SEARCH") for step in steps), steps
