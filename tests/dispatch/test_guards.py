"""What no row may say is refused by the database itself."""

import os
import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from tests import factories

CASES = 500 * int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "1"))
pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
NOBODY_KNOWS = [
    ("accounts", "role", "king"),
    ("sites", "kind", "castle"),
    ("sites", "latitude", 515.137),
    ("sites", "buffer_after_minutes", -1),
    ("interpretation_requests", "state", "forgotten"),
    ("interpretation_requests", "setting", "circus"),
    ("interpretation_requests", "gender_required", "f"),
    ("interpretation_requests", "qualification_required", "wizard"),
    ("interpretation_requests", "priority", 0),
    ("interpreters", "travel_mode", "horse"),
    ("interpreters", "gender", "f"),
    ("interpreters", "employment", "king"),
    ("interpreters", "fee_cents_per_hour", -1),
    ("working_languages", "level", 9),
    ("held_qualifications", "qualification", "wizard"),
    ("weekly_hours", "weekday", 7),
    ("availabilities", "notice_unit", "moons"),
]


@pytest.mark.parametrize(("table", "column", "value"), NOBODY_KNOWS)
def test_a_word_or_number_nobody_knows_is_refused(table: str, column: str, value: object) -> None:
    factories.interpreter(qualification="sprint")
    factories.asked()
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"UPDATE {table} SET {column} = :value"), {"value": value})


def test_an_absence_of_no_length_is_refused() -> None:
    absent = factories.interpreter()
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.add(
            Absence(
                availability_id=absent.availability_id,
                starts_at=factories.NOW,
                ends_at=factories.NOW,
            )
        )


def test_times_that_touch_are_taken_and_a_shared_second_is_refused() -> None:
    with transaction():
        interpreter, first, second = factories.interpreter(), factories.asked(), factories.asked()
        seat = {"interpreter_id": interpreter.id, "seat": 1, "site_id": first.site_id}
        first_id, second_id = first.id, second.id
    chance, wrong = random.Random(16), []
    with db.engine.connect() as connection:
        for _case in range(CASES):
            begins = [chance.randrange(0, 8) * 900 + chance.choice((-1, 0, 0, 1)) for _ in "ab"]
            ends = [begin + chance.randrange(1, 5) * 900 for begin in begins]
            rows = [
                seat
                | {"interpretation_request_id": request_id, "way": "on_site", "cause": "assignment"}
                | {
                    "starts_at": factories.NOW + timedelta(seconds=begin),
                    "ends_at": factories.NOW + timedelta(seconds=end),
                }
                for request_id, begin, end in zip((first_id, second_id), begins, ends, strict=True)
            ]
            try:
                for row in rows:
                    connection.execute(sa.insert(Hold), row)
                taken = True
            except sa.exc.IntegrityError:
                taken = False
            connection.rollback()
            shared = begins[0] < ends[1] and begins[1] < ends[0]
            if taken is shared:
                wrong.append((begins, ends))
    assert wrong == []
