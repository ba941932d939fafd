"""The same once more, whole weeks later."""

from datetime import date, timedelta

A_WEEK = timedelta(weeks=1)


def same_weekday_next(day: date, today: date) -> date:
    """Return the first day after today that lies whole weeks after `day`, at least one."""
    weeks = max(1, (today - day) // A_WEEK + 1)
    return day + weeks * A_WEEK
