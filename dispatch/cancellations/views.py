"""Cancelling a request, releasing an interpreter."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments import queries as assignments
from dispatch.cancellations import service
from dispatch.cancellations.forms import ReasonForm
from dispatch.database import expect_version, transaction
from dispatch.requests import queries as requests
from dispatch.web.notices import tell
from dispatch.web.policy import only

blueprint = Blueprint("cancellations", __name__)


@blueprint.get("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def ask_cancel(request_id: int) -> ResponseReturnValue:
    """Ask why the request is cancelled."""
    asked = requests.find(current_user, request_id)
    return render_template(
        "cancellations/cancel.html", asked=asked, form=ReasonForm(version=asked.version)
    )


@blueprint.post("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def cancel(request_id: int) -> ResponseReturnValue:
    """Cancel the request and tell everyone concerned."""
    form = ReasonForm()
    if not form.validate():
        asked = requests.find(current_user, request_id)
        return render_template("cancellations/cancel.html", asked=asked, form=form), 422
    with transaction():
        asked = requests.find(current_user, request_id)
        expect_version(asked.version, form.version.data)
        service.cancel_request(current_user.actor, asked, reason=form.reason.data, now=clock.now())
    tell("success", _("The request is cancelled; everyone concerned is told."))
    return redirect(url_for("assignments.request_page", request_id=request_id))


@blueprint.get("/assignments/<int:assignment_id>/release")
@only(Role.COORDINATOR)
def ask_release(assignment_id: int) -> ResponseReturnValue:
    """Ask why the interpreter is taken off."""
    assignment = assignments.find(current_user, assignment_id)
    return render_template(
        "cancellations/release.html",
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
        page = render_template("cancellations/release.html", assignment=assignment, form=form)
        return page, 422
    with transaction():
        assignment = assignments.find(current_user, assignment_id)
        expect_version(assignment.version, form.version.data)
        service.release(current_user.actor, assignment, reason=form.reason.data, now=clock.now())
        request_id = assignment.interpretation_request_id
    tell("success", _("The interpreter is released and told; the seat is open again."))
    return redirect(url_for("assignments.request_page", request_id=request_id))
