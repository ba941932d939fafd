"""Some cases by default, every one of them with `make test-all`."""

import pytest


def sampled(cases: range, by_default: int, without_coverage: int = 0) -> list[object]:
    """Return the cases as parameters: the first ones run always, the rest is marked slow.

    Of the others `without_coverage` more run always, where measuring would double their time.
    """
    return [
        pytest.param(case, marks=_marks(place, by_default, by_default + without_coverage))
        for place, case in enumerate(cases)
    ]


def _marks(place: int, measured: int, run: int) -> tuple[pytest.MarkDecorator, ...]:
    if place < measured:
        return ()
    return (pytest.mark.exhaustive if place < run else pytest.mark.slow,)
