"""The cities this program knows: one file each beside this one."""

import tomllib
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch.cities.city import City
from dispatch.errors import Refusal

FOLDER = Path(__file__).parent


def known() -> list[str]:
    """Return the names by which cities are chosen."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def named(key: str) -> City:
    """Return the city whose file has this name; raises `Refusal` naming those there are."""
    if key not in known():
        raise Refusal(
            "unknown-city",
            _l(
                "There is no city “%(key)s”; there is: %(known)s.",
                key=key,
                known=", ".join(known()),
            ),
            field="city",
        )
    with (FOLDER / f"{key}.toml").open("rb") as file:
        return City(key=key, **tomllib.load(file))
