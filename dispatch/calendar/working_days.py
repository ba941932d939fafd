"""The days nobody works: weekends and the public holidays of the city."""

from datetime import date
from functools import cache

from holidays import HolidayBase, country_holidays

COUNTRY = {"dortmund": ("DE", "NW"), "athens": ("GR", None)}


def is_working_day(day: date, city: str) -> bool:
    """Tell whether offices of the city are open on the day. Raises KeyError for another city."""
    return day.weekday() < 5 and day not in _holidays(city)


@cache
def _holidays(city: str) -> HolidayBase:
    country, part = COUNTRY[city]
    return country_holidays(country, subdiv=part)
