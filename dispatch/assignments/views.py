"""A request with those who come, and an interpreter's own assignments."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments import queries, service
from dispatch.assignments.models import Assignment
from dispatch.database import get, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.policy import only

blueprint = Blueprint("assignments", __name__)


@blueprint.get("/requests/<int:request_id>")
@only(*ASKS, Role.COORDINATOR)
def request_page(request_id: int) -> ResponseReturnValue:
    """Show what was asked, where it stands, who comes, and what happened."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    own = current_user.organisation_id == interpretation_request.organisation_id
    return render_template(
        "assignments/request.html",
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
    return redirect(url_for("assignments.request_page", request_id=request_id))


@blueprint.get("/assignments")
@only(Role.INTERPRETER)
def index() -> ResponseReturnValue:
    """Show the interpreter what is next."""
    coming = queries.coming_of(current_user.id, clock.now())
    return render_template("assignments/index.html", coming=coming)


@blueprint.get("/assignments/<int:assignment_id>")
@only(Role.INTERPRETER, Role.COORDINATOR)
def show(assignment_id: int) -> ResponseReturnValue:
    """Show one assignment to the interpreter who goes there, or to the coordinator."""
    assignment = queries.find(current_user, assignment_id)
    return render_template(
        "assignments/show.html",
        assignment=assignment,
        asked=assignment.interpretation_request,
        day=clock.at_place(
            assignment.starts_at, assignment.interpretation_request.time_zone
        ).date(),
        history=ledger.history(Concerning(assignment=assignment.id)),
    )


@blueprint.post("/assignments/<int:assignment_id>/pin")
@only(Role.COORDINATOR)
def pin(assignment_id: int) -> ResponseReturnValue:
    """Keep the assignment as it is, whatever the next plan would do; or let go of it."""
    with transaction():
        assignment = get(Assignment, assignment_id)
        service.pin(current_user.actor, assignment, pinned=not assignment.pinned, now=clock.now())
    return redirect(url_for("assignments.show", assignment_id=assignment_id))
