"""Cancelling a request."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.cancellations import service
from dispatch.database import expect_version, transaction
from dispatch.pages.caseworker import blueprint
from dispatch.pages.reasons import ReasonForm
from dispatch.requests import queries as requests
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def ask_cancel(request_id: int) -> ResponseReturnValue:
    """Ask why the request is cancelled."""
    asked = requests.find(current_user, request_id)
    return render_template(
        "pages/caseworker/cancel.html", asked=asked, form=ReasonForm(version=asked.version)
    )


@blueprint.post("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def cancel(request_id: int) -> ResponseReturnValue:
    """Cancel the request and tell everyone concerned."""
    form = ReasonForm()
    if not form.validate():
        asked = requests.find(current_user, request_id)
        return render_template("pages/caseworker/cancel.html", asked=asked, form=form), 422
    with transaction():
        asked = requests.find(current_user, request_id)
        expect_version(asked.version, form.version.data)
        service.cancel_request(current_user.actor, asked, reason=form.reason.data, now=clock.now())
    tell("success", _("The request is cancelled; everyone concerned is told."))
    return redirect(url_for("caseworker.request_page", request_id=request_id))
