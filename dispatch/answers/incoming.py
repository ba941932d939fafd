"""Where a message that came in stands, by whatever way it came."""

from enum import StrEnum


class IncomingState(StrEnum):
    """Where a mail or an SMS that came in stands."""

    STORED = "stored"
    """Read, and not yet looked at."""

    DONE = "done"
    """It did what it was to do, or nothing had to be done."""

    OPEN = "open"
    """A person has to read it."""

    SETTLED = "settled"
    """A person has seen to it."""
