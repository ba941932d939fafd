"""How times, durations and money are written for people."""

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask, g
from flask_babel import get_locale
from flask_babel import gettext as _

from dispatch import clock, settings
from dispatch.clock import at_place

LOCALES = {"de": "Deutsch", "el": "Ελληνικά", "en": "English"}
HALVES_OF_THE_YEAR = {
    "de": ("Sommerzeit", "Winterzeit"),
    "en": ("summer time", "winter time"),
    "el": ("θερινή ώρα", "χειμερινή ώρα"),
}
"""What tells two hours of one name apart on the day clocks go back."""
A_DAY, A_MOMENT = timedelta(days=1), timedelta(seconds=1)
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


def local_time(instant: datetime, zone_name: str | None = None) -> str:
    """Return the wall time at the place, such as 14:30; of two of one name it says which."""
    local = _at_place(instant, zone_name)
    return f"{local:%H:%M}{_which(local, language_of_reader())}"


def local_date(day: date | datetime, zone_name: str | None = None) -> str:
    """Return the day with its weekday, such as Mi., 25. November 2026."""
    local = _at_place(day, zone_name).date() if isinstance(day, datetime) else day
    reader = language_of_reader()
    return _written(local, "EEE, d. MMMM y" if reader == "de" else "EEE, d MMMM y", reader)


def short_day(day: date) -> str:
    """Return weekday and day where there is little room, such as Mi 25.11."""
    reader = language_of_reader()
    return _written(day, "ccc d.M." if reader == "de" else "ccc d MMM", reader)


def local_days(first: date, last: date) -> str:
    """Return a day, or the first and the last of several, with their weekdays."""
    if first == last:
        return local_date(first)
    return f"{local_date(first)} – {local_date(last)}"


def local_span(starts_at: datetime, ends_at: datetime, zone_name: str | None = None) -> str:
    """Return from when until when: days where whole days are meant, times where they are not."""
    first, last = (_at_place(instant, zone_name) for instant in (starts_at, ends_at))
    if first.time() == last.time() == time.min:
        return local_days(first.date(), last.date() - A_DAY)
    if first.date() == last.date():
        return f"{local_datetime(starts_at, zone_name)}–{local_time(ends_at, zone_name)}"
    return f"{local_datetime(starts_at, zone_name)} – {until_when(ends_at, zone_name)}"


def until_when(instant: datetime, zone_name: str | None = None) -> str:
    """Return an end: the last day where it is midnight, else day and wall time."""
    if _at_place(instant, zone_name).time() == time.min:
        return day_of(instant - A_MOMENT, zone_name)
    return local_datetime(instant, zone_name)


def near_day(instant: datetime, zone_name: str | None = None) -> str:
    """Return today, tomorrow, or the day with its weekday, as it is at the place."""
    day = _at_place(instant, zone_name).date()
    days = (day - _at_place(clock.now(), zone_name).date()).days
    return {0: _("Today"), 1: _("Tomorrow")}.get(days) or local_date(day)


def local_datetime(instant: datetime, zone_name: str | None = None) -> str:
    """Return weekday, day and wall time, such as Mi., 25.11., 14:30; the year if not this one."""
    local = _at_place(instant, zone_name)
    return f"{day_of(instant, zone_name)}, {local:%H:%M}{_which(local, language_of_reader())}"


def day_of(instant: datetime, zone_name: str | None = None) -> str:
    """Return weekday and day, such as Mi., 25.11.; the year if it is not this one."""
    local = _at_place(instant, zone_name)
    reader, year = language_of_reader(), "" if _is_this_year(local) else "y"
    pattern = f"EEE, d.M.{year}" if reader == "de" else f"EEE, d MMM {year}".rstrip()
    return _written(local.date(), pattern, reader)


def duration(minutes: int) -> str:
    """Return minutes as hours and minutes, such as 1 h 30 min."""
    return _in_hours(minutes, language_of_reader())


