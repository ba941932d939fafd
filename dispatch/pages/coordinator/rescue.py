"""Somebody falls out: who could come instead, when they would be there, and asking them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.interpreters import queries as interpreters
from dispatch.messaging.service import held_back
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.planning.advice import changing
from dispatch.planning.advice import rescue as rescuing
from dispatch.requests import queries as requests
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/rescue")
@only(Role.COORDINATOR)
def rescue(request_id: int) -> ResponseReturnValue:
    """Show who could come instead, who is there in time first."""
    interpretation_request = requests.find(current_user, request_id)
    return render_template(
        "pages/coordinator/rescue.html",
        interpretation_request=interpretation_request,
        page=rescuing.rescue(interpretation_request, clock.now()),
    )


@blueprint.post("/requests/<int:request_id>/rescue/<int:interpreter_id>")
@only(Role.COORDINATOR)
def ask_instead(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Ask somebody to come instead, in one step with releasing who cannot be there in time."""
    require_unsent()
    now = clock.now()
    wanted = rescuing.require_replacement(
        requests.find(current_user, request_id), interpreter_id, now
    )
    name = interpreters.find(current_user, interpreter_id).name
    with held_back(steps.HELD_SECONDS), once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("The offer to %(name)s is made.", name=name)),
        )
        step = rescuing.ask(current_user.actor, request_id, interpreter_id, wanted, now=now)
    steps.did(step)
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/rescue/<int:interpreter_id>/move")
@only(Role.COORDINATOR)
def ask_to_move(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Ask somebody to come here instead of elsewhere, and who could take that over."""
    require_unsent()
    now = clock.now()
    interpretation_request = requests.find(current_user, request_id)
    change = rescuing.require_change(interpretation_request, interpreter_id, now)
    told = _(
        "%(mover)s and %(name)s are asked; %(mover)s is released elsewhere for it and told.",
        mover=change.mover.name,
        name=change.instead.name,
    )
    with once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", told),
        )
        rescuing.make_room(current_user.actor, interpretation_request, now=now)
        changing.change_places(current_user.actor, request_id, change, now=now)
    return outcome.answer()
