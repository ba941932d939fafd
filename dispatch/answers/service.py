"""One answer, one verb: whoever answers by whichever way, the same is checked and done.

Answers are given to an offer, or to changed terms of an assignment.
"""

from datetime import datetime
from enum import StrEnum

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.answers import settled
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import queries as assignments
from dispatch.assignments import terms
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, Via
from dispatch.cities.working_time import is_urgent
from dispatch.contacts.hearing import Event
from dispatch.database import not_there
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import messages as offer_messages
from dispatch.offers import queries, service
from dispatch.offers.models import Offer
from dispatch.offers.rules import UNDECIDED, OfferState, overtaken
from dispatch.settings import active


class Answer(StrEnum):
    """What somebody answers to an offer."""

    YES = "yes"
    NO = "no"
    COULD = "could"
    """I could come; the office chooses."""


def by_link(token: str, answer: Answer, *, comment: str = "", now: datetime) -> Offer:
    """Take the answer of whoever holds the signed link; it counts as the interpreter's own."""
    offer = queries.by_token(token)
    return take(offer.interpreter.account.actor, offer, answer, Via.LINK, now, comment)


def by_page(
    account: Account, offer_id: int, answer: Answer, *, comment: str = "", now: datetime
) -> Offer:
    """Take the answer of a signed-in interpreter to an offer of their own; else 404."""
    offer = queries.find(account.id, offer_id)
    return take(account.actor, offer, answer, Via.PAGE, now, comment)


def by_telephone(coordinator: Actor, offer: Offer, answer: Answer, *, now: datetime) -> Offer:
    """Write down what an interpreter said on the telephone; the record names who wrote it."""
    return take(coordinator, offer, answer, Via.TELEPHONE, now)


def terms_by_token(token: str) -> Confirmation:
    """Return the changed terms a signed link leads to; 404 for one nobody made, 410 for a dead one.

    A person who cannot be asked any more has no link that works.
    """
    question = terms.by_token_hash(queries.hash_of(token))
    interpreter = question.assignment.interpreter
    if not (interpreter.active and interpreter.account.honours(question.asked_at)):
        raise Gone("link-over", _l("This link has ended; please call the office."))
    return question


def to_terms_by_link(token: str, answer: Answer, *, now: datetime) -> None:
    """Take the answer to changed terms of whoever holds the signed link."""
    question = terms_by_token(token)
    actor = question.assignment.interpreter.account.actor
    take_terms(actor, question, answer, Via.LINK, now)


def to_terms_by_page(
    account: Account, assignment_id: int, number: int, answer: Answer, *, now: datetime
) -> None:
    """Take the answer of a signed-in interpreter, or write down what was said on the telephone.

    `number` is that of the terms the person looked at. 404 for an assignment of somebody else.
    """
    assignment = assignments.find(account, assignment_id)
    via = Via.TELEPHONE if account.role == Role.COORDINATOR else Via.PAGE
    take_terms(account.actor, _numbered(assignment, number), answer, via, now)


AGREED_ALREADY = "agreed-already"
STANDS_ALREADY = frozenset({"already-accepted", "already-declined", "already-interested"})
"""Refusals that say no more than that the same was answered before."""


DECLINED_BEFORE = "declined-before"
"""A yes of somebody who has said no: nothing is booked by it, and it is not the same again."""

Question = Offer | Assignment
"""What a calendar entry asks: an offer, or changed terms of an assignment."""


def by_calendar(question: Question, answer: Answer, *, is_overtaken: bool, now: datetime) -> None:
    """Take the answer given in a calendar entry, as that of its interpreter.

    `is_overtaken`: it is to what was asked before a change. Raises as the other ways do, and
    `Conflict` (agreed-already) for a no of somebody who has agreed to come: that is said in words.
    """
    actor = question.interpreter.account.actor
    _require_same_mind(question, answer, now)
    if isinstance(question, Offer):
        if is_overtaken and question.state in UNDECIDED:
            raise overtaken()
        take(actor, question, answer, Via.CALENDAR, now)
        return
    changed = terms.open_question(question)
    if changed is None:
        raise _not_asked(question, answer)
    if is_overtaken:
        raise overtaken()
    if answer == Answer.COULD:
        raise Conflict("sure-answer", _l("Here a sure answer is wanted: accept or decline."))
    take_terms(actor, changed, answer, Via.CALENDAR, now)


SmsQuestion = Offer | Confirmation
"""What an SMS answers: an offer, or changed terms by their number."""


