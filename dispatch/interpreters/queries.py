"""Who is in the pool, and whether somebody can be asked."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.availability import rules
from dispatch.availability.models import Absence, Availability
from dispatch.availability.rules import Way
from dispatch.availability.times import Span, busy_between, free_times, is_free, merged
from dispatch.contacts.notices import Person
from dispatch.database import db, get, not_there
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import HeldQualification, Interpreter, WorkingLanguage
from dispatch.interpreters.rules import Qualification
from dispatch.interpreters.rules import holds as _holds
from dispatch.languages.rules import tags_like
from dispatch.settings import active
from dispatch.web.paging import BEGINNING, Page, Turn, page


def active_with_languages(among: Collection[int] | None = None) -> Sequence[Interpreter]:
    """Return everybody who can be asked (`among` these), with what a plan needs loaded, by id."""
    whoever = sa.true() if among is None else Interpreter.id.in_(among)
    return db.session.scalars(
        sa.select(Interpreter)
        .where(Interpreter.active, whoever)
        .options(
            joinedload(Interpreter.account),
            selectinload(Interpreter.working_languages),
            selectinload(Interpreter.qualifications),
            *(
                joinedload(Interpreter.availability).selectinload(part)
                for part in (
                    Availability.weekly_hours,
                    Availability.exceptional_days,
                    Availability.absences,
                )
            ),
        )
        .order_by(Interpreter.id)
    ).all()


def plain(among: Collection[int]) -> Sequence[Interpreter]:
    """Return these as far as they can be asked, by id, with nothing that lies beside their row."""
    query = sa.select(Interpreter).where(Interpreter.active, Interpreter.id.in_(among))
    return db.session.scalars(query.order_by(Interpreter.id)).all()


def working_in(languages: Collection[str]) -> Sequence[int]:
    """Return the ids of everybody who can be asked and works in one of the languages."""
    return db.session.scalars(
        sa.select(WorkingLanguage.interpreter_id)
        .distinct()
        .join(Interpreter, Interpreter.id == WorkingLanguage.interpreter_id)
        .where(WorkingLanguage.tag.in_(languages), Interpreter.active)
        .order_by(WorkingLanguage.interpreter_id)
    ).all()


def of_account(account_id: int) -> Interpreter | None:
    """Return the interpreter who signs in with this account, if it is one."""
    return db.session.scalar(sa.select(Interpreter).where(Interpreter.account_id == account_id))


def find(account: Account, interpreter_id: int) -> Interpreter:
    """Return the interpreter for the person or the office; for others there is none (404)."""
    interpreter = get(Interpreter, interpreter_id)
    if account.role == Role.COORDINATOR or interpreter.account_id == account.id:
        return interpreter
    raise not_there()


ORDER = (Interpreter.first_name, Interpreter.last_name, Interpreter.id)


def pool_page(text: str = "", turn: Turn = BEGINNING, *, left: bool = False) -> Page[Interpreter]:
    """Return those who can be asked, by name, in pages; with `left` those who left the pool.

    Every word of the text stands in their name or names a language they work in.
    """
    query = (
        sa.select(Interpreter)
        .where(Interpreter.active.is_(not left))
        .options(
            selectinload(Interpreter.working_languages),
            joinedload(Interpreter.availability).selectinload(Availability.absences),
        )
    )
    for word in text.split():
        name = Interpreter.first_name + " " + Interpreter.last_name
        # Ali is a name, and three letters of Somali and Italian
        tags = tags_like(word) if len(word) > len("Ali") else []
        query = query.where(
            name.icontains(word, autoescape=True)
            | Interpreter.working_languages.any(WorkingLanguage.tag.in_(tags))
        )
    return page(query, ORDER, turn)


def ending_qualifications(today: date, until: date) -> list[tuple[Interpreter, HeldQualification]]:
    """Return who of the pool will hold less than today after a day up to `until`, soonest first.

    Not where a qualification at least as high goes on after it.
    """
    rows = db.session.execute(
        sa.select(Interpreter, HeldQualification)
        .join(HeldQualification, HeldQualification.interpreter_id == Interpreter.id)
        .options(selectinload(Interpreter.qualifications))
        .where(
            Interpreter.active,
            HeldQualification.valid_until >= today,
            HeldQualification.valid_until <= until,
        )
        .order_by(HeldQualification.valid_until, Interpreter.id)
    )
    return [(person, held) for person, held in rows if _is_lost(person, held)]


def _is_lost(person: Interpreter, held: HeldQualification) -> bool:
    """Tell whether nothing as high is held on the day after the qualification ends."""
    after = held.valid_until and held.valid_until + timedelta(days=1)
    return after is not None and not holds(person, Qualification(held.qualification), after)


def in_pool(emails: Collection[str]) -> set[str]:
    """Return which of these addresses belong to somebody of the pool."""
    known = db.session.scalars(sa.select(Account.email).join(Interpreter))
    return set(emails).intersection(known)


def as_person(interpreter: Interpreter) -> Person:
    """Return the interpreter as somebody who can be told."""
    account = interpreter.account
    return Person(
        interpreter.name, account.locale, account.email, interpreter.phone, interpreter.account_id
    )


def availability(
    interpreter: Interpreter, day: date, zone_name: str, ways: Collection[Way] = (Way.ON_SITE,)
) -> list[Span]:
    """Return when the interpreter can be asked on a local day by any of the ways.

    Half-open spans in UTC, in order.
    """
    times, city = interpreter.availability, active().city
    if not hours_differ(interpreter):
        return free_times(times, day, zone_name, city)
    return merged(span for way in ways for span in free_times(times, day, zone_name, city, way))


def hours_differ(interpreter: Interpreter) -> bool:
    """Tell whether somebody has hours that do not hold for every way."""
    times = interpreter.availability
    every = [one.ways for one in times.weekly_hours]
    every += [one.ways for one in times.exceptional_days if one.start is not None]
    return any(set(ways) != set(Way) for ways in every)


def why_not_asked(
    interpreter: Interpreter,
    starts_at: datetime,
    district: str,
    now: datetime,
    way: Way = Way.ON_SITE,
) -> Refusal | None:
    """Return why somebody does not want to be asked for this (notice, district); None if so."""
    city = active().city
    return rules.why_not_asked(interpreter.availability, starts_at, district, way, now, city)


def require_askable(
    interpreter: Interpreter,
    span: Span,
    *,
    district: str,
    zone_name: str,
    now: datetime,
    way: Way = Way.ON_SITE,
) -> None:
    """Refuse (409) to ask somebody outside the times, the notice or the districts they said.

    The same that plans and candidates are made with. `zone_name` is the zone of the place.
    """
    refusal = why_not_there(interpreter, span, zone_name, way)
    refusal = refusal or why_not_asked(interpreter, span[0], district, now, way)
    if refusal is not None:
        raise refusal


def why_not_there(interpreter: Interpreter, span: Span, zone_name: str, way: Way) -> Refusal | None:
    """Return the refusal of a span that does not lie in somebody's hours by this way."""
    if is_there(interpreter, span, zone_name, way):
        return None
    return Conflict("not-available", _l("The interpreter does not work at this time."))


