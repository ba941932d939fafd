"""Who could come to one request, and what would help it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.planning.advice import assigning
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.helping import HelpPage, help_as_it_stands
from dispatch.requests import queries as requests
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/candidates")
@only(Role.COORDINATOR)
def candidates(request_id: int) -> ResponseReturnValue:
    """Show who could come, ranked, and for everybody else of the language why not."""
    asked = requests.find(current_user, request_id)
    return render_template(
        "pages/coordinator/candidates.html",
        asked=asked,
        page=candidates_page(asked, clock.now()),
    )


@blueprint.get("/requests/<int:request_id>/help")
@only(Role.COORDINATOR)
def what_helps_now(request_id: int) -> ResponseReturnValue:
    """Show what would help an open request beside the schedule as it stands."""
    asked = requests.find(current_user, request_id)
    return help_shown(help_as_it_stands(asked, now=clock.now()))


@blueprint.post(
    "/requests/<int:request_id>/candidates/<int:interpreter_id>/<any(offer, assign):way>"
)
@only(Role.COORDINATOR)
def choose(request_id: int, interpreter_id: int, way: str) -> ResponseReturnValue:
    """Make an offer to the chosen interpreter, or assign directly what was agreed by telephone."""
    require_unsent()
    text = _("Assigned; both sides are told.") if way == "assign" else _("The offer is made.")
    assigning.require_able_now(
        requests.find(current_user, request_id), interpreter_id, now=clock.now()
    )
    with once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id), ("success", text)
        )
        requests.find(current_user, request_id)
        assigning.by_hand(
            current_user.actor,
            request_id,
            interpreter_id,
            directly=way == "assign",
            now=clock.now(),
        )
    return outcome.answer()


def help_shown(page: HelpPage) -> str:
    """Return what would help as a part of the page, or as a page of its own."""
    part = "HX-Request" in request.headers
    name = "pages/coordinator/_help.html" if part else "pages/coordinator/help.html"
    return render_template(name, page=page)
