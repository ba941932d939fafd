"""Roles, and how often somebody may try to sign in."""

from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; every account has exactly one."""

    CASEWORKER = "caseworker"
    INTERPRETER = "interpreter"
    COORDINATOR = "coordinator"
    ORGANISATION_LEAD = "organisation_lead"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ASKS = (Role.CASEWORKER, Role.ORGANISATION_LEAD)
"""Roles that ask for interpreters on behalf of their organisation."""

SIGN_IN_LINK_LIFE = timedelta(hours=72)
FAILED_TRIES = 10
FAILED_TRIES_WINDOW = timedelta(minutes=15)
