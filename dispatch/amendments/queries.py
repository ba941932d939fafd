"""Finding questions about changed terms that wait, and what of changes nobody has heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from dispatch.accounts.rules import ASKS
from dispatch.amendments.differences import Difference, together
from dispatch.assignments.announced import about_coming
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import db
from dispatch.ledger.rules import Actor
from dispatch.messaging import queries as sent
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest

FOUND = names_of(Event.ACCEPTED, Party.WHO_ASKED)
CHANGED = names_of(Event.CHANGED, Party.WHO_ASKED)


def due(now: datetime) -> Sequence[int]:
    """Return the questions whose deadline has passed without an answer, by id."""
    return _waiting(Confirmation.answer_by <= now)


def to_remind(now: datetime) -> Sequence[int]:
    """Return the questions half of whose time is gone, by id."""
    return _waiting(Confirmation.remind_at <= now, Confirmation.answer_by > now)


def lost_without_a_word(request_id: int) -> int:
    """Return how many left by a change of which those who asked have heard that they come, no more.

    What said so had not left yet when the next change took its place.
    """
    left = db.session.scalars(
        sa.select(Assignment.id).where(
            Assignment.interpretation_request_id == request_id,
            Assignment.state == AssignmentState.RELEASED,
        )
    ).all()
    if not left:
        return 0
    _name, changed = sent.last_standing(about_all(request_id), CHANGED)
    last = [sent.last_standing(about_coming(one)) for one in left]
    return sum(name in FOUND and number > changed for name, number in last)


def changes_without_a_word(one: InterpretationRequest) -> tuple[Difference, ...]:
    """Return what earlier changes made new of which those who asked have not been told yet."""
    return changes_in(sent.facts_unsaid(about_all(one.id), CHANGED), one)


class Unsaid(NamedTuple):
    """What earlier changes made new that is not said yet, and by whom all of it is said to be."""

    changes: tuple[Difference, ...]
    changed_by: str


def unsaid_before(actor: Actor, one: InterpretationRequest) -> Unsaid:
    """Return what those who asked have not been told yet when somebody changes their request anew.

    By whom it is: a "colleague" of theirs or the "office"; "" where they have done it themselves,
    or one of them did this and the other that.
    """
    by = "office"
    if actor.role in ASKS:
        by = "" if actor.account_id == one.account_id else "colleague"
    elif actor.account_id is None:
        by = ""
    earlier = sent.facts_unsaid(about_all(one.id), CHANGED)
    said = {each.get("changed_by", "") for facts in earlier for each in facts.get("each", [facts])}
    return Unsaid(changes_in(earlier, one), by if said <= {by} else "")


def changes_in(
    unsaid: Sequence[dict[str, Any]], one: InterpretationRequest
) -> tuple[Difference, ...]:
    """Return what messages of these facts, oldest first, were to say that is new in a request."""
    found: tuple[Difference, ...] = ()
    for facts in unsaid:
        for said in facts.get("each", [facts]):
            if said["reference"] == one.reference:
                changes = tuple(Difference(**change) for change in said["changes"])
                found = together(found, changes)
    return found


def _waiting(*which: sa.ColumnElement[bool]) -> Sequence[int]:
    return db.session.scalars(
        sa.select(Confirmation.id)
        .join(Confirmation.assignment)
        .where(
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.answer.is_(None),
            *which,
        )
    ).all()
