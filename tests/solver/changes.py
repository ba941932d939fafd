"""A problem said differently: in another order, by other names, at another time, with more."""

from random import Random
from typing import Any

from solver import Problem

TIMES = ("earliest", "latest", "start", "end", "valid_from", "valid_until")
NAMES = ("id", "code", "relay", "name", "place", "remote", "travel_profile", "language")
PEOPLE = ("interpreter", "request")
ORDERED = ("available", "breaks", "busy", "commitments", "conditions", "days", "interpreters")


def _walk(value: Any, change) -> Any:
    """Rebuild JSON; `change` sees each field's name and value, inner ones first."""
    if isinstance(value, dict):
        return {name: change(name, _walk(item, change)) for name, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, change) for item in value]
    return value


def as_json(problem: Problem) -> dict[str, Any]:
    """Return the problem as JSON."""
    return problem.model_dump(mode="json", by_alias=True)


def reordered(problem: Problem, seed: int) -> Problem:
    """Return the same problem with every list whose order says nothing in another order."""
    random = Random(seed)
    lists = (*ORDERED, "languages", "paid_idle", "qualifications", "requests", "ways", "worked")

    def change(name: str, value: Any) -> Any:
        mixed = name in lists and isinstance(value, list)
        return random.sample(value, len(value)) if mixed else value

    data = _walk(as_json(problem), change)
    places = data["travel"]["places"]
    order = random.sample(range(len(places)), len(places))
    data["travel"]["places"] = [places[n] for n in order]
    for profile in data["travel"]["profiles"]:
        if profile["matrix"] is not None:
            profile["matrix"] = [[profile["matrix"][a][b] for b in order] for a in order]
    return Problem.model_validate(data)


def renamed(problem: Problem) -> Problem:
    """Return the same problem with other names for everything, in another order of the alphabet."""

    def other(text: str | None) -> str | None:
        return None if text is None else f"{1000 - sum(map(ord, text))} {text}"

    def change(name: str, value: Any) -> Any:
        if name in ("interpreters", "preferred") and _all_texts(value):
            return [other(item) for item in value]
        at_place = name in ("start", "end") and isinstance(value, str)
        return other(value) if at_place or name in (*NAMES, *PEOPLE) else value

    data = as_json(problem)
    levels = data.pop("weights")
    return Problem.model_validate(_walk(data, change) | {"weights": levels})


def _all_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def later(problem: Problem, units: int) -> Problem:
    """Return the same problem so many time units later."""

    def change(name: str, value: Any) -> Any:
        return value + units if name in TIMES and isinstance(value, int) else value

    return Problem.model_validate(_walk(as_json(problem), change))


def with_genders_swapped(problem: Problem) -> Problem:
    """Return the problem with women for men and men for women."""
    other = {"f": "m", "m": "f", None: None}
    people = tuple(
        person.model_copy(update={"gender": other[person.gender]})
        for person in problem.interpreters
    )
    return problem.model_copy(update={"interpreters": people})
