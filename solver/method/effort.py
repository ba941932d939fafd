"""How much is tried of what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried of what.

    With at most `list_at_most` days in all, they are listed, so that pricing is quick. They are
    chosen from at once where there are at most `choose_at_once`, and with at most `choose_at_most`
    when generating them by price has not led to a proof.
    `rounds` (`many_rounds` beyond `prove_at_most`) and `exact_rounds` climb to the first prices,
    a first plan is made after `early_rounds` of column generation, `tries` parts in a row that
    could not be made better end the improving, and a proof is tried for at most `prove_at_most`
    requests.
    """

    list_at_most: int = 400_000
    choose_at_once: int = 500
    choose_at_most: int = 40_000
    rounds: int = 15
    many_rounds: int = 160
    exact_rounds: int = 5
    tries: int = 3
    early_rounds: int = 2
    prove_at_most: int = 400
