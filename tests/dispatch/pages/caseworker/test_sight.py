"""What the office knows of an interpreter reaches no organisation and no other interpreter."""

import pytest
from flask import Flask

from dispatch.database import db, get, transaction
from dispatch.interpreters.models import Interpreter
from tests.conftest import FrozenClock
from tests.dispatch.web import stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRIVATE = {"CANARY-NOTE", "+4915199999991", "44999", "98.76", "98,76"}


@pytest.mark.parametrize(
    ("reader", "opens"), [("caseworker", 30), ("strange lead", 20), ("strange interpreter", 20)]
)
def test_number_home_fee_and_notes_of_an_interpreter_stand_on_no_page_of_others(
    app: Flask, frozen_clock: FrozenClock, reader: str, opens: int
) -> None:
    everything = stage.build(app)
    who = everything.values["interpreter_id"]
    with app.app_context(), transaction():
        comes = get(Interpreter, int(str(who)))
        comes.office_note, comes.phone = "CANARY-NOTE", "+4915199999991"
        comes.home_postcode, comes.fee_cents_per_hour = "44999", 9_876
        db.session.flush()
    assert {"CANARY-NOTE", "44999"} <= said(
        everything.browsers["coordinator"].get(f"/interpreters/{who}").text
    )
    answers = [everything.browsers[reader].get(path) for _rule, path in everything.paths("GET")]
    assert sum(one.status_code == 200 for one in answers) >= opens
    assert [one.request.path for one in answers if said(one.data.decode(errors="replace"))] == []


def said(text: str) -> set[str]:
    return {one for one in PRIVATE if one in text}
