"""Confirming the day before: by the link of the SMS without signing in, or on a page."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED
from dispatch.attendance import day_before
from dispatch.database import not_there
from dispatch.errors import Conflict
from dispatch.pages.interpreter import blueprint
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only, public


@blueprint.get("/d/<token>")
@public
def ask_day_before(token: str) -> ResponseReturnValue:
    """Show what is asked; looking changes nothing."""
    assignment = day_before.by_token(token)
    return render_template(
        "pages/interpreter/day_before.html",
        assignment=assignment,
        token=token,
        to_come=queries.is_to_come(assignment, clock.now()) and assignment.state in AGREED,
        besides=day_before.asked_besides(assignment, clock.now()),
    )


@blueprint.post("/d/<token>")
@public
def confirm_by_link(token: str) -> ResponseReturnValue:
    """Take the yes of whoever holds the link; it was sent to one person only.

    `besides` is another assignment that the same person was asked about.
    """
    here = url_for("interpreter.ask_day_before", token=token)
    try:
        with once() as outcome:
            assignment = day_before.by_token(token)
            actor, now = assignment.interpreter.account.actor, clock.now()
            wanted = whole(request.form.get("besides")) or assignment.id
            if wanted not in {assignment.id, *_ids(day_before.asked_besides(assignment, now))}:
                raise not_there()
            day_before.confirm(actor, wanted, now=now)
            outcome.leads_to(here)
    except Conflict as refusal:
        tell("warning", str(refusal.text))
        return redirect(here)
    return outcome.answer()


def _ids(assignments: Sequence[Assignment]) -> list[int]:
    return [one.id for one in assignments]


@blueprint.post("/assignments/<int:assignment_id>/comes")
@only(Role.INTERPRETER, Role.COORDINATOR)
def confirm_on_page(assignment_id: int) -> ResponseReturnValue:
    """Take the yes on the page, or what the office heard on the telephone."""
    with once() as outcome:
        outcome.leads_to(
            url_for("interpreter.assignment", assignment_id=assignment_id),
            ("success", _("Written down.")),
        )
        found = queries.find(current_user, assignment_id)
        day_before.confirm(current_user.actor, found.id, now=clock.now())
    return outcome.answer()
