"""Hours of a week as a city keeps them, written like `mon-fri 07:00-20:00`."""

import re
from datetime import time
from typing import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LINE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)


class Hours(NamedTuple):
    """Wall times of one day, from the first to before the last."""

    first: time
    last: time


Week = tuple[Hours | None, ...]
"""Seven days from Monday; None where nothing is open."""


def week(lines: list[str]) -> Week:
    """Read lines such as `mon-fri 07:00-20:00` and `sat 09:00-18:00`; days not named are closed.

    Raises ValueError naming the line that cannot be read or names a day again.
    """
    days: list[Hours | None] = [None] * 7
    for line in lines:
        first, last, hours = _line(line)
        for day in range(first, last + 1):
            if days[day] is not None:
                raise ValueError(f"“{line}” names {WEEKDAYS[day]} again")
            days[day] = hours
    return tuple(days)


def between(text: str) -> Hours:
    """Read hours such as `21:00-07:00`; they may run over midnight. Raises ValueError."""
    first, _dash, last = text.partition("-")
    return Hours(time.fromisoformat(first), time.fromisoformat(last))


def _line(line: str) -> tuple[int, int, Hours]:
    match = _LINE.fullmatch(line)
    try:
        if match is None:
            raise ValueError(line)
        first = WEEKDAYS.index(match[1])
        last = WEEKDAYS.index(match[2] or match[1])
        hours = Hours(time.fromisoformat(match[3]), time.fromisoformat(match[4]))
        if last < first or hours.last <= hours.first:
            raise ValueError(line)
    except ValueError:
        raise ValueError(f"“{line}” are no hours; write them like mon-fri 08:00-16:00") from None
    return first, last, hours
