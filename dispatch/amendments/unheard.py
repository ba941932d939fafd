"""Whether somebody who has to agree again was ever asked: what did not leave, nobody has heard."""

from datetime import datetime

from dispatch.amendments.rules import TO_KNOW
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import said

QUESTIONS = names_of(Event.CHANGED, Party.COMING) | names_of(Event.CHANGE_HALF_TIME, Party.COMING)


def stands_again(assignment: Assignment, wanted: Terms, names: frozenset[str]) -> bool:
    """Tell whether a yes stands again because its terms do and nobody was asked meanwhile.

    Not where the person has to hear of something else: of what else has changed since or changes
    now (`names`), or of what was taken back with the question.
    """
    if not agreed.is_back(assignment, wanted):
        return False
    since = asked_since(assignment)
    about = f"assignment:{assignment.id}"
    if said.is_heard_since(about, QUESTIONS, since) or said.is_lost_since(about, QUESTIONS, since):
        return False
    of_request = Concerning(interpretation_request=assignment.interpretation_request_id)
    changes = ledger.history(of_request, ["request.changed"])
    changed = names.union(*(one.fields for one in changes if one.at >= since))
    return not changed & TO_KNOW


def asked_since(assignment: Assignment) -> datetime:
    """Return when somebody who has not agreed to changed terms was first to be asked about any."""
    before = agreed.still_agreed(assignment)
    number = before.terms_number if before else 0
    return min(one.asked_at for one in assignment.confirmations if one.terms_number > number)
