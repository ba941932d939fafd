"""Random days with more to do than people can: every rule stops somebody; each place is its own."""

from functools import cache
from random import Random
from typing import Any

from solver import Plan, Problem, solve

LANGUAGES = ("apc", "tur")
PEOPLE, REQUESTS = 6, 9


def problem(seed: int) -> Problem:
    """Return the problem of a seed; its weights are the usual ones, every request counts."""
    random = Random(seed)
    people = [_interpreter(random, number) for number in range(PEOPLE)]
    asked = [_request(random, number) for number in range(REQUESTS)]
    places = [_place(random, f"home{n}") for n in range(PEOPLE)]
    places += [_place(random, f"site{n}") for n in range(REQUESTS)]
    return Problem.model_validate(
        {
            "interpreters": people,
            "requests": asked,
            "travel": {"places": places, "profiles": [{"id": "car", "fixed": 5, "per_km": 2.0}]},
        }
    )


@cache
def planned(seed: int) -> tuple[Problem, Plan]:
    """Return the problem of a seed with its best plan."""
    asked = problem(seed)
    return asked, solve(asked, time_limit_s=60)


def _place(random: Random, id_: str) -> dict[str, Any]:
    north, east = random.random() / 5, random.random() / 5
    return {"id": id_, "latitude": 51.4 + north, "longitude": 7.3 + east}


def _interpreter(random: Random, number: int) -> dict[str, Any]:
    begin, end = random.choice([480, 540, 600]), random.choice([660, 720, 780])
    spoken = random.sample(LANGUAGES, random.choice([1, 1, 2]))
    held = [{"name": "sworn", "valid_until": random.choice([None, 620])}]
    pause = {"earliest": 560, "latest": 680, "length": 30}
    busy = {"start": 610, "end": 640, "place": random.choice([None, f"home{number}"])}
    return {
        "id": f"i{number}",
        "languages": [{"code": code, "level": random.randint(1, 3)} for code in spoken],
        "qualifications": held if random.random() < 0.5 else [],
        "gender": random.choice(["f", "m"]),
        "days": [
            {
                "day": 0,
                "available": [{"start": begin, "end": end}],
                "start": f"home{number}",
                "end": f"home{number}",
                "breaks": [pause] if random.random() < 0.3 else [],
            }
        ],
        "busy": [busy] if random.random() < 0.3 else [],
        "travel_profile": "car",
        "radius_km": random.choice([None, None, 12.0]),
        "limits": {
            "minutes_per_day": random.choice([None, 90]),
            "jobs_per_day": random.choice([None, None, 1]),
            "minutes_per_week": random.choice([None, None, 100]),
            "jobs_per_week": random.choice([None, None, 2]),
        },
        "cost_per_hour": 3000 + number,
        "cost_per_travel_unit": 10,
    }


def _request(random: Random, number: int) -> dict[str, Any]:
    begin = random.randrange(500, 700, 10)
    people = random.choice([1, 1, 1, 1, 2])
    code, relay = random.sample(LANGUAGES, 2)
    relayed = people == 1 and random.random() < 0.1
    return {
        "id": f"r{number}",
        "earliest": begin,
        "latest": begin + random.choice([0, 0, 30]),
        "step": 30,
        "duration": random.choice([30, 45, 60]),
        "place": f"site{number}",
        "buffer_before": random.choice([0, 0, 5]),
        "languages": [{"code": code, "relay": relay if relayed else None}],
        "interpreters": people,
        "weight": random.choice([1, 2, 3]),
        "conditions": _conditions(random),
    }


def _conditions(random: Random) -> list[dict[str, Any]]:
    someone = [f"i{random.randrange(PEOPLE)}"]
    possible: list[dict[str, Any]] = [
        {"kind": "level", "level": random.randint(2, 3)},
        {"kind": "qualification", "name": "sworn"},
        {"kind": "gender", "gender": random.choice(["f", "m"])},
        {"kind": "preferred", "interpreters": someone},
        {"kind": "excluded", "interpreters": someone},
        {"kind": "continuity", "interpreters": someone},
    ]
    chosen = [item for item in possible if random.random() < 0.12]
    return [item | {"penalty": random.choice([None, None, 10])} for item in chosen]
