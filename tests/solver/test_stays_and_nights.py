"""Jobs one after the other at one place, and days that go over into the next."""

from typing import Any

import pytest

from solver import Plan, Problem, Status, check, solve
from tests.solver.examples import DAY, interpreter, problem, request

NIGHT = 1440


def planned(people: list[Any], asked: list[Any]) -> tuple[Problem, Plan]:
    """Return a problem with its plan, which is proven and keeps every rule."""
    question = problem(interpreters=people, requests=asked)
    plan = solve(question)
    assert plan.status is Status.OPTIMAL
    assert check(question, plan) == ()
    return question, plan


def hours(*days: tuple[int, int]) -> list[Any]:
    """Return days with these hours."""
    return [
        DAY | {"day": number, "available": [{"start": start, "end": end}]}
        for number, (start, end) in enumerate(days)
    ]


def talks(*begins: int, **more: Any) -> list[Any]:
    """Return talks of a quarter of an hour at the school, with five minutes before and after."""
    buffers = {"duration": 15, "buffer_before": 5, "buffer_after": 5}
    return [request(f"t{n}", begin, **(buffers | more)) for n, begin in enumerate(begins)]


def at(id_: str, place: str, begin: int) -> dict[str, Any]:
    return talks(begin, place=place)[0] | {"id": id_}


def test_talks_in_a_row_at_one_place_need_no_buffers_between_them():
    _, plan = planned([interpreter("ana")], talks(600, 615, 630, 645, 660))
    assert plan.filled == 5
    assert [stop.waiting for stop in plan.routes[0].stops] == [0, 0, 0, 0, 0]


def test_waiting_at_a_place_ends_with_the_buffer_of_the_next_talk():
    _, plan = planned([interpreter("ana")], talks(600, 640))
    assert [(stop.arrive, stop.waiting) for stop in plan.routes[0].stops] == [(595, 0), (615, 20)]


def test_calls_in_a_row_from_home_need_no_buffers_between_them():
    _, plan = planned([interpreter("ana")], talks(600, 615, ways=[{"way": "video"}]))
    assert plan.filled == 2


def test_at_two_places_both_buffers_are_kept():
    still = interpreter("ana", travel_profile=None)
    _, apart = planned([still], [at("a", "school", 600), at("b", "clinic", 625)])
    _, close = planned([still], [at("a", "school", 600), at("b", "clinic", 624)])
    assert (apart.filled, close.filled) == (2, 1)


def test_who_is_somewhere_else_in_between_comes_again_with_a_buffer():
    away = {"start": 640, "end": 650, "place": "home"}
    for begin, filled in ((675, 2), (674, 1)):
        person = interpreter("ana", busy=[away])
        _, plan = planned([person], talks(600, begin))
        assert plan.filled == filled


def test_a_break_lies_outside_the_buffers_at_one_place():
    pause = {"earliest": 615, "latest": 645, "length": 20}
    for begin, filled in ((645, 2), (644, 1)):
        person = interpreter("ana", days=[DAY | {"breaks": [pause]}])
        _, plan = planned([person], talks(600, begin))
        assert plan.filled == filled


def test_a_job_across_midnight_and_the_way_home_after_it_are_possible():
    _, plan = planned([interpreter("ana", days=hours((1200, NIGHT), (NIGHT, 1700)))], talks(1435))
    assert [(route.day, route.travel_home) for route in plan.routes] == [(0, 20)]


def test_hours_that_touch_within_a_day_are_one_time():
    spans = [{"start": 1200, "end": NIGHT}, {"start": NIGHT, "end": 1700}]
    _, plan = planned([interpreter("ana", days=[DAY | {"available": spans}])], talks(1435))
    assert plan.filled == 1


def test_hours_with_a_gap_are_two_times():
    _, plan = planned([interpreter("ana", days=hours((1200, 1439), (NIGHT, 1700)))], talks(1430))
    assert plan.filled == 0
    assert plan.unassigned[0].rules[0].rule == "availability"


def test_a_job_that_begins_at_midnight_belongs_to_the_new_day():
    _, plan = planned([interpreter("ana", days=hours((1200, NIGHT), (NIGHT, 1700)))], talks(NIGHT))
    assert [route.day for route in plan.routes] == [1]


@pytest.mark.parametrize(("begin", "filled"), [(1495, 2), (1494, 1)])
def test_between_two_days_a_person_has_been_at_home(begin, filled):
    days = hours((1200, NIGHT), (NIGHT, 1700))
    asked = [at("late", "clinic", 1435), at("early", "school", begin)]
    _, plan = planned([interpreter("ana", days=days)], asked)
    assert plan.filled == filled


def test_the_checker_rejects_days_without_the_way_home_between_them():
    days = hours((1200, NIGHT), (NIGHT, 1700))
    asked = [at("late", "clinic", 1435), at("early", "school", 1500)]
    question, plan = planned([interpreter("ana", days=days)], asked)
    sooner = question.model_copy(
        update={
            "requests": (
                question.requests[0],
                question.requests[1].model_copy(update={"earliest": 1490}),
            )
        }
    )
    moved = [
        route.model_copy(
            update={
                "stops": tuple(
                    stop.model_copy(update={"arrive": 1485, "begin": 1490, "end": 1505})
                    if stop.request == "early"
                    else stop
                    for stop in route.stops
                )
            }
        )
        for route in plan.routes
    ]
    found = check(sooner, plan.model_copy(update={"routes": tuple(moved)}))
    assert [item.code for item in found] == ["night"]


def test_who_works_late_is_told_why_not_early():
    days = hours((1200, NIGHT), (NIGHT, 1700))
    asked = [at("late", "clinic", 1435) | {"weight": 2}, at("early", "school", 1490)]
    _, plan = planned([interpreter("ana", days=days)], asked)
    why = plan.unassigned[0].reasons[0].violations
    assert [(item.rule, item.request, item.lacking) for item in why] == [("way_between", "late", 5)]
