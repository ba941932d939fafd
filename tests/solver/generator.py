"""Small random problems with every feature of the format, switched on and off by seed."""

from random import Random
from typing import Any

from solver import Problem

LANGUAGES = ("apc", "tur", "kmr")
WEEKDAY = 1440


def problem(seed: int, people: int = 3, requests: int = 4) -> Problem:
    """Return the problem of a seed."""
    random = Random(seed)
    interpreters = [_interpreter(random, f"i{n}") for n in range(random.randint(1, people))]
    asked = [
        _request(random, f"r{n}", len(interpreters)) for n in range(random.randint(1, requests))
    ]
    return Problem.model_validate(
        {
            "interpreters": interpreters,
            "requests": asked,
            "travel": _travel(random),
            "commitments": _commitments(random, interpreters, asked),
            "disturb_at_most": random.choice([None, None, 2]),
            "weights": _weights(random),
        }
    )


def _travel(random: Random) -> dict[str, Any]:
    places = [
        {"id": f"p{n}", "latitude": 51.5 + n / 50, "longitude": 7.4 + n * n / 200} for n in range(4)
    ]
    matrix = [
        [0 if a == b else random.choice([5, 10, 20, 30, 60]) for a in range(4)] for b in range(4)
    ]
    if random.random() < 0.2:
        matrix[0][1] = None
    profiles = [{"id": "matrix", "matrix": matrix}, {"id": "car", "fixed": 3, "per_km": 2.5}]
    return {"places": places, "profiles": profiles}


def _place(random: Random) -> str:
    return f"p{random.randrange(4)}"


def _interpreter(random: Random, id_: str) -> dict[str, Any]:
    spoken = random.sample(LANGUAGES, random.choice([1, 1, 2, 3]))
    return {
        "id": id_,
        "languages": [{"code": code, "level": random.randint(1, 3)} for code in spoken],
        "qualifications": _qualifications(random),
        "gender": random.choice(["f", "m", None]),
        "days": [_day(random, number) for number in range(random.choice([1, 1, 2]))],
        "busy": _busy(random),
        "paid_idle": [{"start": 600, "end": 660}] if random.random() < 0.2 else [],
        "travel_profile": random.choice(["matrix", "car", None]),
        "radius_km": random.choice([None, None, None, 4.0]),
        "limits": _limits(random),
        "worked": [{"week": 0, "minutes": 30, "jobs": 1}] if random.random() < 0.2 else [],
        "cost_per_hour": random.choice([0, 2500, 4150]),
        "cost_per_travel_unit": random.choice([0, 7]),
        "cost_per_day": random.choice([0, 1000]),
        "tier": random.choice([0, 0, 1]),
        "committed_load": random.choice([0, 60, 200]),
        "fair_share": random.choice([None, 100]),
    }


def _qualifications(random: Random) -> list[dict[str, Any]]:
    if random.random() < 0.5:
        return []
    until = random.choice([None, 620, 5000])
    return [{"name": "sworn", "valid_from": random.choice([None, 500]), "valid_until": until}]


def _day(random: Random, number: int) -> dict[str, Any]:
    noon = random.choice([None, 640, 700])
    begin, end = random.choice([480, 540, 570]), random.choice([700, 760, 840])
    spans = [(begin, end)] if noon is None else [(begin, noon), (noon + 20, max(end, noon + 60))]
    offset = number * WEEKDAY
    pause = {"earliest": offset + 590, "latest": offset + 690, "length": 30}
    return {
        "day": number,
        "week": random.choice([0, 0, number]),
        "available": [{"start": offset + a, "end": offset + b} for a, b in spans],
        "start": random.choice([None, _place(random), _place(random)]),
        "end": random.choice([None, _place(random), _place(random)]),
        "remote": random.choice([None, None, _place(random)]),
        "breaks": [pause] if random.random() < 0.25 else [],
    }


def _busy(random: Random) -> list[dict[str, Any]]:
    if random.random() < 0.6:
        return []
    begin = random.randrange(500, 700, 10)
    place = random.choice([None, _place(random)])
    return [{"start": begin, "end": begin + random.choice([10, 30]), "place": place}]


def _limits(random: Random) -> dict[str, int | None]:
    return {
        "minutes_per_day": random.choice([None, None, 60, 90, 120]),
        "jobs_per_day": random.choice([None, None, 1, 2]),
        "minutes_per_week": random.choice([None, None, 100, 150]),
        "jobs_per_week": random.choice([None, None, 2]),
    }


def _request(random: Random, id_: str, people: int) -> dict[str, Any]:
    begin = random.choice([0, 0, 0, WEEKDAY]) + random.randrange(480, 720, 10)
    team = random.choice([1, 1, 1, 2])
    duration = random.choice([30, 40, 60])
    languages = [_language(random, team)]
    if random.random() < 0.3:
        other = {"code": random.choice(LANGUAGES), "cost": 7}
        languages += [other] if other["code"] != languages[0]["code"] else []
    handover = {"least": 10, "step": 10, "overlap": random.choice([0, 5]), "cost": 9}
    return {
        "id": id_,
        "earliest": begin,
        "latest": begin + random.choice([0, 0, 20, 40]),
        "step": 20,
        "duration": duration,
        "place": _place(random),
        "buffer_before": random.choice([0, 0, 5]),
        "buffer_after": random.choice([0, 0, 10]),
        "languages": languages,
        "ways": _ways(random),
        "weight": random.choice([0, 1, 1, 2, 3]),
        "interpreters": team,
        "conditions": _conditions(random, people),
        "handover": handover if team == 1 and random.random() < 0.15 else None,
    }


def _language(random: Random, team: int) -> dict[str, Any]:
    code, relay = random.sample(LANGUAGES, 2)
    relayed = team == 1 and random.random() < 0.15
    return {"code": code, "relay": relay if relayed else None, "cost": 0}


def _ways(random: Random) -> list[dict[str, Any]]:
    remote = {"way": "video", "cost": 4}
    return random.choice([[{"way": "on_site"}], [{"way": "on_site"}, remote], [remote]])


def _conditions(random: Random, people: int) -> list[dict[str, Any]]:
    someone = [f"i{random.randrange(people)}"]
    possible: list[dict[str, Any]] = [
        {"kind": "level", "level": random.randint(1, 3)},
        {"kind": "qualification", "name": "sworn"},
        {"kind": "gender", "gender": "f"},
        {"kind": "preferred", "interpreters": someone},
        {"kind": "excluded", "interpreters": someone},
        {"kind": "continuity", "interpreters": someone},
    ]
    chosen = [item for item in possible if random.random() < 0.15]
    return [item | {"penalty": random.choice([None, 10, 25])} for item in chosen]


def _commitments(
    random: Random, people: list[dict[str, Any]], requests: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    found = []
    busy: set[str] = set()
    for request in requests:
        person = random.choice(people)["id"]
        if person not in busy and random.random() < 0.3:
            busy.add(person)
            kind = random.choice(["pinned", "promised", "promised"])
            price = random.choice([1, 5])
            found.append(
                {
                    "kind": kind,
                    "request": request["id"],
                    "interpreter": person,
                    "start": request["earliest"],
                    "price": price,
                }
            )
    return found


def _weights(random: Random) -> dict[str, Any]:
    if random.random() < 0.7:
        return {}
    terms = ["coverage", "promises", "wishes", "fairness", "fee", "travel", "tier", "way"]
    factors = [{"term": term, "factor": random.choice([1, 5, 1000])} for term in terms]
    return {"levels": [{"name": "all", "terms": factors}]}
