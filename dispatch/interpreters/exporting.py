"""The pool as a file, in the form in which it is imported."""

from collections.abc import Iterator
from decimal import Decimal

from dispatch.availability import writing
from dispatch.interpreters import queries
from dispatch.interpreters.importing import COLUMNS
from dispatch.interpreters.models import Interpreter
from dispatch.tables.writing import workbook_of


def exported() -> bytes:
    """Return everybody who can be asked, as XLSX; hours that hold for some days only are left out.

    What an import does not know (absences, exceptions, notes of the office) is not in it.
    """
    return workbook_of(COLUMNS.known, map(list, _rows()))


def _rows() -> Iterator[list[str]]:
    for one in queries.active_with_languages():
        values = _values(one)
        yield [values[column] for column in COLUMNS.known]


def _values(one: Interpreter) -> dict[str, str]:
    always = [
        (each.weekday, each.start, each.end)
        for each in one.availability.weekly_hours
        if each.valid_from is None and each.valid_until is None
    ]
    return {
        "email": one.account.email,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "phone": one.phone,
        "home_postcode": one.home_postcode,
        "home_latitude": str(one.home_latitude),
        "home_longitude": str(one.home_longitude),
        "travel_mode": one.travel_mode,
        "employment": one.employment,
        "fee_per_hour": f"{Decimal(one.fee_cents_per_hour) / 100:.2f}",
        "languages": " ".join(f"{each.tag}:{each.level}" for each in one.working_languages),
        "qualifications": " ".join(
            f"{each.qualification}:{each.valid_from}/{each.valid_until or ''}"
            for each in one.qualifications
        ),
        "weekly_hours": writing.write(always),
        "gender": one.gender or "",
        "locale": one.account.locale,
    }
