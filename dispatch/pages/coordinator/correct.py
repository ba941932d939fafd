"""Correcting what was written down as the end of an assignment."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import DONE, AssignmentState
from dispatch.attendance import correcting, queries, rules
from dispatch.attendance.rules import NO_TIMES, Times
from dispatch.errors import Refusal
from dispatch.ledger.rules import Reasons
from dispatch.pages.coordinator import blueprint
from dispatch.pages.reasons import FOR_THE_OFFICE
from dispatch.pages.returning import typed
from dispatch.pages.states import STATES
from dispatch.web.forms import Time, attach, options
from dispatch.web.once import once
from dispatch.web.policy import only


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """What really came of it, when, and why that was not what stands there."""

    state = RadioField(
        _l("What really happened"),
        choices=options((one, STATES[one]) for one in AssignmentState if one in DONE),
        validators=[InputRequired(_l("Choose what really happened."))],
    )
    began = Time(_l("Began at"), wrong=_l("Write when it began, such as 10:05."), needed=False)
    ended = Time(_l("Ended at"), wrong=_l("Write when it ended, such as 11:10."), needed=False)
    reason_office = StringField(
        _l("Reason for the office"), validators=[InputRequired()], description=FOR_THE_OFFICE
    )


@blueprint.get("/assignments/<int:assignment_id>/correct")
@only(Role.COORDINATOR)
def ask_correct(assignment_id: int) -> str:
    """Ask what really happened."""
    return _page(assignment_id, CorrectionForm(formdata=typed()))


@blueprint.post("/assignments/<int:assignment_id>/correct")
@only(Role.COORDINATOR)
def correct(assignment_id: int) -> ResponseReturnValue:
    """Write down what really happened; both sides hear it."""
    form = CorrectionForm()
    if not form.validate():
        return _page(assignment_id, form), Refusal.status
    try:
        with once() as outcome:
            outcome.leads_to(
                url_for("interpreter.assignment", assignment_id=assignment_id),
                ("success", _("Corrected; both sides are told how it stands.")),
            )
            correcting.correct(
                current_user.actor,
                assignment_id,
                AssignmentState(form.state.data),
                _times(assignment_id, form),
                reasons=Reasons(office=form.reason_office.data or ""),
                now=clock.now(),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(assignment_id, form), refusal.status
    return outcome.answer()


def _times(assignment_id: int, form: CorrectionForm) -> Times:
    """Return the real times where both are given and it took place."""
    took_place = form.state.data == AssignmentState.COMPLETED
    if not (took_place and form.began.data and form.ended.data):
        return NO_TIMES
    found = queries.find(current_user, assignment_id)
    zone_name = found.interpretation_request.time_zone
    agreed = found.starts_at, found.ends_at
    return rules.times_at(agreed, form.began.data, form.ended.data, zone_name)


def _page(assignment_id: int, form: CorrectionForm) -> str:
    return render_template(
        "pages/coordinator/correct.html",
        assignment=queries.find(current_user, assignment_id),
        form=form,
    )
