"""One request: what was asked, where it stands, who comes, and what happened."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments import queries, service
from dispatch.database import transaction
from dispatch.pages.caseworker import blueprint
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>")
@only(*ASKS, Role.COORDINATOR)
def request_page(request_id: int) -> ResponseReturnValue:
    """Show what was asked, where it stands, who comes, and what happened."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    own = current_user.organisation_id == interpretation_request.organisation_id
    return render_template(
        "pages/caseworker/interpretation_request.html",
        asked=interpretation_request,
        assignments=service.live(interpretation_request),
        free_seats=len(service.free_seats(interpretation_request)),
        own=own,
        history=queries.history(interpretation_request),
        over=interpretation_request.ends_at <= now,
        helpers=_helpers(interpretation_request, now) if own else [],
        wished={one.interpreter_id for one in interpretation_request.preferred_interpreters},
    )


def _helpers(asked: InterpretationRequest, now: datetime) -> list[queries.Helper]:
    if asked.state != RequestState.OPEN or asked.starts_at <= now:
        return []
    return queries.helpers_of(asked.organisation_id, asked.language, now)


@blueprint.post("/requests/<int:request_id>/wish")
@only(*ASKS)
def wish(request_id: int) -> ResponseReturnValue:
    """Take whom those who ask would like to come again; nobody is promised."""
    chosen = {whole(text) for text in request.form.getlist("interpreter")}
    with transaction():
        asked = requests.find(current_user, request_id)
        service.wish_for(current_user.actor, asked, chosen, now=clock.now())
    told = _("We try to send whom you would like; it is a wish, not a promise.")
    tell("success", told if chosen else _("Your wish is taken back."))
    return redirect(url_for("caseworker.request_page", request_id=request_id))
