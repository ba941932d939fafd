"""The teams that may still be sent, beside those who are pinned."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from solver.method.model.columns import Path
from solver.method.model.instance import Instance


@dataclass(slots=True)
class Teams:
    """Every team that may still be sent: its number by request and variant, seats, cost."""

    number: dict[tuple[int, int], int] = field(default_factory=dict)
    of_request: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    seats: list[dict[int, int]] = field(default_factory=list)
    costs: list[tuple[int, ...]] = field(default_factory=list)


def teams_of(instance: Instance, base: dict[int, Path]) -> Teams:
    """Return the teams; the pinned people of `base`, paths by block, take seats already."""
    taken: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for number, path in base.items():
        visits = instance.blocks[number].visits
        for task in visits.numbers[list(path)].tolist():
            place = int(visits.tasks.variant[task]), int(visits.tasks.seat[task])
            taken[int(visits.tasks.request[task])][place] += 1
    teams = Teams()
    for request, ask in enumerate(instance.asks):
        if not ask.team:
            continue
        for variant, chosen in enumerate(ask.variants):
            own = taken[request]
            if own and not any(place[0] == variant for place in own):
                continue
            need = {seat.number: seat.people - own[variant, seat.number] for seat in chosen.seats}
            if min(need.values()) < 0 or sum(need.values()) == 0:
                continue
            teams.number[request, variant] = len(teams.seats)
            teams.of_request[request].append(len(teams.seats))
            teams.seats.append(need)
            teams.costs.append(instance.variant_costs(ask, chosen))
    return teams
