"""The people of a test: who asks, who shares her office, who is a stranger, who coordinates."""

from dataclasses import dataclass

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db
from tests import factories


@dataclass(frozen=True)
class Cast:
    """Accounts by the part they play."""

    caseworker: Account
    team_mate: Account
    stranger: Account
    coordinator: Account


def assemble() -> Cast:
    """Put the people on the stage and commit."""
    school = factories.organisation("Grundschule Beispiel")
    clinic = factories.organisation("Klinik Beispiel")
    cast = Cast(
        caseworker=factories.account(of=school, name="Anna Beispiel"),
        team_mate=factories.account(of=school, name="Bert Beispiel"),
        stranger=factories.account(of=clinic, name="Carla Beispiel"),
        coordinator=factories.account(Role.COORDINATOR, name="Dana Beispiel"),
    )
    db.session.commit()
    return cast
