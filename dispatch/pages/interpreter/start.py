"""An interpreter's first page: what waits for an answer, and what is next."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template

from dispatch.absences import queries as absences
from dispatch.absences.models import AbsenceJob
from dispatch.accounts.models import Account
from dispatch.assignments import queries as assignments
from dispatch.interpreters import queries as interpreters
from dispatch.messaging.queries import unreachable_channels
from dispatch.messaging.rules import Channel
from dispatch.offers import queries as offers


def _unreached(account: Account) -> list[Channel]:
    interpreter = interpreters.of_account(account.id)
    addresses = [account.email, *([interpreter.phone] if interpreter else [])]
    return sorted(unreachable_channels(addresses))


def _undecided(account: Account, now: datetime) -> Sequence[AbsenceJob]:
    interpreter = interpreters.of_account(account.id)
    return absences.undecided_of(interpreter.id, now) if interpreter else []


def interpreter_start(account: Account, now: datetime) -> str:
    """Show what waits and what is next."""
    return render_template(
        "pages/interpreter/start.html",
        unreached=_unreached(account),
        waiting=offers.waiting_for(account.id, now),
        undecided=[one for one in _undecided(account, now) if one.by_office],
        coming=assignments.coming_of(account.id, now, most=3).rows,
    )
