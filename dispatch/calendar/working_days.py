"""The days somebody works."""

from datetime import date

from dispatch.cities import City


def is_working_day(day: date, city: City) -> bool:
    """Tell whether offices of the city are open on the day."""
    return city.is_working_day(day)
