"""A wish of an interpreter that a person set aside, with a reason; it stays marked."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from dispatch.assignments.models import Assignment
from dispatch.assignments.service import concerning
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Reasons


class Wish(StrEnum):
    """What somebody said of when and where they want to be asked; a yes of theirs goes before it.

    What law, those who asked or the way there rule out is no wish, and nobody sets it aside.
    """

    HOURS = "hours"
    NOTICE = "notice"
    DISTRICT = "district"


def mark(
    actor: Actor,
    assignment: Assignment,
    against: Collection[Wish],
    *,
    reasons: Reasons,
    now: datetime,
) -> None:
    """Mark a (locked) assignment as agreed against these wishes, and write down why."""
    assignment.against_wishes = sorted(against)
    ledger.record(
        actor,
        "assignment.against_wishes",
        concerning(assignment),
        now=now,
        fields=assignment.against_wishes,
        reasons=reasons,
    )
