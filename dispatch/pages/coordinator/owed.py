"""Owing nothing after all, though the policy says so: the office's decision, with a reason."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cancellations import deciding
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.ledger.rules import Reasons
from dispatch.pages.coordinator import blueprint
from dispatch.pages.returning import typed
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


class WaiveForm(FlaskForm):  # type: ignore[misc]
    """Why nothing is owed."""

    reason_office = StringField(
        _l("Reason for the office"),
        validators=[InputRequired()],
        description=_l("Only the office reads this, an illness for example. It can be erased."),
    )


@blueprint.get("/decisions/<int:decision_id>/waive")
@only(Role.COORDINATOR)
def ask_waive(decision_id: int) -> ResponseReturnValue:
    """Ask why nothing is to be owed."""
    return _page(get(CancellationDecision, decision_id), WaiveForm(formdata=typed()))


@blueprint.post("/decisions/<int:decision_id>/waive")
@only(Role.COORDINATOR)
def waive(decision_id: int) -> ResponseReturnValue:
    """Owe nothing, and keep who decided it and why."""
    form = WaiveForm()
    try:
        with once() as outcome:
            assignment = deciding.waive(
                current_user.actor,
                decision_id,
                reasons=Reasons(office=form.reason_office.data or ""),
                now=clock.now(),
            )
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=assignment.interpretation_request_id),
                ("success", _("Nothing is owed any more; the decision and its reason are kept.")),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(get(CancellationDecision, decision_id), form), refusal.status
    return outcome.answer()


def _page(decision: CancellationDecision, form: WaiveForm) -> str:
    return render_template("pages/coordinator/waive.html", decision=decision, form=form)
