"""What every part of a problem and of a plan has in common: frozen, exact, nothing unknown."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict

LARGEST_TIME = 10**8
LARGEST_AMOUNT = 10**9

Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Time = Annotated[int, Strict(), Field(ge=-LARGEST_TIME, le=LARGEST_TIME)]
Length = Annotated[int, Strict(), Field(ge=0, le=LARGEST_TIME)]
Count = Annotated[int, Strict(), Field(ge=0, le=LARGEST_AMOUNT)]
Cents = Annotated[int, Strict(), Field(ge=0, le=LARGEST_AMOUNT)]


class Value(BaseModel):
    """A frozen value; unknown fields, NaN and infinity are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Value):
    """The half-open span of time [start, end) in time units from the origin."""

    start: Time
    end: Time

    def holds(self, start: int, end: int) -> bool:
        """Say whether [start, end) lies wholly within."""
        return self.start <= start and end <= self.end

    def overlap(self, start: int, end: int) -> int:
        """Return how many time units are shared with [start, end)."""
        return max(0, min(self.end, end) - max(self.start, start))