def is_there(interpreter: Interpreter, span: Span, zone_name: str, way: Way) -> bool:
    """Tell whether all of a span lies in the hours of somebody by this way."""
    return is_free(interpreter.availability, *span, zone_name, active().city, way)


def is_absent(interpreter: Interpreter, first: datetime, after: datetime) -> bool:
    """Tell whether somebody is away at some moment of `[first, after)`.

    They said so, or one of their private calendars does.
    """
    times = interpreter.availability
    is_away = any(one.starts_at < after and first < one.ends_at for one in times.absences)
    return is_away or bool(busy_between(times, first, after))


def absent(first: datetime, after: datetime) -> set[int]:
    """Return the ids of those who have said to be away at some moment of `[first, after)`."""
    query = (
        sa.select(Interpreter.id)
        .join(Absence, Absence.availability_id == Interpreter.availability_id)
        .where(Absence.starts_at < after, Absence.ends_at > first)
    )
    return set(db.session.scalars(query))


def speaks(interpreter: Interpreter, tag: str, level: int) -> bool:
    """Tell whether the interpreter speaks a language at least this well."""
    return any(one.tag == tag and one.level >= level for one in interpreter.working_languages)


def holds(interpreter: Interpreter, wanted: Qualification, on_day: date) -> bool:
    """Tell whether the interpreter holds at least the wanted qualification on the day."""
    return _holds(interpreter.qualifications, wanted, on_day)
