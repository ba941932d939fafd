"""Telling whoever shares a talk that the other comes, or does not come any more."""

from datetime import datetime

from dispatch import settings
from dispatch.assignments import messages as assignments
from dispatch.assignments import partners
from dispatch.assignments.messages import SharedFacts
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED
from dispatch.cities.working_time import is_urgent
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person


def tell_other(assignment: Assignment, *, comes: bool, now: datetime) -> None:
    """Tell who shares the talk with somebody that they come, or that they do not any more.

    Nothing where nobody shares it.
    """
    other = partners.other_of(assignment.interpretation_request, assignment.seat)
    if other is None or other.state not in AGREED:  # who is asked again has agreed to nothing yet
        return
    facts = assignments.facts_of(other, other.interpreter.account.locale)
    notices.tell(
        Notice(
            event=Event.SHARED,
            party=Party.COMING,
            person=as_person(other.interpreter),
            facts=SharedFacts(
                **vars(facts), other=assignment.interpreter.first_name, other_comes=comes
            ),
            about=f"assignment:{other.id}",
            talk=other.interpretation_request_id,
            now=now,
            until=other.starts_at,
            urgent=is_urgent(now, other.starts_at, settings.active().city),
        )
    )
