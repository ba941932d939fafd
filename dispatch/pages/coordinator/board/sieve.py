"""What of a day one wants to see: by language, district, state, name or number; and in which order.

It stands in the address, so that a board can be kept, shared and reloaded as it is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from dispatch.pages.coordinator.board.marks import Mark


class Order(StrEnum):
    """In which order people stand."""

    NAME = "name"
    LOAD = "load"
    FREE = "free"


class Rank(StrEnum):
    """In which order open requests stand."""

    URGENCY = "urgency"
    TIME = "time"


@dataclass(frozen=True)
class Sieve:
    """What is shown; empty words let everything through. `busy` hides who has nothing to do."""

    language: str = ""
    district: str = ""
    state: str = ""
    busy: bool = False
    words: str = ""
    order: str = Order.NAME
    rank: str = Rank.URGENCY

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Sieve":
        """Read an address; what is no such thing is left out, for it would hide everything."""
        state, order, rank = (arguments.get(name, "") for name in ("state", "order", "rank"))
        return cls(
            language=arguments.get("language", "").strip(),
            district=arguments.get("district", "").strip(),
            state=state if state in set(Mark) else "",
            busy=arguments.get("busy") == "1",
            words=" ".join(arguments.get("q", "").split())[:100],
            order=order if order in set(Order) else Order.NAME,
            rank=rank if rank in set(Rank) else Rank.URGENCY,
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """What stands in the address, as far as it is not as usual."""
        usual = asdict(Sieve())
        names = {"words": "q"}
        return {
            names.get(name, name): 1 if value is True else value
            for name, value in asdict(self).items()
            if value != usual[name]
        }

    def but(self, **changed: Any) -> "Sieve":
        """Return the same with something else."""
        return replace(self, **changed)

    @property
    def is_open(self) -> bool:
        """Whether everything is shown."""
        return self == Sieve(order=self.order, rank=self.rank)

    def finds(self, *texts: str) -> bool:
        """Tell whether one of the texts holds every word that is looked for."""
        words = self.words.casefold().split()
        return any(all(word in text.casefold() for word in words) for text in texts)
