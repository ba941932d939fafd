"""What no row may say is refused by the database itself."""

import pytest
import sqlalchemy as sa

from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from tests import factories

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