@lru_cache(maxsize=2_000)
def _in_hours(minutes: int, _language: str) -> str:
    """Return a duration; each row of a list has one, and most are the same few."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(number)d h", number=hours)] if hours else []
    if rest or not hours:
        parts.append(_("%(number)d min", number=rest))
    return " ".join(parts)


def money(amount: Decimal, currency: str = "EUR") -> str:
    """Return an amount with its currency."""
    return _currency(amount, currency, str(get_locale()))


@lru_cache(maxsize=2_000)
def _currency(amount: Decimal, currency: str, locale: str) -> str:
    """Return an amount with its currency; of many people most have one of few fees."""
    written: str = format_currency(amount, currency, locale=locale)
    return written


def percent(share: float) -> str:
    """Return a share to two digits, such as 0.25 %."""
    written = format_decimal(Decimal(f"{share * 100:.2g}"), "0.######", locale=get_locale())
    return f"{written} %"


def apart(text: str) -> str:
    """Return a name as it goes into a sentence: one from right to left is kept apart from it.

    Else what follows it, a number or a comma, would be read as part of it (Unicode, UAX 9).
    What holds such a name kept apart already stays as it is, and so does a link.
    """
    written = str(text)
    if written.isascii() or ISOLATE in written or "://" in written:
        return text
    if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in written):
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"
    return text


def without_isolates(text: str) -> str:
    """Return a text without the signs `apart` sets."""
    return text.replace(ISOLATE, "").replace(END_OF_ISOLATE, "")


def register(app: Flask) -> None:
    """Make the formats known to the templates."""
    days = (local_date, near_day, short_day, local_days, local_datetime, local_span, until_when)
    for write in (*days, local_time, duration, money, percent, apart):
        app.add_template_filter(write)


def date_in(instant: datetime, zone_name: str, locale: str) -> str:
    """Return day with weekday as a message in `locale` writes it, such as Mi., 25.11.2026."""
    pattern = "EEE, dd.MM.y" if locale.startswith("de") else "EEE, d MMM y"
    return _written(at_place(instant, zone_name).date(), pattern, locale)


def short_date_in(instant: datetime, zone_name: str, locale: str) -> str:
    """Return weekday and day where every character counts, such as Mi 25.11.

    The year is added, in two digits, where it is not this one.
    """
    local = at_place(instant, zone_name)
    pattern = "ccc dd.MM." if locale.startswith("de") else "EEE d MMM "
    year = "" if _is_this_year(local) else "yy"
    return _written(local.date(), (pattern + year).strip(), locale)


def time_in(instant: datetime, zone_name: str, locale: str = "de") -> str:
    """Return the wall time as a message in `locale` writes it, such as 14:30.

    On the day clocks go back it says which of two hours of one name is meant: 02:30 (Winterzeit).
    """
    local = at_place(instant, zone_name)
    return local.strftime("%H:%M") + _which(local, locale)


@lru_cache(maxsize=2_000)
def _written(day: date, pattern: str, locale: str) -> str:
    """Return a day by a pattern; a page, a file or a mail writes the same few days very often."""
    written: str = format_date(day, pattern, locale=locale)
    return written


def language_of_reader(default: str = "en") -> str:
    """Return the language of who reads: de, en or el; `default` where nobody does.

    Asked for each thing that is written, hundreds of times a page. Flask-Babel keeps what it found
    on `g`, but reaches there through four proxies each time.
    """
    try:
        kept = g._get_current_object().get("_flask_babel")
    except RuntimeError:  # neither a page nor a job
        return default
    locale = getattr(kept, "babel_locale", None) or get_locale()
    return locale.language if locale else default


def _which(local: datetime, locale: str) -> str:
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return ""
    summer, winter = HALVES_OF_THE_YEAR.get(locale[:2], HALVES_OF_THE_YEAR["en"])
    return f" ({winter if local.fold else summer})"


def _is_this_year(local: datetime) -> bool:
    return local.year == clock.now().astimezone(local.tzinfo).year


def _at_place(instant: datetime, zone_name: str | None) -> datetime:
    return at_place(instant, zone_name or settings.active().city.zone_name)
