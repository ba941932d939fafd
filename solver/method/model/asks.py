"""Requests made ready for the method: with their variants, their pins and promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from solver.problem.commitments import Commitment
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.variants import Variant, is_team, variants


@dataclass(frozen=True, slots=True)
class Ask:
    """A request with its variants, its pins and promises by interpreter."""

    request: Request
    variants: tuple[Variant, ...]
    team: bool
    pins: dict[str, Commitment]
    promises: dict[str, Commitment]


def asks_of(problem: Problem) -> Iterator[Ask]:
    """Yield the requests of a problem, made ready."""
    pins: dict[str, dict[str, Commitment]] = defaultdict(dict)
    promises: dict[str, dict[str, Commitment]] = defaultdict(dict)
    for item in problem.commitments:
        (pins if item.kind == "pinned" else promises)[item.request][item.interpreter] = item
    for request in problem.requests:
        pinned = pins[request.id]
        found = variants(request, tuple(pinned.values()))
        yield Ask(request, found, is_team(request), pinned, promises[request.id])