def by_sms(question: SmsQuestion, answer: Answer, *, now: datetime) -> None:
    """Take the answer of an SMS from the number a question was put to, as its interpreter's.

    A yes to the question who could come says that they could. Raises as the other ways do.
    """
    _require_same_mind(question, answer, now)
    if isinstance(question, Offer):
        could = answer == Answer.YES and question.is_interest
        actor = question.interpreter.account.actor
        take(actor, question, Answer.COULD if could else answer, Via.SMS, now)
    else:
        take_terms(question.assignment.interpreter.account.actor, question, answer, Via.SMS, now)


def _require_same_mind(question: Question | Confirmation, answer: Answer, now: datetime) -> None:
    """Refuse a yes after a no, unless the office has had them come meanwhile."""
    about = question.assignment if isinstance(question, Confirmation) else question
    if answer == Answer.NO or not _has_said_no(question):
        return
    if not settled.comes(about.interpreter, about.interpretation_request_id, now):
        raise Conflict(
            DECLINED_BEFORE,
            _l(
                "You had said no, and a yes does not take that back. If you can come after all, "
                "please call the office."
            ),
        )


def _has_said_no(question: Question | Confirmation) -> bool:
    if isinstance(question, Offer):
        return question.state == OfferState.DECLINED
    if isinstance(question, Assignment):
        question = question.confirmations[-1]
    return question.answer == "no"


def _not_asked(assignment: Assignment, answer: Answer) -> Refusal:
    if assignment.state not in AGREED:
        return Gone("withdrawn", _l("This is no longer needed. Thank you for answering."))
    if answer != Answer.NO:
        return Conflict("already-accepted", _l("You have accepted this already; nothing changed."))
    return Conflict(
        AGREED_ALREADY,
        _l(
            "You have agreed to come, and a no in the calendar does not take that back. Say on the "
            "page of the assignment that you cannot come, or call the office."
        ),
    )


def must_hear(refusal: Refusal, answer: Answer) -> bool:
    """Tell whether somebody who answered has to hear that it did not count.

    Not who said the same before, nor a no to what is over: nobody waits for them.
    """
    if refusal.code in STANDS_ALREADY:
        return False
    return answer != Answer.NO or refusal.code in {AGREED_ALREADY, "overtaken"}


def tell_of_proposal(question: Question, now: datetime) -> None:
    """Tell who proposed another time in the calendar that it books nothing.

    Not where nothing is asked of them and they do not come: then the office alone reads it.
    """
    if isinstance(question, Offer):
        is_asked, comes = question.state in UNDECIDED, False
    else:
        is_asked, comes = terms.open_question(question) is not None, question.state in AGREED
    if is_asked:
        text = _l(
            "You have proposed another time. The office has it before it, and it books nothing. "
            "Please accept or decline the time below."
        )
    else:
        text = _l(
            "You have proposed another time. The office has it before it, and it books nothing: "
            "what you have agreed to stands."
        )
    if is_asked or comes:
        tell_not_taken(question, Conflict("proposed", text), now)


def tell_not_taken(question: Question, refusal: Refusal, now: datetime) -> None:
    """Tell the interpreter why an answer from the calendar did not count."""
    with force_locale(question.interpreter.account.locale):
        reason = str(refusal.text)
    if isinstance(question, Offer):
        offer_messages.not_taken(question, reason, now)
        return
    assignment_messages.tell(
        Event.ANSWER_NOT_TAKEN,
        question,
        now=now,
        reason=reason,
        urgent=is_urgent(now, question.starts_at, active().city),
    )


def _numbered(assignment: Assignment, number: int) -> Confirmation:
    for one in assignment.confirmations:
        if one.terms_number == number:
            return one
    raise not_there()


def take_terms(
    actor: Actor, question: Confirmation, answer: Answer, via: Via, now: datetime
) -> None:
    """Take an answer to changed terms in somebody's name."""
    if answer == Answer.YES:
        amendments.accept(actor, question.id, via=via, now=now)
    else:
        amendments.decline(actor, question.id, via=via, now=now)


def take(
    actor: Actor, offer: Offer, answer: Answer, via: Via, now: datetime, comment: str = ""
) -> Offer:
    """Take an answer to an offer in somebody's name."""
    if answer == Answer.YES:
        service.accept(actor, offer.id, via=via, now=now)
    elif answer == Answer.COULD:
        service.could_come(actor, offer.id, comment=comment, via=via, now=now)
    else:
        service.decline(actor, offer.id, via=via, now=now)
    return offer
