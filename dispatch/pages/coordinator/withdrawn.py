"""An interpreter has said on the telephone that they do not come after all."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries
from dispatch.cancellations import rules, withdrawing
from dispatch.cancellations.reversing import Seat, Step
from dispatch.errors import Refusal
from dispatch.messaging.service import held_back
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.reasons import OfficeReasonForm
from dispatch.pages.returning import typed
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/assignments/<int:assignment_id>/withdrawn")
@only(Role.COORDINATOR)
def ask_withdrawn(assignment_id: int) -> ResponseReturnValue:
    """Ask what the interpreter said, and what is told of it."""
    return _page(assignment_id, OfficeReasonForm(formdata=typed()))


@blueprint.post("/assignments/<int:assignment_id>/withdrawn")
@only(Role.COORDINATOR)
def withdrawn(assignment_id: int) -> ResponseReturnValue:
    """Write down that the interpreter does not come; it counts as if they had said it here."""
    form = OfficeReasonForm()
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            before = Seat.of(queries.find(current_user, assignment_id))
            rules.require_reason(form.reasons, by_office=True)
            assignment = withdrawing.cannot_come(
                current_user.actor, assignment_id, reasons=form.reasons, now=clock.now()
            )
            told = _(
                "Written down: %(name)s does not come; both sides are told. Find a replacement.",
                name=assignment.interpreter.name,
            )
            outcome.leads_to(
                url_for("coordinator.rescue", request_id=assignment.interpretation_request_id),
                ("success", told),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(assignment_id, form), refusal.status
    step = Step(assignment.interpretation_request_id, before=before)
    steps.did(steps.Withdrawing(step))
    return outcome.answer()


def _page(assignment_id: int, form: OfficeReasonForm) -> str:
    return render_template(
        "pages/coordinator/withdrawn.html",
        assignment=queries.find(current_user, assignment_id),
        form=form,
    )
