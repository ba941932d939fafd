"""What a line of the table of loads says."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil

FEW_SECONDS = 5.0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: str
    what: str
    gate: str
    figure: str
    met: bool | None


def cpu_seconds(processes: Mapping[str, psutil.Popen]) -> float:
    """Return what processes have taken of a core until now."""
    times = [process.cpu_times() for process in processes.values()]
    return float(sum(one.user + one.system for one in times))
