"""Drawing by shares; the same seed draws the same."""

import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")
Random = random.Random


def stream(seed: int, purpose: str) -> Random:
    """Return random numbers of their own for one purpose; no secret is ever made of them."""
    return Random(f"{seed} {purpose}")


def draw(chance: Random, shares: Mapping[T, float]) -> T:
    """Return one of the keys, each as likely as its share."""
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def apportion(count: int, shares: Mapping[T, float]) -> dict[T, int]:
    """Share out `count` so that everybody gets at least one (largest remainders for the rest)."""
    total, rest = sum(shares.values()), count - len(shares)
    exact = {key: rest * share / total for key, share in shares.items()}
    given = {key: 1 + int(amount) for key, amount in exact.items()}
    by_remainder = sorted(exact, key=lambda key: int(exact[key]) - exact[key])
    for key in by_remainder[: count - sum(given.values())]:
        given[key] += 1
    return given
