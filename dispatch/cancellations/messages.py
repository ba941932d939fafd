"""What those who asked read when a cancellation is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.clients.queries import Known
from dispatch.contacts.hearing import Event
from dispatch.requests.messages import RequestFacts, facts_of, tell
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import date_in, time_in


@dataclass(frozen=True)
class BackFacts(RequestFacts):
    """A cancellation that was taken back: first names of who comes, and how many are missing.

    Of the missing so many are asked again (`asked_now`).
    And whether the client was reminded before (`client_reminded`), and of which start, where it is
    another by now (`client_knows`).
    """

    coming: str
    missing: int
    asked_now: int = 0
    client_reminded: bool = False
    client_knows: str = ""


def undone(
    interpretation_request: InterpretationRequest,
    coming: Sequence[str],
    asked_now: int,
    client: Known | None,
    now: datetime,
) -> None:
    """Say that it takes place after all: who comes as agreed, how many are looked for and asked.

    And that a client who was reminded before has to be told, and knows another start.
    """
    known = client.other_start if client else None
    locale, zone = interpretation_request.account.locale, interpretation_request.time_zone
    facts = BackFacts(
        **facts_of(interpretation_request),
        coming=", ".join(coming),
        missing=interpretation_request.interpreter_count - len(coming),
        asked_now=asked_now,
        client_reminded=client is not None,
        client_knows=f"{date_in(known, zone, locale)}, {time_in(known, zone, locale)}"
        if known
        else "",
    )
    tell(Event.UNDONE, interpretation_request, facts, now, interpretation_request.ends_at)
