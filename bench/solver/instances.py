"""Finds the measuring instances, and states them as problems with their objective."""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.solver.day import CENTS, POINTS_PER_WEIGHT, ROAD_FACTOR, Ask, Day, Person
from bench.solver.generator import generated
from bench.solver.scoring import available, near, travel_minutes
from solver import Problem

FOLDER = "DRAGOMAN_BENCH_DIR"


def read(path: Path) -> Day:
    """Return the instance in a file, packed or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = json.loads(data)
    return Day(
        path.name.split(".")[0],
        tuple(Person.of(item) for item in found["interpreters"]),
        tuple(Ask.of(item) for item in found["requests"]),
    )


def folder() -> Path | None:
    """Return where the instances lie; None: they are generated."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else None


def named(name: str) -> Day:
    """Return the instance of this name (`city`, `region-flex`, `nation-scarce`, `city+480`, ...).

    From the folder in DRAGOMAN_BENCH_DIR, its `instances` included; without one, or for a plain
    number of requests, of our own generator. `+480` widens every window by so many minutes to both
    sides. Raises FileNotFoundError if the folder has none of this name.
    """
    plain, _, minutes = name.partition("+")
    if minutes:
        return widened(named(plain), int(minutes))
    inside = folder()
    if inside is None or name.partition("-")[0].isdigit():
        return generated(name)
    for place in (inside, inside / "instances"):
        for path in (place / f"{name}.json", place / f"{name}.json.gz"):
            if path.exists():
                return read(path)
    raise FileNotFoundError(f"{FOLDER} holds no {name}.json and no {name}.json.gz")


def widened(day: Day, minutes: int) -> Day:
    """Return the day with every window wider by so many minutes to both sides.

    Within the hours in which anybody is available, and a window that is no longer open for the
    whole talk there stays as it is.
    """
    spans = [span for person in day.people for span in person.availability]
    opens, closes = min(start for start, _ in spans), max(end for _, end in spans)

    def wider(ask: Ask) -> Ask:
        steps = minutes // ask.step
        before = min(steps, max(0, (ask.earliest - opens) // ask.step))
        after = min(steps, max(0, (closes - ask.duration - ask.latest) // ask.step))
        return replace(
            ask, earliest=ask.earliest - before * ask.step, latest=ask.latest + after * ask.step
        )

    return Day(f"{day.name}+{minutes}", day.people, tuple(wider(ask) for ask in day.asks))


def problem_of(day: Day) -> Problem:
    """State an instance as a problem with one level.

    A hundredth of a point is the unit, so that fees by the half hour stay whole numbers.
    """
    reach = _reach(day)
    speeds = sorted({person.speed_kmh for person in day.people})
    places = [_place(ask) for ask in day.asks] + [_place(person) for person in day.people]
    return Problem.model_validate(
        {
            "interpreters": [
                _interpreter(person, reach.proofs[person.id]) for person in day.people
            ],
            "requests": [_request(ask, reach) for ask in day.asks],
            "travel": {
                "places": places,
                "profiles": [
                    {"id": str(speed), "per_km": ROAD_FACTOR / speed * 60} for speed in speeds
                ],
            },
            "weights": {"levels": [{"name": "points", "terms": _terms()}]},
        }
    )


def _terms() -> list[dict[str, Any]]:
    return [
        {"term": "coverage", "factor": POINTS_PER_WEIGHT * CENTS},
        {"term": "fee", "factor": 1},
        {"term": "travel", "factor": CENTS},
    ]


def _place(item: Person | Ask) -> dict[str, Any]:
    return {"id": item.id, "latitude": item.lat, "longitude": item.lon}


@dataclass(frozen=True, slots=True)
class Reach:
    """Who of the people with several spans cannot be at a request because of the way home.

    Our rules let them go straight from a morning to an afternoon job; the instances want the job
    and the way between it and home within one span. `never` are those for whom no start is left.
    Where some are, `proofs` says, per person, when the job may be, as a qualification with dates.
    """

    never: dict[str, list[str]]
    proofs: dict[str, list[dict[str, Any]]]
    cut: set[str]


def _reach(day: Day) -> Reach:
    speakers: dict[str, list[Person]] = defaultdict(list)
    for person in day.people:
        for code in person.languages:
            speakers[code].append(person)
    reach = Reach(defaultdict(list), defaultdict(list), set())
    for ask in day.asks:
        split = [person for person in speakers[ask.lang] if _concerned(person, ask)]
        left = {
            person.id: [available(person, ask, start) for start in ask.starts()] for person in split
        }
        reach.never[ask.id] += [id_ for id_, starts in left.items() if not any(starts)]
        if any(any(starts) and not all(starts) for starts in left.values()):
            reach.cut.add(ask.id)
            for person in speakers[ask.lang]:
                reach.proofs[person.id] += _proofs(person, ask)
    return reach


def _concerned(person: Person, ask: Ask) -> bool:
    return (
        len(person.availability) > 1
        and person.languages[ask.lang] >= ask.min_level
        and near(person, ask)
    )


def _proofs(person: Person, ask: Ask) -> list[dict[str, Any]]:
    way = travel_minutes(person, person, ask)
    return [
        {"name": f"reach {ask.id}", "valid_from": start + way, "valid_until": end - way}
        for start, end in person.availability
        if end - start > 2 * way
    ]


def _interpreter(person: Person, proofs: list[dict[str, Any]]) -> dict[str, Any]:
    spans = [{"start": start, "end": end} for start, end in person.availability]
    return {
        "id": person.id,
        "languages": [{"code": code, "level": n} for code, n in person.languages.items()],
        "qualifications": [
            *({"name": name} for name in person.quals),
            *proofs,
        ],
        "gender": person.gender,
        "days": [{"day": 0, "available": spans, "start": person.id, "end": person.id}],
        "travel_profile": str(person.speed_kmh),
        "radius_km": person.radius_km,
        "limits": {"minutes_per_day": person.max_minutes},
        "cost_per_hour": person.fee_per_hour * CENTS,
    }


def _request(ask: Ask, reach: Reach) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"kind": "level", "level": ask.min_level}]
    if ask.qualification:
        conditions.append({"kind": "qualification", "name": ask.qualification})
    if ask.id in reach.cut:
        conditions.append({"kind": "qualification", "name": f"reach {ask.id}"})
    if ask.gender and ask.gender_required:
        conditions.append({"kind": "gender", "gender": ask.gender})
    excluded = sorted({*ask.excluded, *reach.never[ask.id]})
    if excluded:
        conditions.append({"kind": "excluded", "interpreters": excluded})
    return {
        "id": ask.id,
        "earliest": ask.earliest,
        "latest": ask.latest,
        "step": ask.step,
        "duration": ask.duration,
        "place": ask.id,
        "languages": [{"code": ask.lang}],
        "weight": ask.weight,
        "interpreters": ask.n_interpreters,
        "conditions": conditions,
    }
