"""Answering offers: by the signed link without signing in, or on the interpreter's page."""

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import queries, service
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Via
from dispatch.pages.interpreter import blueprint
from dispatch.web.notices import tell
from dispatch.web.policy import only, public


@blueprint.get("/o/<token>")
@public
def offer(token: str) -> ResponseReturnValue:
    """Show the question; looking changes nothing."""
    return _page(service.by_token(token), token)


@blueprint.post("/o/<token>/<answer>")
@public
def answer_by_link(token: str, answer: str) -> ResponseReturnValue:
    """Take the answer of whoever holds the link; it was sent to one person only."""
    verb = _verb(answer)
    status = 200
    try:
        with transaction():
            asked = service.by_token(token)
            actor = Actor(asked.interpreter.account_id, Role.INTERPRETER)
            verb(actor, asked, via=Via.LINK, now=clock.now())
    except Refusal as refusal:
        status = refusal.status
        tell("warning", str(refusal.text))
    return _page(service.by_token(token), token), status


@blueprint.get("/offers")
@only(Role.INTERPRETER)
def offers() -> ResponseReturnValue:
    """Show the interpreter every question that waits, and how earlier ones ended."""
    return render_template(
        "pages/interpreter/offers.html",
        waiting=queries.waiting_for(current_user.id, clock.now()),
        ended=queries.ended_for(current_user.id),
    )


@blueprint.post("/offers/<int:offer_id>/<answer>")
@only(Role.INTERPRETER)
def answer_on_page(offer_id: int, answer: str) -> ResponseReturnValue:
    """Take the answer of the signed-in interpreter."""
    verb = _verb(answer)
    with transaction():
        asked = queries.find(current_user.id, offer_id)
        verb(current_user.actor, asked, via=Via.PAGE, now=clock.now())
    if answer == "accept":
        tell("success", _("Thank you. The assignment is yours."))
    else:
        tell("info", _("Thank you. We ask somebody else."))
    return redirect(url_for("interpreter.offers"))


def _verb(answer: str) -> Callable[..., None]:
    verbs: dict[str, Callable[..., None]] = {
        "accept": service.accept,
        "decline": service.decline,
    }
    if answer not in verbs:
        raise NotFound()
    return verbs[answer]


def _page(offer: Offer, token: str) -> str:
    db.session.refresh(offer)
    now = clock.now()
    waiting = offer.state == OfferState.MADE and now < offer.answer_by
    return render_template(
        "pages/interpreter/offer.html",
        offer=offer,
        asked=offer.assignment.interpretation_request,
        token=token,
        waiting=waiting,
        state=OfferState.EXPIRED if offer.state == OfferState.MADE and not waiting else offer.state,
    )
