"""Roles, and how often somebody may try to sign in."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal


class Role(StrEnum):
    """What an account may do; every account has exactly one."""

    CASEWORKER = "caseworker"
    INTERPRETER = "interpreter"
    COORDINATOR = "coordinator"
    ORGANISATION_LEAD = "organisation_lead"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[str, Any] = {
    Role.CASEWORKER: _l("Caseworker"),
    Role.ORGANISATION_LEAD: _l("Lead of an organisation"),
    Role.INTERPRETER: _l("Interpreter of the pool"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ASKS = (Role.CASEWORKER, Role.ORGANISATION_LEAD)
"""Roles that ask for interpreters on behalf of their organisation."""

LEAST_IN_A_PASSWORD, MOST_IN_A_PASSWORD = 12, 1_000
"""Characters; a longer one would only keep the server busy."""

UNICODE_OF_SECRETS: Final = "NFKD"
"""The form of Unicode in which passwords are hashed: ü is the same typed in one sign or in two."""

SIGN_IN_LINK_LIFE = timedelta(hours=72)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=10)

FREE_TRIES = 10
"""Tries for one account from one network before each further one has to wait."""

FREE_TRIES_IN_ALL = 100
"""Tries for one account from everywhere; a link by e-mail is counted apart and stays open."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long the next try waits once the free ones are used up, growing with every try."""

TRIES_FORGOTTEN_AFTER = timedelta(hours=6)


def locale_among(offered: Sequence[str], locale: str | None) -> str:
    """Return the language pages and messages speak to somebody; without one, the first offered.

    Raises `Refusal` for one that is not offered in the city.
    """
    if locale and locale not in offered:
        raise Refusal(
            "locale-not-offered",
            _l(
                "Pages and messages do not speak “%(locale)s” here; write one of: %(offered)s.",
                locale=locale,
                offered=", ".join(offered),
            ),
            field="locale",
        )
    return locale or offered[0]
