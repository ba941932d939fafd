"""Saying when to be asked: what is refused, what becomes one, what the record keeps."""

from dataclasses import replace
from datetime import date, time

import pytest

from dispatch import cities
from dispatch.availability import service
from dispatch.availability.models import Availability
from dispatch.availability.rules import (
    ConditionDetails,
    DayDetails,
    Exceptional,
    NoticeUnit,
    WeeklyDetails,
    require_day,
    require_order,
    require_weekly,
)
from dispatch.database import db, transaction
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from tests import factories
from tests.factories import NOW

DORTMUND = cities.named("dortmund")
MORNING = WeeklyDetails([0], time(9), time(12))


@pytest.fixture
def mira(session, frozen_clock) -> Interpreter:
    """Somebody of the pool who has not said yet when to be asked."""
    with transaction():
        one = factories.interpreter()
        one.availability.weekly_hours = []
    return one


def add(who: Interpreter, details: WeeklyDetails) -> list[tuple[int, str, str]]:
    with transaction():
        service.add_hours(SYSTEM, who.availability_id, details, whose=about(who), now=NOW)
    return week(who)


def week(who: Interpreter) -> list[tuple[int, str, str]]:
    db.session.expire_all()
    return [
        (one.weekday, f"{one.start:%H:%M}", f"{one.end:%H:%M}")
        for one in db.session.get_one(Availability, who.availability_id).weekly_hours
    ]


def about(who: Interpreter) -> Concerning:
    return Concerning(interpreter=who.id)


def test_hours_that_overlap_or_touch_become_one(mira: Interpreter) -> None:
    add(mira, MORNING)
    add(mira, replace(MORNING, weekdays=[0, 1], start=time(11), end=time(15)))
    assert week(mira) == [(0, "09:00", "15:00"), (1, "11:00", "15:00")]
    assert add(mira, replace(MORNING, start=time(15), end=time(18)))[0] == (0, "09:00", "18:00")
    assert add(mira, replace(MORNING, start=time(17), end=time(1)))[0] == (0, "09:00", "01:00")


def test_hours_of_another_season_or_way_stay_apart(mira: Interpreter) -> None:
    add(mira, MORNING)
    add(mira, replace(MORNING, valid_from=date(2027, 6, 1)))
    assert len(add(mira, replace(MORNING, ways=["video"]))) == 3


def test_hours_are_taken_out_and_only_ones_own_are_there(mira: Interpreter) -> None:
    add(mira, MORNING)
    own = mira.availability.weekly_hours[0].id
    with transaction():
        other = factories.interpreter()
    foreign = other.availability.weekly_hours[0].id
    with transaction():
        service.remove_hours(SYSTEM, mira.availability_id, own, whose=about(mira), now=NOW)
    assert week(mira) == []
    with pytest.raises(NotFound), transaction():
        service.remove_hours(SYSTEM, mira.availability_id, foreign, whose=about(mira), now=NOW)
    changes = ledger.history(about(mira))
    assert [(one.kind, one.fields) for one in changes] == [
        ("availability.changed", ["weekly_hours"])
    ] * 2


def test_a_day_off_and_hours_of_the_same_day_replace_each_other(mira: Interpreter) -> None:
    day = date(2027, 3, 8)
    also = DayDetails(day, Exceptional.ALSO, time(9), time(10))
    for details in (
        also,
        replace(also, start=time(11), end=time(12)),
        DayDetails(day, Exceptional.OFF),
    ):
        with transaction():
            service.add_day(
                SYSTEM, mira.availability_id, details, whose=about(mira), now=NOW, city=DORTMUND
            )
    assert [one.kind for one in mira.availability.exceptional_days] == ["off"]
    with transaction():
        service.add_day(
            SYSTEM, mira.availability_id, also, whose=about(mira), now=NOW, city=DORTMUND
        )
    assert [one.kind for one in mira.availability.exceptional_days] == ["also"]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (time(9), time(9), "no-length"),
        (time(17), time(9), "end-before-begin"),
        (time(12), time(8), "end-before-begin"),
        (time(22), time(6), None),
        (time(18), time(0), None),
        (time(0), time(0), None),
    ],
)
def test_times_have_a_length_and_an_order_or_are_a_night(start, end, code) -> None:
    if code is None:
        require_order(start, end)
        return
    with pytest.raises(Refusal) as refused:
        require_order(start, end)
    assert (refused.value.code, refused.value.field) == (code, "end")


def test_what_is_missing_or_in_the_past_is_named(session) -> None:
    today = date(2027, 3, 1)
    wrong = [
        (lambda: require_weekly(replace(MORNING, weekdays=[])), "weekdays"),
        (lambda: require_weekly(replace(MORNING, ways=[])), "ways"),
        (
            lambda: require_weekly(
                replace(MORNING, valid_from=today, valid_until=date(2027, 2, 1))
            ),
            "valid_until",
        ),
        (lambda: require_day(DayDetails(date(2027, 2, 28), Exceptional.OFF), today), "day"),
        (lambda: require_day(DayDetails(today, Exceptional.INSTEAD), today), "start"),
    ]
    for say, field in wrong:
        with pytest.raises(Refusal) as refused:
            say()
        assert refused.value.field == field
        assert str(refused.value.text)


def conditions(who: Interpreter, details: ConditionDetails, version: int | None = None) -> None:
    with transaction():
        service.set_conditions(
            SYSTEM,
            who.availability_id,
            details,
            districts=["Hörde", "Innenstadt-West"],
            whose=about(who),
            now=NOW,
            expected_version=version,
        )


PLAIN = ConditionDetails(0, NoticeUnit.HOURS, [], False, True)


def test_two_people_who_change_the_same_conditions_lose_nothing(mira: Interpreter) -> None:
    seen = mira.availability.version
    conditions(mira, replace(PLAIN, notice=48), seen)
    with pytest.raises(Conflict):
        conditions(mira, replace(PLAIN, regions=["Hörde"]), seen)
    with pytest.raises(Refusal, match="Atlantis"):
        conditions(mira, replace(PLAIN, regions=["Atlantis"]))
    with pytest.raises(Refusal, match="336"):
        conditions(mira, replace(PLAIN, notice=10_000))
