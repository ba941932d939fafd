"""Inventing organisations, the people in them, and the pool of interpreters."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from dispatch import clock, settings
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.availability.models import Absence, Availability, WeeklyHours
from dispatch.database import db
from dispatch.demo import chance, sources
from dispatch.demo.chance import Random, draw
from dispatch.interpreters.models import (
    HeldQualification,
    Interpreter,
    WorkingLanguage,
)
from dispatch.interpreters.rules import Employment, Qualification
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.organisations.models import Organisation
from dispatch.travel.estimate import Mode

INTERPRETERS = 90
CASEWORKERS_EACH = 2
OFFICE_DOMAIN = "dragoman.example"
POOL_DOMAIN = "dolmetschpool.example"
PHONE = "+49176040690{:02d}"
"""A block of a hundred numbers that the Federal Network Agency keeps free for fiction."""

EMPLOYMENT = {Employment.STAFF: 0.07, Employment.FREELANCE: 0.53, Employment.VOLUNTEER: 0.4}
FEE_CENTS = {Employment.STAFF: 0, Employment.FREELANCE: 5050, Employment.VOLUNTEER: 2500}
TRAVEL_MODE = {
    Mode.PUBLIC_TRANSPORT: 0.4,
    Mode.CAR: 0.38,
    Mode.BICYCLE: 0.19,
    Mode.ON_FOOT: 0.03,
}
BEYOND_POOL_TRAINING = {
    None: 0.5,
    Qualification.SPRINT: 0.27,
    Qualification.STATE_CERTIFIED: 0.1,
    Qualification.SWORN: 0.13,
}
SHIFTS = {
    (time(7), time(18)): 0.4,
    (time(8), time(17)): 0.3,
    (time(7), time(14)): 0.15,
    (time(11), time(19)): 0.15,
}
DAYS_A_WEEK = {Employment.STAFF: 5, Employment.FREELANCE: 5, Employment.VOLUNTEER: 4}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
GREEK = str.maketrans(
    dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True))
    | {"θ": "th", "χ": "ch", "ψ": "ps"}
)
SAYS_GENDER, HAS_RUN_OUT, IS_AWAY, READS_ENGLISH = 0.7, 0.06, 0.06, 0.1


@dataclass(frozen=True)
class Office:
    """An organisation with its share in the demand and those who ask for it."""

    row: Organisation
    setting: str
    share: float
    askers: tuple[Account, ...]


@dataclass(frozen=True)
class Name:
    """An invented name."""

    first: str
    last: str
    gender: str

    def address(self, domain: str) -> str:
        """Return an e-mail address nobody can have (RFC 2606)."""
        plain = f"{self.first}.{self.last}".lower().translate(UMLAUTS)
        letters = normalize("NFD", plain).translate(GREEK)
        return f"{letters.encode('ascii', 'ignore').decode()}@{domain}"


def names(random: Random) -> Iterator[Name]:
    """Return names until they run out, none twice."""
    everybody = [
        Name(first, last, gender)
        for first, gender in sources.first_names()
        for last in sources.surnames()
    ]
    random.shuffle(everybody)
    return iter(everybody)


def invent_offices(some: Iterator[Name], now: datetime) -> list[Office]:
    """Add the organisations with two caseworkers each, and a lead in the first one.

    The requests of the last are looked at by the office first.
    """
    offices: list[Office] = []
    for invented in sources.organisations():
        row = Organisation(name=invented.name, kind=invented.kind)
        db.session.add(row)
        db.session.flush()
        ledger.record(SYSTEM, "organisation.added", Concerning(organisation=row.id), now=now)
        roles = [Role.CASEWORKER] * CASEWORKERS_EACH + [Role.ORGANISATION_LEAD] * (not offices)
        askers = [
            _account(next(some), role, invented.mail_domain, now, organisation=row.name)
            for role in roles
        ]
        offices.append(Office(row, invented.setting, invented.share, tuple(askers)))
    offices[-1].row.is_reviewed = True
    return offices


def invent_dispatch(some: Iterator[Name], now: datetime) -> Account:
    """Add a coordinator, an administrator and an auditor; return the coordinator."""
    coordinator, *_others = [
        _account(next(some), role, OFFICE_DOMAIN, now)
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR)
    ]
    return coordinator


def invent_pool(
    random: Random, some: Iterator[Name], day: date, zone_name: str, now: datetime
) -> list[Interpreter]:
    """Add the interpreters: each language has speakers, more the more it is asked for."""
    of_each = sources.language_shares()
    shares = {tag: of_each[tag] for tag in sources.spoken()}
    first_languages = [
        tag
        for tag, speakers in chance.apportion(INTERPRETERS, shares).items()
        for _ in range(speakers)
    ]
    pool = [
        _interpreter(random, next(some), PHONE.format(number), tag, day, now)
        for number, tag in enumerate(first_languages)
    ]
    for interpreter in pool:
        if random.random() < IS_AWAY:
            first, _after = clock.day_bounds(day - timedelta(days=1), zone_name)
            interpreter.availability.absences = [
                Absence(starts_at=first, ends_at=first + timedelta(days=7))
            ]
    db.session.add_all(pool)
    db.session.flush()
    for interpreter in pool:
        ledger.record(SYSTEM, "interpreter.added", Concerning(interpreter=interpreter.id), now=now)
    return pool


def _account(
    name: Name, role: str, domain: str, now: datetime, *, organisation: str | None = None
) -> Account:
    return accounts.add(
        SYSTEM,
        email=name.address(domain),
        name=f"{name.first} {name.last}",
        role=role,
        organisation=organisation,
        password=None,
        now=now,
    )


def _interpreter(
    random: Random, name: Name, phone: str, tag: str, day: date, now: datetime
) -> Interpreter:
    employment = draw(random, EMPLOYMENT)
    postcode, home = random.choice(sources.postcodes())
    return Interpreter(
        account=Account(
            email=name.address(POOL_DOMAIN),
            name=f"{name.first} {name.last}",
            role=Role.INTERPRETER,
            fs_uniquifier=secrets.token_hex(16),
            locale="en" if random.random() < READS_ENGLISH else settings.active().city.locales[0],
        ),
        first_name=name.first,
        last_name=name.last,
        phone=phone,
        home_postcode=postcode,
        home_latitude=home.latitude,
        home_longitude=home.longitude,
        travel_mode=draw(random, TRAVEL_MODE),
        gender=name.gender if random.random() < SAYS_GENDER else None,
        employment=employment,
        fee_cents_per_hour=FEE_CENTS[employment],
        working_languages=_languages(random, tag),
        qualifications=_qualifications(random, day),
        availability=Availability(weekly_hours=_weekly_hours(random, employment)),
    )


def _languages(random: Random, tag: str) -> list[WorkingLanguage]:
    here = sources.spoken()
    others = [one for one in sources.spoken_together().get(tag, ()) if one in here]
    also = random.sample(others, min(len(others), random.choice((0, 1, 2, 2))))
    return [WorkingLanguage(tag=tag, level=random.choice((4, 5)))] + [
        WorkingLanguage(tag=other, level=random.choice((3, 3, 4))) for other in also
    ]


def _qualifications(random: Random, day: date) -> list[HeldQualification]:
    since = day - timedelta(days=random.randint(400, 2000))
    held = [HeldQualification(qualification=Qualification.VOLUNTEER, valid_from=since)]
    further = draw(random, BEYOND_POOL_TRAINING)
    if further:
        days_left = -10 if random.random() < HAS_RUN_OUT else random.randint(60, 1000)
        held.append(
            HeldQualification(
                qualification=further,
                valid_from=since + timedelta(days=90),
                valid_until=day + timedelta(days=days_left),
            )
        )
    return held


def _weekly_hours(random: Random, employment: Employment) -> list[WeeklyHours]:
    start, end = draw(random, SHIFTS)
    weekdays = sorted(random.sample(range(5), DAYS_A_WEEK[employment]))
    return [WeeklyHours(weekday=weekday, start=start, end=end) for weekday in weekdays]
