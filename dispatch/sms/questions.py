"""Which questions are open to somebody, and which one a code or a word means."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.amendments import messages as amendments
from dispatch.answers.service import SmsQuestion
from dispatch.assignments import terms
from dispatch.assignments.models import Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.messaging import codes
from dispatch.offers import messages as offers
from dispatch.offers import queries
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.sms.messages import Asked


def open_to(interpreter: Interpreter, now: datetime) -> Sequence[SmsQuestion]:
    """Return what waits for this person's answer, the most pressing first."""
    asked = [
        offer
        for offer in queries.waiting_for(interpreter.account_id, now)
        if offer.state == OfferState.MADE
    ]
    return [*asked, *terms.waiting_for(interpreter.id, now)]


def by_code(interpreter: Interpreter, code: str) -> SmsQuestion | None:
    """Return the question a code means at this person's number, whatever became of it."""
    return _find(interpreter, codes.about(interpreter.phone, code))


def last_put_to(interpreter: Interpreter) -> SmsQuestion | None:
    """Return the question that was put to this person's number last, open or not."""
    return _find(interpreter, codes.last_about(interpreter.phone))


def has_agreed(question: SmsQuestion) -> bool:
    """Tell whether the person has said yes to it, and comes."""
    if isinstance(question, Offer):
        return queries.outcomes_of([question])[question.id] == OfferState.ACCEPTED
    return question.answer == "yes" and question.assignment.state == AssignmentState.CONFIRMED


def described(question: SmsQuestion, now: datetime) -> Asked:
    """Return what an SMS may say of a question."""
    if isinstance(question, Offer):
        person, about = question.interpreter, offers.about(question)
        zone, path = question.interpretation_request.time_zone, "/offers"
    else:
        person, about = question.assignment.interpreter, amendments.about(question)
        zone = question.assignment.interpretation_request.time_zone
        path = f"/assignments/{question.assignment_id}"
    return Asked(
        starts_at=question.starts_at,
        ends_at=question.ends_at,
        time_zone=zone,
        language=question.language,
        codes=codes.of_question(person.phone, about, person.account.locale, now),
        path=path,
    )


def _find(interpreter: Interpreter, about: str | None) -> SmsQuestion | None:
    """Return the question of a name such as "offer:12", if it was put to this person."""
    kind, _, number = (about or "").partition(":")
    if not number:
        return None
    if kind == "offer":
        offer = db.session.get(Offer, int(number))
        return offer if offer and offer.interpreter_id == interpreter.id else None
    found = db.session.get(Confirmation, int(number))
    return found if found and found.assignment.interpreter_id == interpreter.id else None
