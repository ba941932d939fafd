"""A small problem in words that everything can be asked of, and ways to change it."""

from copy import deepcopy
from typing import Any

from solver import Problem

Json = dict[str, Any]

PLACES = [
    {"id": "home", "latitude": 51.51, "longitude": 7.46},
    {"id": "school", "latitude": 51.52, "longitude": 7.47},
    {"id": "clinic", "latitude": 51.49, "longitude": 7.45},
]
MATRIX = [[0, 20, 15], [20, 0, 30], [15, 30, 0]]
DAY = {
    "day": 0,
    "available": [{"start": 480, "end": 1020}],
    "start": "home",
    "end": "home",
}


def interpreter(id_: str, **more: Any) -> Json:
    """Return somebody who speaks Arabic and Turkish and is there all day."""
    return {
        "id": id_,
        "languages": [{"code": "apc", "level": 2}, {"code": "tur", "level": 2}],
        "gender": "f",
        "days": [deepcopy(DAY)],
        "travel_profile": "car",
        **more,
    }


def request(id_: str, earliest: int, **more: Any) -> Json:
    """Return a request for Arabic at the school, an hour long."""
    return {
        "id": id_,
        "earliest": earliest,
        "duration": 60,
        "place": "school",
        "languages": [{"code": "apc"}],
        **more,
    }


def question(**more: Any) -> Json:
    """Return two people and two requests as JSON; `more` replaces parts of it."""
    base = {
        "interpreters": [interpreter("ana"), interpreter("ben")],
        "requests": [request("r1", 600), request("r2", 720)],
        "travel": {"places": PLACES, "profiles": [{"id": "car", "matrix": MATRIX}]},
    }
    return deepcopy(base | more)


def problem(**more: Any) -> Problem:
    """Return the same as a problem."""
    return Problem.model_validate(question(**more))
