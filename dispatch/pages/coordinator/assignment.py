"""What the coordinator does with one assignment: release the interpreter, or pin it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries as assignments
from dispatch.assignments import service as agreed
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service
from dispatch.database import expect_version, get, transaction
from dispatch.pages.coordinator import blueprint
from dispatch.pages.reasons import ReasonForm
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/assignments/<int:assignment_id>/release")
@only(Role.COORDINATOR)
def ask_release(assignment_id: int) -> ResponseReturnValue:
    """Ask why the interpreter is taken off."""
    assignment = assignments.find(current_user, assignment_id)
    return render_template(
        "pages/coordinator/release.html",
        assignment=assignment,
        form=ReasonForm(version=assignment.version),
    )


@blueprint.post("/assignments/<int:assignment_id>/release")
@only(Role.COORDINATOR)
def release(assignment_id: int) -> ResponseReturnValue:
    """Take the interpreter off; the seat is open again."""
    form = ReasonForm()
    if not form.validate():
        assignment = assignments.find(current_user, assignment_id)
        page = render_template("pages/coordinator/release.html", assignment=assignment, form=form)
        return page, 422
    with transaction():
        assignment = assignments.find(current_user, assignment_id)
        expect_version(assignment.version, form.version.data)
        service.release(current_user.actor, assignment, reason=form.reason.data, now=clock.now())
        request_id = assignment.interpretation_request_id
    tell("success", _("The interpreter is released and told; the seat is open again."))
    return redirect(url_for("caseworker.request_page", request_id=request_id))


@blueprint.post("/assignments/<int:assignment_id>/pin")
@only(Role.COORDINATOR)
def pin(assignment_id: int) -> ResponseReturnValue:
    """Keep the assignment as it is, whatever the next plan would do; or let go of it."""
    with transaction():
        assignment = get(Assignment, assignment_id)
        agreed.pin(current_user.actor, assignment, pinned=not assignment.pinned, now=clock.now())
    return redirect(url_for("interpreter.assignment", assignment_id=assignment_id))
