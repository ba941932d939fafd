"""A request with those who come, and an interpreter's own assignments."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments import queries, service
from dispatch.assignments.models import Assignment
from dispatch.audit import service as audit
from dispatch.database import get, transaction
from dispatch.requests import queries as requests
from dispatch.web.policy import only

blueprint = Blueprint("assignments", __name__)


@blueprint.get("/requests/<int:request_id>")
@only(*ASKS, Role.COORDINATOR)
def request_page(request_id: int) -> ResponseReturnValue:
    """Show what was asked, where it stands, who comes, and what happened."""
    interpretation_request = requests.find(current_user, request_id)
    own = current_user.organisation_id == interpretation_request.organisation_id
    return render_template(
        "assignments/request.html",
        asked=interpretation_request,
        assignments=service.live(interpretation_request),
        free_seats=len(service.free_seats(interpretation_request)),
        own=own,
        history=queries.history(interpretation_request),
        over=interpretation_request.ends_at <= clock.now(),
    )


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
        history=audit.history("assignment", assignment.id),
    )


@blueprint.post("/assignments/<int:assignment_id>/pin")
@only(Role.COORDINATOR)
def pin(assignment_id: int) -> ResponseReturnValue:
    """Keep the assignment as it is, whatever the next plan would do; or let go of it."""
    with transaction():
        assignment = get(Assignment, assignment_id)
        service.pin(current_user.actor, assignment, pinned=not assignment.pinned, now=clock.now())
    return redirect(url_for("assignments.show", assignment_id=assignment_id))
