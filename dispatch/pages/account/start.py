"""Everybody's first page: what needs doing, by role."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.pages.account import blueprint
from dispatch.pages.caseworker.start import caseworker_start
from dispatch.pages.coordinator.start import coordinator_start
from dispatch.pages.interpreter.start import interpreter_start
from dispatch.web.policy import only

FIRST_PAGES = {
    Role.AUDITOR: "auditor.record",
    Role.ADMINISTRATOR: "administrator.installation",
}


@blueprint.get("/")
@only()
def start() -> ResponseReturnValue:
    """Show what needs doing."""
    now = clock.now()
    if current_user.role == Role.COORDINATOR:
        return coordinator_start(current_user, now)
    if current_user.role == Role.INTERPRETER:
        return interpreter_start(current_user, now)
    if current_user.organisation_id:
        return caseworker_start(current_user, now)
    if current_user.role in FIRST_PAGES:
        return redirect(url_for(FIRST_PAGES[current_user.role]))
    return render_template("pages/account/start.html")
