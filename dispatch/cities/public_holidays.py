"""Public holidays of a country or a part of it, by the library `holidays`.

It loads the holidays of all countries as soon as one is asked for: 250 modules, seven megabytes in
every process for as long as it lives. So its package of countries is put there without what it
does when it is loaded, and each country is a module that is loaded alone.
"""

import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import holidays

COUNTRIES = "holidays.countries"

if COUNTRIES not in sys.modules:
    _bare = ModuleType(COUNTRIES)
    _bare.__path__ = [str(Path(str(holidays.__file__)).parent / "countries")]
    sys.modules[COUNTRIES] = _bare


def require_known(country: str, subdivision: str | None) -> None:
    """Raise `ValueError` where nobody knows the holidays of a country (ISO 3166) or its part."""
    try:
        holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        raise ValueError(f"nobody knows the holidays of {country} {subdivision or ''}") from None


@cache
def days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def names(
    country: str, subdivision: str | None, year: int, language: str | None
) -> Mapping[date, str]:
    """Return what they are called, in a language as the library names it if it knows that."""
    named = holidays.country_holidays(country, subdiv=subdivision, years=year, language=language)
    return {day: str(name) for day, name in named.items()}
