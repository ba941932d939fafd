"""What the coordinator does with one assignment: release the interpreter, or pin it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries, service
from dispatch.cancellations import deciding
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Seat, Step
from dispatch.clients import queries as clients
from dispatch.errors import Conflict, Refusal
from dispatch.messaging.service import held_back
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.reasons import ReleaseForm
from dispatch.pages.returning import typed
from dispatch.web.forms import attach
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/assignments/<int:assignment_id>/release")
@only(Role.COORDINATOR)
def ask_release(assignment_id: int) -> ResponseReturnValue:
    """Ask why the interpreter is taken off."""
    assignment = queries.find(current_user, assignment_id)
    return _page(assignment_id, ReleaseForm(formdata=typed(), version=assignment.version))


@blueprint.post("/assignments/<int:assignment_id>/release")
@only(Role.COORDINATOR)
def release(assignment_id: int) -> ResponseReturnValue:
    """Take the interpreter off; the seat is open again."""
    form = ReleaseForm()
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            before = Seat.of(queries.find(current_user, assignment_id))
            released = cancellations.release(
                current_user.actor,
                assignment_id,
                reasons=form.reasons,
                now=clock.now(),
                expected_version=form.version.data,
                owes=not form.own_wish.data,
            )
            told = _(
                "%(name)s is released and told; the seat is open again.",
                name=released.interpreter.name,
            )
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=released.interpretation_request_id),
                ("success", told),
            )
    except Refusal as refusal:
        attach(form, refusal)
        # Whoever reads the reason decides anew, on what is there now.
        form.version.data = queries.find(current_user, assignment_id).version
        return _page(assignment_id, form), refusal.status
    steps.did(Step(released.interpretation_request_id, before=before))
    return outcome.answer()


@blueprint.post("/assignments/<int:assignment_id>/pin")
@only(Role.COORDINATOR)
def pin(assignment_id: int) -> ResponseReturnValue:
    """Keep the assignment as it is, whatever the next plan would do; or let go of it.

    The button says which of the two it means: pressed in two windows it does not undo itself.
    """
    try:
        with once() as outcome:
            outcome.leads_to(url_for("interpreter.assignment", assignment_id=assignment_id))
            queries.find(current_user, assignment_id)
            pinned = request.form.get("pinned") != "0"
            service.pin(current_user.actor, assignment_id, pinned=pinned, now=clock.now())
        steps.did(steps.Pinning(assignment_id, pinned))
    except Conflict as refusal:
        tell("warning", str(refusal.text))
    return redirect(url_for("interpreter.assignment", assignment_id=assignment_id))


def _page(assignment_id: int, form: ReleaseForm) -> str:
    assignment = queries.find(current_user, assignment_id)
    return render_template(
        "pages/coordinator/release.html",
        assignment=assignment,
        owed=deciding.owed_for(assignment, clock.now()),
        client_reminded=clients.is_reminded(assignment.interpretation_request_id),
        form=form,
    )
