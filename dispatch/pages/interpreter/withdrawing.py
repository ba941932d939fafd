"""Taking a yes back: in time with a reason, later by telephone or at least so that it is known."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries
from dispatch.assignments.models import Assignment
from dispatch.cancellations import rules, withdrawing
from dispatch.errors import Refusal
from dispatch.pages.interpreter import blueprint
from dispatch.pages.reasons import CannotComeForm, WithdrawalForm
from dispatch.pages.returning import typed
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/assignments/<int:assignment_id>/withdraw")
@only(Role.INTERPRETER)
def ask_withdraw(assignment_id: int) -> ResponseReturnValue:
    """Ask why; when it is too late for that, give the number to call and the other button."""
    assignment = queries.find(current_user, assignment_id)
    if _in_time(assignment):
        return _page(assignment, WithdrawalForm(formdata=typed(), version=assignment.version))
    return _page(assignment, CannotComeForm(formdata=typed()))


@blueprint.post("/assignments/<int:assignment_id>/withdraw")
@only(Role.INTERPRETER)
def withdraw(assignment_id: int) -> ResponseReturnValue:
    """Take the yes back while there is time."""
    form = WithdrawalForm()
    try:
        with once() as outcome:
            queries.find(current_user, assignment_id)
            withdrawing.withdraw(
                current_user.actor,
                assignment_id,
                reasons=form.reasons,
                now=clock.now(),
                expected_version=form.version.data,
            )
            outcome.leads_to(url_for("interpreter.assignments"), ("success", _withdrawn()))
    except Refusal as refusal:
        return _again(assignment_id, form, refusal)
    return outcome.answer()


@blueprint.post("/assignments/<int:assignment_id>/cannot-come")
@only(Role.INTERPRETER)
def cannot_come(assignment_id: int) -> ResponseReturnValue:
    """Let the office and those who asked know at once that the interpreter will not be there."""
    form = CannotComeForm()
    try:
        with once() as outcome:
            queries.find(current_user, assignment_id)
            withdrawing.cannot_come(
                current_user.actor, assignment_id, reasons=form.reasons, now=clock.now()
            )
            outcome.leads_to(url_for("interpreter.assignments"), ("success", _withdrawn()))
    except Refusal as refusal:
        return _again(assignment_id, form, refusal)
    return outcome.answer()


def _withdrawn() -> str:
    return _("You are off this assignment. The office and those who asked know it.")


def _again(assignment_id: int, form: CannotComeForm, refusal: Refusal) -> ResponseReturnValue:
    assignment = queries.find(current_user, assignment_id)
    if isinstance(form, WithdrawalForm):
        # Whoever reads the reason decides anew, on what is there now; by now it may be too late.
        form.version.data = assignment.version
        if not _in_time(assignment):
            form = CannotComeForm()
    attach(form, refusal)
    return _page(assignment, form), refusal.status


def _in_time(assignment: Assignment) -> bool:
    return rules.can_withdraw(assignment.starts_at, clock.now(), active().city)


def _page(assignment: Assignment, form: CannotComeForm) -> str:
    return render_template(
        "pages/interpreter/withdraw.html",
        assignment=assignment,
        to_come=queries.is_to_come(assignment, clock.now()),
        in_time=isinstance(form, WithdrawalForm),
        hours=active().city.policies.withdrawal_ends_hours,
        form=form,
    )
