"""Home care routing with two carers at once (Mankowska, Meisel, Bierwirth 2014).

What differs: lateness is not in our problem, so windows are hard; two services one after the
other are two requests with windows that keep the gap; starts lie on a grid. A plan that serves
everybody is one for the set as well, at a third of its distance.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

from bench.solver.public.solving import Case, Solved, solved
from solver import Problem

TENTHS = 10
STEP = 50
DIFFERS = (
    "no lateness (windows are hard), services one after the other in windows that keep their "
    "gap, starts every 5 minutes"
)
SHARE_OF_DISTANCE = 3


def cases(folder: Path) -> Iterator[Case]:
    """Yield the instances with their best known cost."""
    table = (folder / "hhcrsp" / "best_known.md").read_text()
    for row in table.splitlines()[2:]:
        name, *_, cost, _ = (cell.strip() for cell in row.strip("|").split("|"))
        path = folder / "hhcrsp" / name
        yield Case("hhcrsp", path.stem, str(path), 1, float(cost), DIFFERS)


def problem_of(data: dict[str, Any]) -> Problem:
    """State the patients: covering all comes first, then distance in tenths, rounded up."""
    places = ["home", *(patient["id"] for patient in data["patients"])]
    ways = [[ceil(round(TENTHS * way, 6)) for way in row] for row in data["distances"]]
    return Problem.model_validate(
        {
            "interpreters": [_carer(carer) for carer in data["caregivers"]],
            "requests": [each for patient in data["patients"] for each in _requests(patient)],
            "travel": {
                "places": [{"id": place} for place in places],
                "profiles": [{"id": "way", "matrix": ways}],
            },
            "weights": {
                "levels": [
                    {"name": "patients", "terms": [{"term": "coverage"}]},
                    {"name": "distance", "terms": [{"term": "travel"}]},
                ]
            },
        }
    )


def solve(path: str, number: int, budget_s: float) -> dict[str, Any]:
    """Solve one instance; the value is the cost of the set, when everybody is served."""
    del number
    data = json.loads(Path(path).read_text())
    found = solved(problem_of(data), budget_s, lambda visits: _judged(data, visits), level=1)
    if found["bound"] is not None:
        found["bound"] = round(found["bound"] / TENTHS / SHARE_OF_DISTANCE, 1)
    return found


def _carer(carer: dict[str, Any]) -> dict[str, Any]:
    whole_day = {"start": 0, "end": 10_000 * TENTHS}
    return {
        "id": carer["id"],
        "languages": [{"code": ability} for ability in carer["abilities"]],
        "days": [{"day": 0, "available": [whole_day], "start": "home", "end": "home"}],
        "travel_profile": "way",
    }


def _requests(patient: dict[str, Any]) -> Iterator[dict[str, Any]]:
    services = patient["required_caregivers"]
    opens, closes = (round(TENTHS * minute) for minute in patient["time_window"])
    together = patient.get("synchronization", {"type": "simultaneous"})
    if together["type"] == "simultaneous":
        yield _request(patient, services, (opens, closes))
    else:
        least, most = (round(TENTHS * gap) for gap in together["distance"])
        room = (most - least) // 2
        yield _request(patient, services[:1], (opens, opens + room))
        yield _request(patient, services[1:], (opens + room + least, min(closes, opens + most)))


def _request(
    patient: dict[str, Any], services: Sequence[dict[str, Any]], window: tuple[int, int]
) -> dict[str, Any]:
    """State one service, or two at once by two people of whom each does one."""
    names = [service["service"] for service in services]
    return {
        "id": f"{patient['id']} {'+'.join(names)} {window[0]}",
        "earliest": window[0],
        "latest": window[1],
        "step": STEP,
        "duration": round(TENTHS * max(service["duration"] for service in services)),
        "place": patient["id"],
        "languages": [{"code": names[0], "relay": names[1] if len(names) > 1 else None}],
    }


def _judged(data: dict[str, Any], visits: Solved) -> tuple[float, str]:
    """Return a third of the distance, and how many services are missing."""
    number = {patient["id"]: at + 1 for at, patient in enumerate(data["patients"])}
    distance = 0.0
    for stops in visits.values():
        path = [0, *(number[name.split()[0]] for name, _ in stops), 0]
        distance += sum(data["distances"][one][two] for one, two in pairwise(path))
    wanted = sum(len(patient["required_caregivers"]) for patient in data["patients"])
    missing = wanted - sum(len(stops) for stops in visits.values())
    return (
        round(distance / SHARE_OF_DISTANCE, 1),
        f"{missing} of {wanted} services not done" if missing else "",
    )
