"""What the office keeps of a person of the pool: how to reach them, languages, qualifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch import settings, texts
from dispatch.accounts import service as accounts
from dispatch.accounts.rules import Role, locale_among
from dispatch.availability.models import Availability
from dispatch.database import db, expect_version, lock, not_there
from dispatch.errors import Refusal
from dispatch.interpreters import proofs
from dispatch.interpreters.models import HeldQualification, Interpreter, WorkingLanguage
from dispatch.interpreters.rules import (
    HIGHEST_FEE_CENTS_PER_HOUR,
    MAXIMUM_LEVEL,
    MINIMUM_LEVEL,
    Employment,
    Qualification,
)
from dispatch.languages import rules as languages
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import service as messaging
from dispatch.messaging.addresses import require_mailbox, require_mobile
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.service import places_changed

MOST_OF_A_NOTE = 500
MOST_HOURS = {"maximum_minutes_per_day": 12 * 60, "maximum_minutes_per_week": 60 * 60}


@dataclass(frozen=True)
class Details:
    """What the office fills in about a person; `home` is the centre of the postcode."""

    first_name: str
    last_name: str
    email: str
    phone: str
    locale: str
    home_postcode: str
    home: Point
    travel_mode: Mode
    employment: Employment
    gender: str | None
    fee_cents_per_hour: int
    maximum_minutes_per_day: int
    maximum_minutes_per_week: int
    office_note: str


def add(actor: Actor, details: Details, spoken: tuple[str, int], *, now: datetime) -> Interpreter:
    """Take one person into the pool with a first language and its level; hours are noted later.

    Raises `Refusal` naming the field to change, `Conflict` where the address belongs to somebody
    already, whether they are in the pool or not.
    """
    tag = languages.require(spoken[0]).tag
    require_level(spoken[1])
    values = _of_person(details)
    account = accounts.prepare(
        email=details.email,
        name=f"{values['first_name']} {values['last_name']}".strip(),
        role=Role.INTERPRETER,
        locale=details.locale,
    )
    accounts.require_unused(account.email)
    accounts.store(actor, [account], now=now)
    interpreter = Interpreter(
        account=account,
        **values,
        working_languages=[WorkingLanguage(tag=tag, level=spoken[1])],
        availability=Availability(),
    )
    db.session.add(interpreter)
    db.session.flush()
    ledger.record(actor, "interpreter.added", Concerning(interpreter=interpreter.id), now=now)
    messaging.follow(account.id, "", now=now)
    places_changed()
    return interpreter


def change(
    actor: Actor,
    interpreter_id: int,
    details: Details,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Interpreter:
    """Keep what changed; plans, candidates and messages go by it from now on.

    Raises `Refusal` naming the field to change, `Conflict` where the address belongs to somebody
    else or the person has changed since somebody looked (`expected_version`).
    """
    interpreter = lock(Interpreter, interpreter_id)
    expect_version(interpreter.version, expected_version)
    former = interpreter.phone
    changed = _set(interpreter, _of_person(details))
    account = interpreter.account
    email = require_mailbox(details.email).lower()
    if email != account.email:
        accounts.require_unused(email)
    locale = locale_among(settings.active().city.locales_for(account.locale), details.locale)
    name = f"{interpreter.first_name} {interpreter.last_name}".strip()
    changed += _set(account, {"email": email, "name": name, "locale": locale})
    if changed:
        _record(actor, interpreter, changed, now)
        places_changed()
    if {"phone", "email"} & set(changed):
        messaging.follow(account.id, former, now=now)
    return interpreter


def speak(actor: Actor, interpreter_id: int, tag: str, level: int, *, now: datetime) -> None:
    """Note a language with its level, or another level of one there is.

    Raises `Refusal` for what is no language or level.
    """
    require_level(level)
    known = languages.require(tag).tag
    interpreter = lock(Interpreter, interpreter_id)
    spoken = next((one for one in interpreter.working_languages if one.tag == known), None)
    if spoken is None:
        interpreter.working_languages.append(WorkingLanguage(tag=known, level=level))
    else:
        spoken.level = level
    _record(actor, interpreter, ["working_languages"], now)


def stop_speaking(actor: Actor, interpreter_id: int, tag: str, *, now: datetime) -> None:
    """Take a language off; what was agreed already stays. Raises `Refusal` for the last one."""
    interpreter = lock(Interpreter, interpreter_id)
    spoken = next((one for one in interpreter.working_languages if one.tag == tag), None)
    if spoken is None:
        raise not_there()
    if len(interpreter.working_languages) == 1:
        raise Refusal(
            "last-language",
            _l("Nobody can be asked for without a language; add another one first."),
        )
    interpreter.working_languages.remove(spoken)
    _record(actor, interpreter, ["working_languages"], now)


def qualify(
    actor: Actor,
    interpreter_id: int,
    qualification: str,
    valid_from: date,
    valid_until: date | None,
    *,
    now: datetime,
) -> None:
    """Note a qualification that was proved, with its first and last day (None: for ever).

    One that begins on the same day is corrected. Raises `Refusal` naming the field to change.
    """
    if qualification not in set(Qualification):
        raise Refusal("no-qualification", _l("Choose a qualification."), field="qualification")
    if valid_until is not None and valid_until < valid_from:
        raise Refusal(
            "ends-before-it-begins",
            _l("It ends before it begins; look at both days."),
            field="valid_until",
        )
    interpreter = lock(Interpreter, interpreter_id)
    for one in interpreter.qualifications:
        if (one.qualification, one.valid_from) == (qualification, valid_from):
            one.valid_until = valid_until
            break
    else:
        interpreter.qualifications.append(
            HeldQualification(
                qualification=qualification, valid_from=valid_from, valid_until=valid_until
            )
        )
    _record(actor, interpreter, ["qualifications"], now)


def disqualify(actor: Actor, interpreter_id: int, held_id: int, *, now: datetime) -> None:
    """Take a qualification off that was noted by mistake, and its proof; 404 if not there."""
    interpreter = lock(Interpreter, interpreter_id)
    held = next((one for one in interpreter.qualifications if one.id == held_id), None)
    if held is None:
        raise not_there()
    interpreter.qualifications.remove(held)
    if (proof := proofs.path_of(held)) is not None:
        proof.unlink(missing_ok=True)
    _record(actor, interpreter, ["qualifications"], now)


def require_level(level: int) -> None:
    """Refuse what is no level of a language."""
    if not MINIMUM_LEVEL <= level <= MAXIMUM_LEVEL:
        raise Refusal("level-invalid", _l("Choose a level from 1 to 5."), field="level")


def _of_person(details: Details) -> dict[str, Any]:
    if not 0 <= details.fee_cents_per_hour <= HIGHEST_FEE_CENTS_PER_HOUR:
        raise Refusal(
            "fee-too-high",
            _l("That is more than anybody is paid; write euros an hour."),
            field="fee",
        )
    for field, most in MOST_HOURS.items():
        if not 60 <= getattr(details, field) <= most:
            raise Refusal(
                "hours-out-of-range",
                _l("Write hours from 1 to %(most)d.", most=most // 60),
                field=field,
            )
    return {
        "first_name": texts.name(details.first_name, field="first_name"),
        "last_name": texts.name(details.last_name, field="last_name") if details.last_name else "",
        "phone": require_mobile(details.phone, settings.active().city.phone_region),
        "home_postcode": details.home_postcode,
        "home_latitude": details.home.latitude,
        "home_longitude": details.home.longitude,
        "travel_mode": details.travel_mode,
        "employment": details.employment,
        "gender": details.gender,
        "fee_cents_per_hour": details.fee_cents_per_hour,
        "maximum_minutes_per_day": details.maximum_minutes_per_day,
        "maximum_minutes_per_week": details.maximum_minutes_per_week,
        "office_note": texts.line(details.office_note, most=MOST_OF_A_NOTE, field="office_note"),
    }


def _set(row: object, values: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _record(actor: Actor, interpreter: Interpreter, fields: list[str], now: datetime) -> None:
    db.session.flush()
    ledger.record(
        actor,
        "interpreter.changed",
        Concerning(interpreter=interpreter.id),
        now=now,
        fields=fields,
    )
