"""What was agreed before: pinned assignments and promised ones."""

from typing import Literal

from solver.problem.requests import Way
from solver.problem.value import Count, Identifier, Time, Value


class Commitment(Value):
    """An interpreter is assigned to a request at a start time.

    `pinned`: stays, whatever the rules about the person say; a person decided so. `promised`:
    may be broken (somebody else, nobody, another start or way) at `price` points of the term
    `promises`. `way` and `language` None means: whichever the plan chooses.
    """

    kind: Literal["pinned", "promised"]
    request: Identifier
    interpreter: Identifier
    start: Time
    way: Way | None = None
    language: Identifier | None = None
    price: Count = 1
