"""What a line of the table of loads says."""

from dataclasses import dataclass

FEW_SECONDS = 5.0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: str
    what: str
    gate: str
    figure: str
    met: bool | None
