"""How times, durations and money read in each language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from dispatch.web.formats import duration, local_date, local_datetime, local_time, money, percent

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TUESDAY = datetime(2027, 3, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def in_german(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("de"):
        yield


@pytest.fixture
def in_english(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("en"):
        yield


@pytest.mark.usefixtures("in_german")
def test_german_days_hours_and_money() -> None:
    assert local_date(date(2027, 3, 2)) == "Di., 2. März 2027"
    assert local_datetime(TUESDAY) == "Di., 2.3., 10:05"
    assert local_time(TUESDAY) == "10:05"
    assert money(Decimal("1042.5")) == "1.042,50\xa0€"
    assert [percent(share) for share in (0, 0.00254, 1)] == ["0 %", "0,25 %", "100 %"]


@pytest.mark.usefixtures("in_english")
def test_english_days_hours_and_money() -> None:
    assert local_date(date(2027, 3, 2)) == "Tue, 2 March 2027"
    assert local_datetime(TUESDAY) == "Tue, 2 Mar, 10:05"
    assert money(Decimal("1042.5")) == "€1,042.50"
    assert percent(0.00254) == "0.25 %"


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (95, "1 h 35 min")]
)
def test_a_duration_names_only_what_there_is(minutes: int, written: str) -> None:
    assert duration(minutes) == written
