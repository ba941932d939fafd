"""A day in Dortmund on which every page has something to show: tomorrow, 2 March 2027."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories

TOMORROW = "2027-03-02"
HOERDE, EVING = (51.4893, 7.5009), (51.5541, 7.4710)


@dataclass(frozen=True)
class Stage:
    """The people, and one request of each kind."""

    caseworker: Account
    lead: Account
    coordinator: Account
    administrator: Account
    asked_interpreter: Account
    busy_interpreter: Account
    open: InterpretationRequest
    asked: InterpretationRequest
    filled: InterpretationRequest
    nobody: InterpretationRequest


def at(hour: int, minute: int = 0) -> datetime:
    """Tomorrow at that wall time."""
    return datetime(2027, 3, 2, hour, minute)


def set_up(app: Flask) -> Stage:
    """Put people, sites and requests on the stage."""
    with app.app_context(), transaction():
        now = clock.now()
        school = factories.organisation("Grundschule am Beispielplatz")
        caseworker = factories.account(of=school, name="Anna Beispiel")
        lead = factories.account(Role.ORGANISATION_LEAD, of=school, name="Uli Beispiel")
        coordinator = factories.account(Role.COORDINATOR, name="Dana Beispiel")
        school_site = factories.site("Grundschule am Beispielplatz", point=HOERDE)
        clinic = factories.site("Klinikum Musterstadt, Kinderambulanz", point=EVING)
        elena = factories.interpreter("ro", "ru", name="Elena", hours=(8, 16))
        mihai = factories.interpreter("ro", name="Mihai", hours=(9, 18))
        factories.interpreter("apc", name="Amal", hours=(8, 13))
        factories.interpreter("uk", name="Olena", hours=(14, 18))
        stage = Stage(
            caseworker=caseworker,
            lead=lead,
            coordinator=coordinator,
            administrator=factories.account(Role.ADMINISTRATOR, name="Ada Beispiel"),
            asked_interpreter=mihai.account,
            busy_interpreter=elena.account,
            filled=factories.asked("ro", by=caseworker, at=school_site, start=at(8, 30)),
            asked=factories.asked("ro", by=caseworker, at=clinic, start=at(10, 30), minutes=90),
            open=factories.asked("apc", by=caseworker, at=school_site, start=at(11), minutes=45),
            nobody=factories.asked("uk", by=caseworker, at=clinic, start=at(9), minutes=60),
        )
        factories.coming(stage.filled, elena, now=now)
        offers.make(SYSTEM, stage.asked.id, mihai.id, now=now)
        return stage
