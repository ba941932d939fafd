"""Rows of the past: each change with its change, written in order of time."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.cities import City
from dispatch.database import db
from dispatch.demo.chance import Random
from dispatch.demo.demand import Wish
from dispatch.ledger.models import Change
from dispatch.ledger.rules import Actor
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import REFERENCES, RequestState, reference

TALKS_OF_A_CASE = 3
OBJECT_TYPES = {Assignment: "assignment", InterpretationRequest: "request", Offer: "offer"}


@dataclass(frozen=True)
class _Entry:
    at: datetime
    actor: Actor
    action: str
    row: Any
    reason: str | None


@dataclass
class Recording:
    """What happened, to be written at once."""

    rows: list[Any] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)

    def note(
        self, actor: Actor, action: str, row: Any, at: datetime, reason: str | None = None
    ) -> None:
        """Remember an change for a row."""
        self.entries.append(_Entry(at, actor, action, row, reason))

    def become(
        self, actor: Actor, row: Any, state: str, at: datetime, reason: str | None = None
    ) -> None:
        """Change a row's state and remember the change."""
        row.state = state
        if reason:
            row.state_reason = reason
        self.note(actor, f"{OBJECT_TYPES[type(row)]}.{state}", row, at, reason)

    def write(self) -> None:
        """Write the rows, then their changes as the time went on."""
        db.session.add_all(self.rows)
        db.session.flush()
        entries = [_as_values(entry) for entry in sorted(self.entries, key=lambda entry: entry.at)]
        if entries:
            db.session.execute(sa.insert(Change), entries)


def requests_of(
    wishes: Iterable[Wish], recording: Recording, random: Random, city: City
) -> Iterator[tuple[Wish, InterpretationRequest]]:
    """Submit wishes in the order in which they came, each with a number of its own.

    What an office asks for in one language goes on in cases of three talks each, which are called
    after the first.
    """
    numbers: set[str] = set()
    cases: dict[tuple[int, str], list[str]] = defaultdict(list)
    for wish in sorted(wishes, key=lambda wish: wish.submitted_at):
        number = _new_number(wish.submitted_at.year, numbers, random, city)
        own = cases[wish.office.row.id, wish.language]
        own.append(own[-1] if len(own) % TALKS_OF_A_CASE else number)
        row = _request(wish, number, own[-1])
        recording.rows.append(row)
        recording.note(wish.asker.actor, "request.submitted", row, wish.submitted_at)
        yield wish, row


def _new_number(year: int, numbers: set[str], random: Random, city: City) -> str:
    drawn = reference(city, year, random.randrange(REFERENCES))
    while drawn in numbers:
        drawn = reference(city, year, random.randrange(REFERENCES))
    numbers.add(drawn)
    return drawn


def _request(wish: Wish, number: str, case: str) -> InterpretationRequest:
    return InterpretationRequest(
        reference=number,
        organisation_id=wish.office.row.id,
        account_id=wish.asker.id,
        site=wish.site,
        language=wish.language,
        setting=wish.setting,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        time_zone=wish.site.time_zone,
        wall_start=wish.wall_start.isoformat(timespec="minutes"),
        duration_minutes=clock.minutes_between(wish.starts_at, wish.ends_at),
        interpreter_count=wish.interpreter_count,
        gender_required=wish.gender_required,
        qualification_required=wish.qualification_required,
        case_reference=f"BSP-{case.partition('-')[2]}",
        contact=wish.asker.name,
        room=wish.room,
        state=RequestState.OPEN,
        submitted_at=wish.submitted_at,
    )


def hash_of_nothing() -> str:
    """Return what stands in the place of a link that nobody holds."""
    return secrets.token_hex(32)


def _concerned(row: Any) -> dict[str, int | None]:
    assignment = row.assignment if isinstance(row, Offer) else row
    asked = row if isinstance(row, InterpretationRequest) else assignment.interpretation_request
    return {
        "organisation_id": asked.organisation_id,
        "interpretation_request_id": asked.id,
        "offer_id": row.id if isinstance(row, Offer) else None,
        "assignment_id": row.id if isinstance(row, Assignment) else None,
        "interpreter_id": None if asked is row else row.interpreter_id,
    }


def _as_values(entry: _Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "actor_account_id": entry.actor.account_id,
        "actor_role": entry.actor.role,
        "kind": entry.action,
        **_concerned(entry.row),
        "fields": [] if entry.action == "request.submitted" else ["state"],
    }
