"""Tasks with fixed times and a price for each person who comes."""

from itertools import pairwise
from random import Random
from typing import Any

from solver import Problem

SHIFT = 600


def shifts(seed: int, people: int, spare: int) -> Problem:
    """Return tasks that so many people can do without a gap; some more are there and may help.

    Each day of work is cut into tasks, so that all of them are busy at every moment.
    """
    chance = Random(seed)
    tasks: list[tuple[int, int, int]] = []
    for person in range(people):
        cuts = sorted({0, SHIFT, *(chance.randrange(60, 540, 15) for _ in range(5))})
        tasks += [(person, start, end) for start, end in pairwise(cuts)]
    chance.shuffle(tasks)
    able: list[set[int]] = [set() for _ in range(people + spare)]
    for number, (person, _, _) in enumerate(tasks):
        able[person].add(number)
        for other in range(people + spare):
            if chance.random() < 0.4:
                able[other].add(number)
    return Problem.model_validate(
        {
            "interpreters": [_person(number, own) for number, own in enumerate(able)],
            "requests": [_task(number, start, end) for number, (_, start, end) in enumerate(tasks)],
            "travel": {"places": [{"id": "here"}]},
            "weights": {
                "levels": [
                    {"name": "tasks", "terms": [{"term": "coverage"}]},
                    {"name": "people", "terms": [{"term": "day_fee"}]},
                ]
            },
        }
    )


def _person(number: int, able: set[int]) -> dict[str, Any]:
    return {
        "id": f"w{number}",
        "languages": [{"code": f"t{task}"} for task in sorted(able)],
        "days": [{"day": 0, "available": [{"start": 0, "end": SHIFT}]}],
        "cost_per_day": 1,
    }


def _task(number: int, start: int, end: int) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "earliest": start,
        "duration": end - start,
        "place": "here",
        "languages": [{"code": f"t{number}"}],
    }
