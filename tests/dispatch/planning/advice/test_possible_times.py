"""Whoever asks sees when somebody could really come, before anything is asked for."""

from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from dispatch.availability.models import WeeklyHours
from dispatch.database import db
from dispatch.planning.advice.imagined import Wanted
from dispatch.planning.advice.possible_times import possible_times
from dispatch.requests.models import InterpretationRequest
from tests import factories

MONDAY = date(2027, 3, 1)
TUESDAY = date(2027, 3, 2)
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
"""Monday, nine o'clock in Dortmund."""


def wanted(**more: object) -> Wanted:
    return Wanted("ro", factories.site(), 60, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("session")
class TestPossibleTimes:
    def test_a_day_of_somebody_s_hours_is_offered_from_when_the_way_there_is_done(self) -> None:
        factories.interpreter("ro", hours=(10, 13))
        found = possible_times(wanted(), MONDAY, now=NOW)
        times = sorted(found.of_day[TUESDAY])
        assert times[0] > time(10)
        assert times[-1] < time(12)
        assert set(found.of_day[TUESDAY].values()) == {1}

    def test_it_says_how_many_could_come(self) -> None:
        for name in ("Mira", "Ana"):
            factories.interpreter("ro", name=name, hours=(8, 18))
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert found.of_day[TUESDAY][time(12)] == 2

    def test_who_comes_to_somebody_else_then_does_not_count(self) -> None:
        mira = factories.interpreter("ro", hours=(8, 18))
        taken = factories.asked(start=datetime(2027, 3, 2, 12, 0))
        factories.coming(taken, mira)
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert time(12) not in found.of_day[TUESDAY]
        assert time(16) in found.of_day[TUESDAY]

    def test_a_team_needs_enough_at_once(self) -> None:
        factories.interpreter("ro", hours=(8, 18))
        assert not possible_times(wanted(interpreter_count=2), MONDAY, now=NOW).any
        factories.interpreter("ro", name="Ana", hours=(12, 18))
        found = possible_times(wanted(interpreter_count=2), MONDAY, now=NOW)
        assert min(found.of_day[TUESDAY]) > time(12)

    def test_what_is_over_is_not_offered(self) -> None:
        factories.interpreter("ro")
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert min(found.of_day[MONDAY]) > time(9)
        assert not possible_times(wanted(), date(2027, 2, 22), now=NOW).any

    def test_who_wants_notice_is_not_offered_for_today(self) -> None:
        mira = factories.interpreter("ro")
        mira.availability.notice = 24
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert not found.of_day[MONDAY]
        assert found.of_day[date(2027, 3, 3)]

    def test_nobody_of_the_language_is_no_time(self) -> None:
        factories.interpreter("tr")
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert not found.any
        assert found.times == []

    def test_requirements_count(self) -> None:
        factories.interpreter("ro", gender="male")
        assert not possible_times(wanted(gender_required="female"), MONDAY, now=NOW).any

    def test_looking_stores_nothing(self) -> None:
        factories.interpreter("ro")
        possible_times(wanted(), MONDAY, now=NOW)
        db.session.flush()
        count = sa.select(sa.func.count()).select_from(InterpretationRequest)
        assert db.session.scalar(count) == 0

    def test_the_week_in_which_clocks_go_forward_has_its_times(self) -> None:
        factories.interpreter("ro")
        found = possible_times(wanted(), date(2027, 3, 22), now=NOW)
        assert found.of_day[date(2027, 3, 28)][time(12)] == 1
        assert found.of_day[date(2027, 3, 22)][time(12)] == 1

    def test_somebody_without_hours_on_a_day_leaves_it_empty(self) -> None:
        mira = factories.interpreter("ro")
        mira.availability.weekly_hours = [WeeklyHours(weekday=1, start=time(8), end=time(18))]
        found = possible_times(wanted(), MONDAY, now=NOW)
        assert [day for day, times in found.of_day.items() if times] == [TUESDAY]
