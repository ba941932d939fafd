"""The days nobody works: weekends and the public holidays of the city."""

from datetime import date
from functools import cache

from holidays import country_holidays

COUNTRY = {"dortmund": ("DE", "NW"), "athens": ("GR", None)}


def is_working_day(day: date, city: str) -> bool:
    """Tell whether offices of the city are open on the day. Raises KeyError for another city."""
    return day.weekday() < 5 and day not in _holidays(city, day.year)


@cache
def _holidays(city: str, year: int) -> frozenset[date]:
    country, part = COUNTRY[city]
    return frozenset(country_holidays(country, subdiv=part, years=year))
