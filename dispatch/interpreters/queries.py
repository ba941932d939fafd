"""Who is in the pool, and when somebody can be asked."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from dispatch.contacts.notices import Person
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification, Span, free_times
from dispatch.interpreters.rules import holds as _holds


def active_with_languages() -> Sequence[Interpreter]:
    """Return everybody who can be asked, with all that a plan needs loaded, by id."""
    return db.session.scalars(
        sa.select(Interpreter)
        .where(Interpreter.active)
        .options(
            joinedload(Interpreter.account),
            selectinload(Interpreter.working_languages),
            selectinload(Interpreter.qualifications),
            selectinload(Interpreter.weekly_hours),
            selectinload(Interpreter.absences),
        )
        .order_by(Interpreter.id)
    ).all()


def of_account(account_id: int) -> Interpreter | None:
    """Return the interpreter who signs in with this account, if it is one."""
    return db.session.scalar(sa.select(Interpreter).where(Interpreter.account_id == account_id))


def as_person(interpreter: Interpreter) -> Person:
    """Return the interpreter as somebody who can be told."""
    account = interpreter.account
    return Person(interpreter.name, account.locale, account.email, interpreter.phone)


def availability(interpreter: Interpreter, day: date, zone_name: str) -> list[Span]:
    """Return when the interpreter can be asked on a local day, as half-open spans in UTC."""
    absences = [(absence.starts_at, absence.ends_at) for absence in interpreter.absences]
    return free_times(interpreter.weekly_hours, absences, day, zone_name)


def holds(interpreter: Interpreter, wanted: Qualification, on_day: date) -> bool:
    """Tell whether the interpreter holds at least the wanted qualification on the day."""
    return _holds(interpreter.qualifications, wanted, on_day)
