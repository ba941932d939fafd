"""Taking a yes back: in time with a reason, later by telephone or at least so that it is known.

On the page of the assignment, and by the link of the offer that was accepted without signing in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries
from dispatch.assignments.models import Assignment
from dispatch.cancellations import rules, withdrawing
from dispatch.database import not_there
from dispatch.errors import Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import queries as offers
from dispatch.pages.interpreter import blueprint
from dispatch.pages.reasons import CannotComeForm, WithdrawalForm
from dispatch.pages.returning import typed
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only, public


@dataclass(frozen=True)
class WayBack:
    """Whose yes to what is taken back, by which addresses, and where it leads then.

    `above`: there are pages of the person to go back to; whoever holds a link has that alone.
    """

    assignment: Assignment
    actor: Actor
    withdraw: str
    cannot_come: str
    here: str
    leads_to: str
    above: bool


@blueprint.get("/assignments/<int:assignment_id>/withdraw")
@only(Role.INTERPRETER)
def ask_withdraw(assignment_id: int) -> ResponseReturnValue:
    """Ask why; when it is too late for that, give the number to call and the other button."""
    return _ask(_by_page(assignment_id))


@blueprint.post("/assignments/<int:assignment_id>/withdraw")
@only(Role.INTERPRETER)
def withdraw(assignment_id: int) -> ResponseReturnValue:
    """Take the yes back while there is time."""
    return _withdraw(lambda: _by_page(assignment_id))


@blueprint.post("/assignments/<int:assignment_id>/cannot-come")
@only(Role.INTERPRETER)
def cannot_come(assignment_id: int) -> ResponseReturnValue:
    """Let the office and those who asked know at once that the interpreter will not be there."""
    return _cannot_come(lambda: _by_page(assignment_id))


@blueprint.get("/o/<token>/withdraw")
@public
def ask_withdraw_by_link(token: str) -> ResponseReturnValue:
    """Ask whoever holds the link of the offer the same; looking changes nothing."""
    if offers.kept_by(offers.by_token(token)) is None:
        return redirect(url_for("interpreter.offer", token=token))
    return _ask(_by_link(token))


@blueprint.post("/o/<token>/withdraw")
@public
def withdraw_by_link(token: str) -> ResponseReturnValue:
    """Take the yes of whoever holds the link back; it was sent to one person only."""
    return _withdraw(lambda: _by_link(token))


@blueprint.post("/o/<token>/cannot-come")
@public
def cannot_come_by_link(token: str) -> ResponseReturnValue:
    """Let those who must know hear that whoever holds the link will not be there."""
    return _cannot_come(lambda: _by_link(token))


def _by_page(assignment_id: int) -> WayBack:
    here = url_for("interpreter.assignment", assignment_id=assignment_id)
    return WayBack(
        queries.find(current_user, assignment_id),
        current_user.actor,
        url_for("interpreter.withdraw", assignment_id=assignment_id),
        url_for("interpreter.cannot_come", assignment_id=assignment_id),
        here,
        url_for("interpreter.assignments"),
        above=True,
    )


def _by_link(token: str) -> WayBack:
    offer = offers.by_token(token)
    assignment = offers.kept_by(offer)
    if assignment is None:
        raise not_there()
    here = url_for("interpreter.offer", token=token)
    return WayBack(
        assignment,
        offer.interpreter.account.actor,
        url_for("interpreter.withdraw_by_link", token=token),
        url_for("interpreter.cannot_come_by_link", token=token),
        here,
        here,
        above=False,
    )


def _ask(way: WayBack) -> ResponseReturnValue:
    if _in_time(way.assignment):
        return _page(way, WithdrawalForm(formdata=typed(), version=way.assignment.version))
    return _page(way, CannotComeForm(formdata=typed()))


def _withdraw(find: Callable[[], WayBack]) -> ResponseReturnValue:
    form = WithdrawalForm()
    try:
        with once() as outcome:
            way = find()
            withdrawing.withdraw(
                way.actor,
                way.assignment.id,
                reasons=form.reasons,
                now=clock.now(),
                expected_version=form.version.data,
            )
            outcome.leads_to(way.leads_to, ("success", _withdrawn()))
    except Refusal as refusal:
        return _again(find, form, refusal)
    return outcome.answer()


def _cannot_come(find: Callable[[], WayBack]) -> ResponseReturnValue:
    form = CannotComeForm()
    try:
        with once() as outcome:
            way = find()
            withdrawing.cannot_come(
                way.actor, way.assignment.id, reasons=form.reasons, now=clock.now()
            )
            outcome.leads_to(way.leads_to, ("success", _withdrawn()))
    except Refusal as refusal:
        return _again(find, form, refusal)
    return outcome.answer()


def _withdrawn() -> str:
    return _("You are off this assignment. The office and those who asked know it.")


def _again(
    find: Callable[[], WayBack], form: CannotComeForm, refusal: Refusal
) -> ResponseReturnValue:
    way = find()
    if isinstance(form, WithdrawalForm):
        # Whoever reads the reason decides anew, on what is there now; by now it may be too late.
        form.version.data = way.assignment.version
        if not _in_time(way.assignment):
            form = CannotComeForm()
    attach(form, refusal)
    return _page(way, form), refusal.status


def _in_time(assignment: Assignment) -> bool:
    return rules.can_withdraw(assignment.starts_at, clock.now(), active().city)


def _page(way: WayBack, form: CannotComeForm) -> str:
    return render_template(
        "pages/interpreter/withdraw.html",
        way=way,
        assignment=way.assignment,
        to_come=queries.is_to_come(way.assignment, clock.now()),
        in_time=isinstance(form, WithdrawalForm),
        hours=active().city.policies.withdrawal_ends_hours,
        form=form,
    )
