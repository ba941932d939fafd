"""Small problems with wide windows: days on which a few short jobs could be done in any order."""

from copy import deepcopy
from random import Random
from typing import Any

from solver import Problem
from tests.solver.examples import DAY

Json = dict[str, Any]
CORNERS = 6


def wide(seed: int, people: int, requests: int, widen: int = 240) -> Problem:
    """Return so many people and requests, each with a window that is `widen` wider either way.

    Whatever `widen` is, everything else is the same.
    """
    return Problem.model_validate(question(seed, people, requests, widen))


def question(seed: int, people: int, requests: int, widen: int = 240) -> Json:
    """Return the same as JSON."""
    chance = Random(seed)
    ways = [
        [0 if a == b else chance.randint(5, 40) for a in range(CORNERS)] for b in range(CORNERS)
    ]
    places = [{"id": f"p{n}", "latitude": 51.5 + n / 100, "longitude": 7.4} for n in range(CORNERS)]
    return {
        "interpreters": [interpreter(f"i{n}", chance) for n in range(people)],
        "requests": [request(f"r{n}", chance, widen) for n in range(requests)],
        "travel": {"places": places, "profiles": [{"id": "car", "matrix": ways}]},
    }


def interpreter(id_: str, chance: Random) -> Json:
    """Return somebody who is there all day."""
    place = f"p{chance.randrange(CORNERS)}"
    return {
        "id": id_,
        "languages": [{"code": code} for code in chance.sample(["apc", "tur"], 1)],
        "days": [deepcopy(DAY) | {"start": place, "end": place}],
        "travel_profile": "car",
        "limits": {"minutes_per_day": chance.choice([None, 240, 360])},
    }


def request(id_: str, chance: Random, widen: int) -> Json:
    """Return a short job; one in six needs two people."""
    start, length = chance.randrange(540, 900, 30), chance.choice([30, 45, 60])
    return {
        "id": id_,
        "earliest": start - widen // 30 * 30,
        "latest": start + widen // 30 * 30,
        "step": 30,
        "duration": length,
        "place": f"p{chance.randrange(CORNERS)}",
        "languages": [{"code": chance.choice(["apc", "tur"])}],
        "weight": chance.randint(1, 3),
        "interpreters": chance.choice([1, 1, 1, 1, 1, 2]),
    }


def short_jobs(count: int, minutes: int = 6) -> Problem:
    """Return one person and so many short jobs at one place, any time of the day."""
    asked = [
        {
            "id": f"r{n}",
            "earliest": 480,
            "latest": 1020 - minutes,
            "step": 10,
            "duration": minutes,
            "languages": [{"code": "apc"}],
            "ways": [{"way": "video"}],
        }
        for n in range(count)
    ]
    person = {"id": "ana", "languages": [{"code": "apc"}], "days": [{**DAY, "start": None}]}
    person["days"][0]["end"] = None  # type: ignore[index]
    return Problem.model_validate({"interpreters": [person], "requests": asked})
