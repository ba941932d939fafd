"""Things tests need, with sensible values for everything a test does not care about."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.availability.models import Availability, WeeklyHours
from dispatch.database import db
from dispatch.interpreters.models import (
    HeldQualification,
    Interpreter,
    WorkingLanguage,
)
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.offers import service as offers
from dispatch.organisations.models import Organisation
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
TOMORROW_TEN = datetime(2027, 3, 2, 10, 0)
CITY_HALL = (51.5113, 7.4652)
_numbers = itertools.count(1)


def organisation(name: str = "Grundschule Beispiel") -> Organisation:
    """An organisation."""
    row = Organisation(name=name, kind="school")
    db.session.add(row)
    db.session.flush()
    return row


def account(
    role: str = Role.CASEWORKER,
    *,
    of: Organisation | None = None,
    name: str = "Kim Muster",
    locale: str = "en",
    phone: str | None = None,
) -> Account:
    """Somebody who can sign in."""
    number = next(_numbers)
    row = Account(
        email=f"person{number}@beispiel.example",
        name=name,
        password=None,
        active=True,
        fs_uniquifier=f"key-{number}",
        role=role,
        locale=locale,
        phone=phone,
        organisation_id=of.id if of else None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def site(
    name: str = "Rathaus Beispiel",
    *,
    point: tuple[float, float] = CITY_HALL,
    is_public: bool = True,
    buffer_minutes: int = 5,
) -> Site:
    """A place in the middle of Dortmund."""
    number = next(_numbers)
    row = Site(
        register_number=f"site-{number}",
        name=name,
        kind="town_hall",
        address="Friedensplatz 1",
        postcode="44135",
        district="Innenstadt-West",
        latitude=point[0],
        longitude=point[1],
        time_zone="Europe/Berlin",
        buffer_before_minutes=buffer_minutes,
        buffer_after_minutes=buffer_minutes,
        is_public=is_public,
        access_notes="",
        search_text=f" {name.lower()} friedensplatz",
        source="invented",
    )
    db.session.add(row)
    db.session.flush()
    return row


def interpreter(
    *languages: str,
    name: str = "Mira",
    gender: str | None = None,
    qualification: str | None = None,
    hours: tuple[int, int] = (7, 19),
    home: tuple[float, float] = CITY_HALL,
    locale: str = "en",
) -> Interpreter:
    """Somebody of the pool who works every day and lives near the city hall."""
    row = Interpreter(
        account=account(Role.INTERPRETER, name=f"{name} Beispiel", locale=locale),
        first_name=name,
        last_name="Beispiel",
        phone="+4915228817386",
        home_postcode="44135",
        home_latitude=home[0],
        home_longitude=home[1],
        travel_mode="car",
        gender=gender,
        employment="freelance",
        fee_cents_per_hour=3000,
        active=True,
        working_languages=[WorkingLanguage(tag=tag, level=4) for tag in languages or ("ro",)],
        availability=Availability(
            weekly_hours=[
                WeeklyHours(weekday=day, start=time(hours[0]), end=time(hours[1]))
                for day in range(7)
            ],
            on_public_holidays=True,
        ),
        qualifications=[
            HeldQualification(
                qualification=qualification, valid_from=date(2020, 1, 1), valid_until=None
            )
        ]
        if qualification
        else [],
    )
    db.session.add(row)
    db.session.flush()
    return row


def asked(
    language: str = "ro",
    *,
    by: Account | None = None,
    at: Site | None = None,
    start: datetime = TOMORROW_TEN,
    minutes: int = 60,
    interpreters: int = 1,
    now: datetime = NOW,
    **more: str | int | bool | time | tuple[str, ...] | None,
) -> InterpretationRequest:
    """An open request for tomorrow at ten in the city hall."""
    caseworker = by or account(of=organisation(f"Organisation {next(_numbers)}"))
    prepared = requests.prepare(
        caseworker,
        RequestDetails(
            language=language,
            site_id=(at or site()).id,
            wall_start=start,
            duration_minutes=minutes,
            setting="school",
            interpreter_count=interpreters,
            **more,  # type: ignore[arg-type]
        ),
        now=now,
    )
    requests.store([(caseworker.actor, prepared)], now=now)
    return prepared


def hours_later(start: datetime, hours: float) -> datetime:
    """The same day, later."""
    return start + timedelta(hours=hours)


def coming(
    interpretation_request: InterpretationRequest, who: Interpreter, *, now: datetime = NOW
) -> Assignment:
    """An assignment: who was asked for the request has said yes."""
    offer = offers.make(SYSTEM, interpretation_request.id, who.id, now=now)
    return offers.accept(SYSTEM, offer.id, via=Via.PAGE, now=now)


def dead(address: str) -> None:
    """Note that the last message to an address or a number came back: there is nobody."""
    db.session.add(
        Message(
            name="offer",
            channel=Channel.EMAIL if "@" in address else Channel.SMS,
            recipient=address,
            recipient_name="",
            sender="",
            locale="de",
            body="",
            about="",
            state=MessageState.FAILED,
            queued_at=NOW,
            error_code="recipient-refused",
        )
    )
