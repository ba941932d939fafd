"""Weights left open, read as requests filled."""

import pytest

from dispatch.planning.runs import rules


@pytest.mark.parametrize(
    ("weights", "uncovered", "most"),
    [
        ([1, 1, 1], 0, 3),
        ([1, 1, 1], 1, 2),
        ([4, 1, 1], 2, 2),
        ([4, 1, 1], 5, 1),
        ([2, 2, 2, 2], 3, 2),
        ([], 0, 0),
    ],
)
def test_the_most_requests_any_plan_can_fill(weights: list[int], uncovered: int, most: int) -> None:
    assert rules.most_filled(weights, uncovered) == most
