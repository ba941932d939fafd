"""Taking people into the pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts import service as accounts
from dispatch.accounts.rules import Role
from dispatch.availability.models import Availability, WeeklyHours
from dispatch.cities import City
from dispatch.database import db, lock
from dispatch.errors import Refusal
from dispatch.interpreters import queries
from dispatch.interpreters.importing import COLUMNS, Person, read_person
from dispatch.interpreters.models import (
    HeldQualification,
    Interpreter,
    WorkingLanguage,
)
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.tables import Row
from dispatch.travel.estimate import Mode
from dispatch.travel.rules import require_near
from dispatch.travel.service import places_changed

Checked = tuple[Row, Interpreter]
"""A row, and the interpreter with account that it becomes."""


@dataclass(frozen=True)
class Added:
    """How many came into the pool, and a sentence for each row that was in it already; which."""

    count: int
    there: list[str]
    rows: list[int]


def read_file(
    path: Path, *, city: City, far_away: bool = False, watch: tables.Watch = iter
) -> list[Checked]:
    """Return the interpreters of a CSV or XLSX file, each with an account; nothing is written.

    Who lives far from the city is refused unless `far_away` says that such are meant. Raises
    `Refusal` when the file cannot be read and `Several` naming every bad row. Columns and their
    forms are described in `importing`.
    """
    return _checked(tables.read(path, COLUMNS), city, far_away=far_away, watch=watch)


def read_content(content: bytes, *, city: City, far_away: bool = False) -> list[Checked]:
    """Return the interpreters of a file's content, as `read_file`."""
    return _checked(tables.rows_of(content, COLUMNS), city, far_away=far_away)


def _checked(
    rows: Sequence[Row], city: City, *, far_away: bool, watch: tables.Watch = iter
) -> list[Checked]:
    seen: set[str] = set()

    def read_one(row: Row) -> Checked:
        person = read_person(row)
        _require_once(person.email, seen)
        if not far_away:
            require_near(person.home, city, field="home_latitude")
        return row, _interpreter(person)

    return tables.each(watch(rows), read_one)


def add(actor: Actor, checked: Sequence[Checked], *, now: datetime) -> Added:
    """Store whoever is not in the pool yet; name those who are, and leave them as they are.

    Raises `Several` naming rows whose address belongs to an account of another role.
    """
    emails = [interpreter.account.email for _row, interpreter in checked]
    known = queries.in_pool(emails)
    new = [(row, one) for row, one in checked if one.account.email not in known]
    taken = accounts.taken(emails) - known
    of_row = {row.number: interpreter for row, interpreter in new}
    tables.each(
        [row for row, _one in new],
        lambda row: _require_new(of_row[row.number].account.email, taken),
    )
    people = list(of_row.values())
    accounts.store(actor, [one.account for one in people], now=now)
    db.session.add_all(people)
    db.session.flush()
    for one in people:
        ledger.record(actor, "interpreter.added", Concerning(interpreter=one.id), now=now)
    places_changed()
    there = [(row, one) for row, one in checked if one.account.email in known]
    sentences = [_there(row, one) for row, one in there]
    return Added(len(people), sentences, [row.number for row, _one in there])


def travel_by(actor: Actor, interpreter_id: int, mode: Mode, *, now: datetime) -> None:
    """Note how somebody travels; plans, candidates and offers count with it from now on."""
    interpreter = lock(Interpreter, interpreter_id)
    if interpreter.travel_mode != mode:
        interpreter.travel_mode = mode
        ledger.record(
            actor,
            "interpreter.changed",
            Concerning(interpreter=interpreter_id),
            now=now,
            fields=["travel_mode"],
        )
        places_changed()  # perhaps the first who travels like this


def _require_once(email: str, seen: set[str]) -> None:
    if email in seen:
        raise Refusal(
            "email-twice",
            _l("“%(email)s” stands in the file twice; remove one of the rows", email=email),
            field="email",
        )
    seen.add(email)


def _require_new(email: str, taken: set[str]) -> None:
    if email in taken:
        raise Refusal(
            "email-taken",
            _l("there is an account for “%(email)s” already; remove the row", email=email),
            field="email",
        )


def _there(row: Row, interpreter: Interpreter) -> str:
    return str(
        _l(
            "Row %(row)d: %(email)s is in the pool already.",
            row=row.number,
            email=interpreter.account.email,
        )
    )


def _interpreter(person: Person) -> Interpreter:
    return Interpreter(
        account=accounts.prepare(
            email=person.email,
            name=f"{person.first_name} {person.last_name}",
            role=Role.INTERPRETER,
            locale=person.locale,
        ),
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
        availability=Availability(
            weekly_hours=[
                WeeklyHours(weekday=weekday, start=start, end=end)
                for weekday, start, end in person.weekly_hours
            ]
        ),
    )
