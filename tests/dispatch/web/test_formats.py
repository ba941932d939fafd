"""How times, durations and money read in each language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from dispatch.web.formats import (
    date_in,
    duration,
    local_date,
    local_datetime,
    local_time,
    money,
    percent,
    short_date_in,
    time_in,
)

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
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


FIRST_HALF_PAST_TWO = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
SECOND_HALF_PAST_TWO = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize(
    ("instant", "locale", "written"),
    [
        (FIRST_HALF_PAST_TWO, "de", "02:30 (Sommerzeit)"),
        (SECOND_HALF_PAST_TWO, "de", "02:30 (Winterzeit)"),
        (FIRST_HALF_PAST_TWO, "en", "02:30 (summer time)"),
        (SECOND_HALF_PAST_TWO, "en", "02:30 (winter time)"),
        (TUESDAY, "de", "10:05"),
    ],
)
def test_a_message_says_which_of_two_hours_of_one_name_it_means(
    instant: datetime, locale: str, written: str
) -> None:
    assert time_in(instant, BERLIN, locale) == written


@pytest.mark.usefixtures("in_german")
def test_a_page_says_which_of_two_hours_of_one_name_it_means() -> None:
    assert local_time(FIRST_HALF_PAST_TWO) == "02:30 (Sommerzeit)"
    assert local_datetime(SECOND_HALF_PAST_TWO) == "So., 31.10., 02:30 (Winterzeit)"


@pytest.mark.usefixtures("in_german")
def test_the_year_is_named_where_it_is_not_this_one() -> None:
    new_year = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    assert short_date_in(TUESDAY, BERLIN, "de") == "Di 02.03."
    assert short_date_in(new_year, BERLIN, "de") == "Sa 01.01.28"
    assert short_date_in(new_year, BERLIN, "en") == "Sat 1 Jan 28"
    assert date_in(new_year, BERLIN, "de") == "Sa., 01.01.2028"
    assert local_datetime(new_year) == "Sa., 1.1.2028, 00:30"
