"""A partner agency sends somebody, or does not after all, as it was said on the telephone."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.offers import agency
from dispatch.pages.coordinator import blueprint
from dispatch.requests import queries as requests
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post("/requests/<int:request_id>/agency")
@only(Role.COORDINATOR)
def covered_by_agency(request_id: int) -> ResponseReturnValue:
    """Note that an agency sends whoever is missing, and what it takes if that was said."""
    with once() as outcome:
        requests.find(current_user, request_id)
        name = request.form.get("agency", "")
        cents = agency.cents_of(request.form.get("cost", ""))
        agency.cover(current_user.actor, request_id, name, cents=cents, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("Noted: %(name)s sends somebody; those who asked hear it.", name=name)),
        )
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/agency/off")
@only(Role.COORDINATOR)
def not_covered_by_agency(request_id: int) -> ResponseReturnValue:
    """Note that the agency sends nobody after all; the request is open again."""
    with once() as outcome:
        requests.find(current_user, request_id)
        agency.uncover(current_user.actor, request_id, now=clock.now())
        outcome.leads_to(
            url_for("coordinator.candidates", request_id=request_id),
            ("success", _("Noted; those who asked hear that we look for somebody again.")),
        )
    return outcome.answer()
