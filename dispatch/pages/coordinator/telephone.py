"""What an interpreter said on the telephone, and questions the coordinator takes back."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments import service as assignments
from dispatch.cancellations.reversing import Kind, Seat, Step, Window, window_of
from dispatch.database import get
from dispatch.errors import Conflict, Gone
from dispatch.messaging.service import held_back
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only

ANSWERS = {"yes": Answer.YES, "no": Answer.NO, "could": Answer.COULD}


@blueprint.post("/offers/<int:offer_id>/said/<answer>")
@only(Role.COORDINATOR)
def said(offer_id: int, answer: str) -> ResponseReturnValue:
    """Write down what was said on the telephone: a yes, a no, or "I could"; it counts as theirs."""
    if answer not in ANSWERS:
        raise NotFound()
    request_id = get(Offer, offer_id).interpretation_request_id
    here = url_for("caseworker.request_page", request_id=request_id)
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            offer = get(Offer, offer_id)
            window = window_of(offer.interpretation_request)
            answers.by_telephone(current_user.actor, offer, ANSWERS[answer], now=clock.now())
            told = _(
                "Written down: what %(name)s said on the telephone counts.",
                name=offer.interpreter.name,
            )
            outcome.leads_to(here, ("success", told))
    except (Conflict, Gone) as refusal:
        tell("warning", str(refusal.text))
        return redirect(here)
    if answer == "yes":
        _keep_yes(offer, window)
    elif answer == "no":
        steps.did(steps.Refusing(offer_id, said_no=True))
    return outcome.answer()


def _keep_yes(offer: Offer, window: Window | None) -> None:
    """Remember whose seat it became, to be undone."""
    interpretation_request = offer.interpretation_request
    for coming in assignments.live(interpretation_request):
        if coming.interpreter_id == offer.interpreter_id:
            steps.seated(
                interpretation_request, window, Seat(Kind.OFFER, offer.id), Seat.of(coming)
            )


@blueprint.post("/offers/<int:offer_id>/choose")
@only(Role.COORDINATOR)
def choose_interested(offer_id: int) -> ResponseReturnValue:
    """Ask whoever said that they could come for a sure yes; seat and time are held meanwhile."""
    offer = get(Offer, offer_id)
    request_id = offer.interpretation_request_id
    with held_back(steps.HELD_SECONDS), once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("%(name)s is asked for a sure yes.", name=offer.interpreter.name)),
        )
        chosen = offers.choose(current_user.actor, offer_id, now=clock.now())
    steps.did(Step(request_id, after=Seat.of(chosen)))
    return outcome.answer()


@blueprint.post("/offers/<int:offer_id>/withdraw")
@only(Role.COORDINATOR)
def withdraw(offer_id: int) -> ResponseReturnValue:
    """Take an open question back; the seat is open again."""
    offer = get(Offer, offer_id)
    request_id, exclusive = offer.interpretation_request_id, offer.exclusive
    here = url_for("caseworker.request_page", request_id=request_id)
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            offers.withdraw(current_user.actor, offer_id, now=clock.now())
            told = _(
                "The question to %(name)s is taken back; the seat is open again.",
                name=offer.interpreter.name,
            )
            outcome.leads_to(here, ("success", told))
    except Conflict as refusal:
        tell("warning", str(refusal.text))
        return redirect(here)
    if exclusive:
        steps.did(Step(request_id, before=Seat(Kind.OFFER, offer_id)))
    return outcome.answer()
