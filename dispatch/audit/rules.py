"""Who acts: a signed-in person, a person with a signed link, or the system itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The one who does something; passed explicitly to every service."""

    account_id: int | None
    role: str
    organisation_id: int | None = None


SYSTEM = Actor(account_id=None, role="system")
