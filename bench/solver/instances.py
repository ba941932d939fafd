"""Reads the measuring instances and states them as problems, with their objective."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from solver import Problem

ROAD_FACTOR = 1.3
CENTS = 100
POINTS_PER_WEIGHT = 1000


def read(path: Path) -> dict[str, Any]:
    """Return an instance as it stands in its file."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found: dict[str, Any] = json.loads(data)
    return found


def problem_of(data: dict[str, Any]) -> Problem:
    """State an instance as a problem: one level, 1,000 euro per unit of covered weight."""
    speeds = sorted({item["speed_kmh"] for item in data["interpreters"]})
    places = [_place(item["id"], item) for item in data["requests"]]
    places += [_place(item["id"], item) for item in data["interpreters"]]
    return Problem.model_validate(
        {
            "interpreters": [_interpreter(item) for item in data["interpreters"]],
            "requests": [_request(item) for item in data["requests"]],
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


def _place(id_: str, item: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "latitude": item["lat"], "longitude": item["lon"]}


def _interpreter(item: dict[str, Any]) -> dict[str, Any]:
    spans = [{"start": start, "end": end} for start, end in item["availability"]]
    return {
        "id": item["id"],
        "languages": [{"code": code, "level": n} for code, n in item["languages"].items()],
        "qualifications": [{"name": name} for name in item["quals"]],
        "gender": item["gender"],
        "days": [{"day": 0, "available": spans, "start": item["id"], "end": item["id"]}],
        "travel_profile": str(item["speed_kmh"]),
        "radius_km": item["radius_km"],
        "limits": {"minutes_per_day": item["max_minutes"]},
        "cost_per_hour": item["fee_per_hour"] * CENTS,
    }


def _request(item: dict[str, Any]) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"kind": "level", "level": item["min_level"]}]
    if item["qualification"]:
        conditions.append({"kind": "qualification", "name": item["qualification"]})
    if item["gender"] and item["gender_required"]:
        conditions.append({"kind": "gender", "gender": item["gender"]})
    if item["excluded"]:
        conditions.append({"kind": "excluded", "interpreters": item["excluded"]})
    return {
        "id": item["id"],
        "earliest": item["earliest"],
        "latest": item["latest"],
        "step": item["step"],
        "duration": item["duration"],
        "place": item["id"],
        "languages": [{"code": item["lang"]}],
        "weight": item["weight"],
        "interpreters": item["n_interpreters"],
        "conditions": conditions,
    }
