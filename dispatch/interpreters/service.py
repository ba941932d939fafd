"""Taking people into the pool."""

from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts import service as accounts
from dispatch.accounts.rules import Role
from dispatch.cities import City
from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.interpreters.importing import COLUMNS, Person, read_person
from dispatch.interpreters.models import (
    HeldQualification,
    Interpreter,
    WeeklyHours,
    WorkingLanguage,
)
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.tables import Row
from dispatch.travel.rules import require_near


def import_file(
    actor: Actor, path: Path, *, city: City, now: datetime, far_away: bool = False
) -> int:
    """Add the interpreters of a CSV or XLSX file, each with an account; return how many.

    Who lives far from the city is refused unless `far_away` says that such are meant. Raises
    `Refusal` when the file cannot be read and `Several` naming every bad row; nothing is
    stored then. Columns and their forms are described in `importing`.
    """
    rows = tables.read(path, COLUMNS)
    seen: set[str] = set()

    def read_one(row: Row) -> Person:
        person = _new(read_person(row), seen)
        if not far_away:
            require_near(person.home, city, field="home_latitude")
        return person

    people = tables.each(rows, read_one)
    of_row = dict(zip((row.number for row in rows), people, strict=True))
    tables.each(rows, lambda row: _add(actor, of_row[row.number], now))
    return len(people)


def _new(person: Person, seen: set[str]) -> Person:
    if person.email in seen:
        raise Refusal(
            "email-twice",
            _l("“%(email)s” stands in the file twice; remove one of the rows", email=person.email),
            field="email",
        )
    seen.add(person.email)
    if accounts.find(person.email):
        raise Refusal(
            "email-taken",
            _l(
                "there is an account for “%(email)s” already; remove the row",
                email=person.email,
            ),
            field="email",
        )
    return person


def _add(actor: Actor, person: Person, now: datetime) -> None:
    account = accounts.add(
        actor,
        email=person.email,
        name=f"{person.first_name} {person.last_name}".strip(),
        role=Role.INTERPRETER,
        organisation=None,
        password=None,
        locale=person.locale,
        now=now,
    )
    interpreter = Interpreter(
        account=account,
        first_name=person.first_name,
        last_name=person.last_name,
        phone=person.phone,
        home_postcode=person.home_postcode,
        home_latitude=person.home.latitude,
        home_longitude=person.home.longitude,
        travel_mode=person.travel_mode,
        gender=person.gender,
        employment=person.employment,
        fee_cents_per_hour=person.fee_cents_per_hour,
        working_languages=[
            WorkingLanguage(tag=tag, level=level) for tag, level in person.languages
        ],
        qualifications=[
            HeldQualification(qualification=name, valid_from=first, valid_until=last)
            for name, first, last in person.qualifications
        ],
        weekly_hours=[
            WeeklyHours(weekday=weekday, start=start, end=end)
            for weekday, start, end in person.weekly_hours
        ],
    )
    db.session.add(interpreter)
    db.session.flush()
    ledger.record(actor, "interpreter.added", Concerning(interpreter=interpreter.id), now=now)
