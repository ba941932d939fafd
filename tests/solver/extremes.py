"""Problems that nobody means to ask and somebody will: very wide, very many, very long."""

from typing import Any

from solver import Problem
from tests.solver.examples import DAY, interpreter, request

Json = dict[str, Any]
VIDEO = [{"way": "video"}]
ROUND_ABOUT = [[0, 5, 90], [5, 0, 5], [90, 5, 0]]


def _problem(people: list[Json], asked: list[Json], **more: Any) -> Problem:
    return Problem.model_validate({"interpreters": people, "requests": asked, **more})


def _at_home(id_: str, days: int = 1, **more: Any) -> Json:
    week = [
        {**DAY, "day": n, "available": [{"start": 1440 * n + 480, "end": 1440 * n + 1020}], **more}
        for n in range(days)
    ]
    return {"id": id_, "languages": [{"code": "apc"}], "days": week}


def _asked(count: int, earliest: int, latest: int, step: int = 15, **more: Any) -> list[Json]:
    window = {"latest": latest, "step": step, "duration": 30, "languages": [{"code": "apc"}]}
    return [request(f"r{n}", earliest, **(window | {"ways": VIDEO} | more)) for n in range(count)]


def windows_of_a_week() -> Problem:
    """Return forty talks at any time of a week."""
    people = [_at_home(f"i{n}", days=7) for n in range(5)]
    return _problem(people, _asked(40, 480, 480 + 6 * 1440), travel=_round_about())


def one_person_asked_for_everything() -> Problem:
    """Return 500 talks at any time of one person's day: from 8 to half past four 17 fit."""
    return _problem([_at_home("ana")], _asked(500, 480, 960), travel=_round_about())


def a_thousand_equal_jobs() -> Problem:
    """Return a thousand talks that nothing tells apart but their names, for ten people."""
    people = [_at_home(f"i{n}") for n in range(10)]
    return _problem(people, _asked(1000, 600, 600), travel=_round_about())


def breaks_as_long_as_the_day() -> Problem:
    """Return people whose break leaves time for nothing."""
    pause = {"earliest": 480, "latest": 1020, "length": 540}
    people = [_at_home(f"i{n}", breaks=[pause]) for n in range(5)]
    return _problem(people, _asked(20, 480, 960), travel=_round_about())


def ways_that_are_shorter_by_way_of_another_place() -> Problem:
    """Return jobs at three places; from the first to the last it is quicker by the second."""
    people = [interpreter(f"i{n}") for n in range(4)]
    asked = [
        request(f"r{n}", 480, latest=960, step=30, place=place, ways=[{"way": "on_site"}])
        for n, place in enumerate(["home", "school", "clinic"] * 8)
    ]
    return _problem(people, asked, travel=_round_about())


def _round_about() -> Json:
    places = [{"id": name} for name in ("home", "school", "clinic")]
    return {"places": places, "profiles": [{"id": "car", "matrix": ROUND_ABOUT}]}


# Each with how many can be filled within seconds, and the least weight any plan leaves open.
EXTREMES = {
    "windows of a week": (windows_of_a_week, 0, 0),
    "500 jobs for one person": (one_person_asked_for_everything, 15, 483),
    "a thousand equal jobs": (a_thousand_equal_jobs, 10, 990),
    "breaks as long as the day": (breaks_as_long_as_the_day, 0, 20),
    "ways that break the triangle": (ways_that_are_shorter_by_way_of_another_place, 20, 0),
}
