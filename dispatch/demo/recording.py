"""Rows of the past: each change with its change, written in order of time."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cities import City
from dispatch.database import db
from dispatch.demo.chance import Random
from dispatch.demo.demand import Wish
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.invitations.models import Invitation
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, Actor, Concerning, Reasons
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.references import REFERENCES, reference
from dispatch.requests.rules import RequestState

TALKS_OF_A_CASE = 3
OBJECT_TYPES = {Assignment: "assignment", InterpretationRequest: "request", Offer: "offer"}


@dataclass(frozen=True)
class _Entry:
    at: datetime
    actor: Actor
    kind: str
    row: Any
    reasons: Reasons


@dataclass
class Recording:
    """What happened, to be written at once."""

    rows: list[Any] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    invited: list[tuple[Assignment, Invitation]] = field(default_factory=list)

    def note(
        self, actor: Actor, kind: str, row: Any, at: datetime, reasons: Reasons = NO_REASONS
    ) -> None:
        """Remember a change of a row."""
        self.entries.append(_Entry(at, actor, kind, row, reasons))

    def become(
        self, actor: Actor, row: Any, state: str, at: datetime, reasons: Reasons = NO_REASONS
    ) -> None:
        """Change a row's state and remember it."""
        row.state = state
        self.note(actor, f"{OBJECT_TYPES[type(row)]}.{state}", row, at, reasons)

    def write(self) -> None:
        """Write the rows in the order in which they point to each other, then the changes."""
        interpretation_requests = [
            row for row in self.rows if isinstance(row, InterpretationRequest)
        ]
        db.session.add_all(interpretation_requests)
        db.session.flush()
        self._hold_what_is_confirmed()
        db.session.add_all(self.rows)
        for row in self.rows:
            if isinstance(row, Offer):
                row.round.interpretation_request_id = row.interpretation_request.id
        db.session.flush()
        for assignment, invitation in self.invited:
            invitation.assignment_id = assignment.id
        db.session.add_all([invitation for _assignment, invitation in self.invited])
        for entry in sorted(self.entries, key=lambda entry: entry.at):
            fields = [] if entry.kind == "request.submitted" else ["state"]
            ledger.record(
                entry.actor,
                entry.kind,
                _concerning(entry.row),
                now=entry.at,
                fields=fields,
                reasons=entry.reasons,
            )
        db.session.flush()

    def _hold_what_is_confirmed(self) -> None:
        for row in self.rows:
            if isinstance(row, Assignment) and row.state == AssignmentState.CONFIRMED:
                row.hold = Hold(
                    interpreter_id=row.interpreter.id,
                    interpretation_request_id=row.interpretation_request.id,
                    seat=row.seat,
                    site_id=row.site.id,
                    way=row.way,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    cause=Cause.ASSIGNMENT,
                )


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
    latest = wish.latest_start_at or wish.starts_at
    return InterpretationRequest(
        reference=number,
        organisation_id=wish.office.row.id,
        account_id=wish.asker.id,
        site=wish.site,
        language=wish.language,
        setting=wish.setting,
        starts_at=wish.starts_at,
        latest_start_at=latest,
        ends_at=latest + (wish.ends_at - wish.starts_at),
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


def _concerning(row: Any) -> Concerning:
    is_request = isinstance(row, InterpretationRequest)
    interpretation_request = row if is_request else row.interpretation_request
    return Concerning(
        organisation=interpretation_request.organisation_id,
        interpretation_request=interpretation_request.id,
        offer=row.id if isinstance(row, Offer) else None,
        assignment=row.id if isinstance(row, Assignment) else None,
        interpreter=None if is_request else row.interpreter_id,
    )
