"""Deciding on a way that is longer than the city has people sent without asking."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.ledger.rules import NO_REASONS
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.pages.coordinator import blueprint
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post("/offers/<int:offer_id>/way/approve")
@only(Role.COORDINATOR)
def approve_way(offer_id: int) -> ResponseReturnValue:
    """Have the interpreter asked, however long the way is."""
    with once() as outcome:
        offer = offers.approve(current_user.actor, offer_id, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=offer.interpretation_request_id),
            ("success", _("Approved: %(name)s is asked now.", name=offer.interpreter.name)),
        )
    return outcome.answer()


@blueprint.post("/offers/<int:offer_id>/way/refuse")
@only(Role.COORDINATOR)
def refuse_way(offer_id: int) -> ResponseReturnValue:
    """Have this interpreter not be asked for the request; they hear nothing of it."""
    with once() as outcome:
        request_id = get(Offer, offer_id).interpretation_request_id
        offers.refuse(current_user.actor, offer_id, reasons=NO_REASONS, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("Noted: nobody is sent so far; a round goes on with the next.")),
        )
    return outcome.answer()
