"""Writing the emergency list, one file that any browser opens and any printer prints."""

from datetime import datetime
from functools import partial
from pathlib import Path

from flask_babel import force_locale, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, Template

from dispatch import settings, whole_files
from dispatch.cities.telephones import grouped
from dispatch.emergency.reading import days_ahead, talks_of
from dispatch.languages.rules import name_of
from dispatch.settings import ROOT
from dispatch.web.formats import local_date, local_datetime, local_time

WRITTEN_EVERY_SECONDS = 3600


def write(*, now: datetime) -> Path:
    """Write the list of the next days in the city's language and return where it is.

    The old list stays as long as the new one is not whole: a power cut leaves one of the two.
    Only the owner of the installation may read it: names, numbers and addresses stand in it.
    """
    target = settings.active().emergency_list
    whole_files.write(target, page(now=now).encode())
    return target


def page(*, now: datetime) -> str:
    """Return the list of the next days as one HTML document, in the city's language."""
    city = settings.active().city
    days = [(day, talks_of(day, city.zone_name)) for day in days_ahead(now, city)]
    with force_locale(city.locales[0]):
        return _template(city.phone_region).render(
            city=city, days=days, now=now, locale=city.locales[0], language=name_of
        )


def _template(region: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, trim_blocks=True
    )
    environment.globals.update(_=gettext, ngettext=ngettext)
    environment.filters.update(
        local_date=local_date,
        local_time=local_time,
        local_datetime=local_datetime,
        telephone=partial(grouped, region=region),
    )
    return environment.get_template("emergency_list.html")
