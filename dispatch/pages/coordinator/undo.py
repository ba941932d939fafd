"""Undoing what one did on the board, and doing it again; what that sends is said before."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.amendments import proposing
from dispatch.assignments.models import Assignment
from dispatch.cancellations import reversing
from dispatch.cancellations.reversing import Effect, Foreseen, Seat
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import get
from dispatch.errors import Conflict, Gone
from dispatch.interpreters.models import Interpreter
from dispatch.messaging.queries import first_left
from dispatch.messaging.service import held_back
from dispatch.offers.models import Offer
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.coordinator.board.steps import (
    Asking,
    Cancelling,
    Done,
    Moving,
    Pinning,
    Refusing,
    Way,
    Withdrawing,
)
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import whole
from dispatch.web.once import Outcome, once
from dispatch.web.policy import only


@blueprint.get("/board/<any(undo, redo):direction>")
@only(Role.COORDINATOR)
def ask_undo(direction: str) -> str:
    """Say what would be undone or done again, and what it would send to whom."""
    way = Way(direction)
    step = steps.last(way)
    part = "HX-Request" in request.headers
    return render_template(
        "pages/coordinator/_undo.html" if part else "pages/coordinator/undo.html",
        way=way,
        step=step,
        count=steps.count(way),
        plan=steps.plan_since(way),
        interpretation_request=_request_of(step) if step else None,
        kind=type(step).__name__,
        person=_person_of(step),
        is_over=isinstance(step, Asking) and _is_answered(step),
        heard_at=proposing.question_left_at(step.request_id) if isinstance(step, Asking) else None,
        foreseen=_foreseen(step),
    )


@blueprint.post("/board/<any(undo, redo):direction>")
@only(Role.COORDINATOR)
def undo(direction: str) -> ResponseReturnValue:
    """Undo the last step or do it again, as it was shown."""
    way = Way(direction)
    step = steps.last(way)
    if step is None or whole(request.form.get("count")) != steps.count(way):
        outcome = Outcome()
        outcome.leads_to(url_for("coordinator.today"), ("info", _("There is nothing to undo.")))
        return outcome.answer()
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            back = steps.reverse(current_user.actor, step, now=clock.now())
            done = _("Undone.") if way == Way.UNDO else _("Done again.")
            outcome.leads_to(_page_of(step), ("success", done))
    except (Conflict, Gone) as refusal:
        steps.turn(way, None)  # what does not hold any more stands in nobody's way
        outcome = Outcome()
        told = _("This cannot be undone any more: %(why)s", why=refusal.text)
        outcome.leads_to(_page_of(step), ("warning", told))
        return outcome.answer()
    steps.turn(way, back)
    return outcome.answer()


def _is_answered(step: Asking) -> bool:
    """Tell whether a question that would be taken back does not stand any more."""
    one = get(InterpretationRequest, step.request_id)
    return step.after is not None and one.proposed_start_at != step.after


def _foreseen(step: Done | None) -> list[Foreseen]:
    match step:
        case reversing.Step():
            return reversing.foresee(step)
        case Withdrawing(seating) if seating.before:
            return reversing.foresee(seating)
        case Refusing(offer_id, True):
            return _asked_again(get(Offer, offer_id))
        case Moving():
            return [Foreseen(get(Offer, step.offer_id).interpreter.name, Effect.ASKED_AGAIN, None)]
        case Cancelling(request_id, True):
            return reversing.foresee_back(request_id)
    return []


def _asked_again(offer: Offer) -> list[Foreseen]:
    """Return what taking a no back does: to the person, and to who asked and heard of nobody."""
    one = offer.interpretation_request
    told_at = first_left(about_all(one.id), names_of(Event.ROUND_RAN_OUT, Party.WHO_ASKED))
    asker = [Foreseen(one.account.name, Effect.ASKER_WAITS, told_at)] if told_at else []
    return [Foreseen(offer.interpreter.name, Effect.ASKED_AGAIN, None), *asker]


def _person_of(step: Done | None) -> Interpreter | None:
    """Return whom a step is about, where it is about one person."""
    match step:
        case Pinning():
            return get(Assignment, step.assignment_id).interpreter
        case Refusing() | Moving():
            return get(Offer, step.offer_id).interpreter
        case Withdrawing(reversing.Step(after=Seat() as seat)):
            return seat.row().interpreter
    return None


def _request_of(step: Done) -> InterpretationRequest:
    match step:
        case Pinning():
            return get(Assignment, step.assignment_id).interpretation_request
        case Refusing():
            return get(Offer, step.offer_id).interpretation_request
    return get(InterpretationRequest, step.request_id)


def _page_of(step: Done) -> str:
    return url_for("caseworker.request_page", request_id=_request_of(step).id)
