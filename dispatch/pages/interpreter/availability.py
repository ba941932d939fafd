"""When somebody can be asked: said by the person on the telephone, or by the office."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.absences import queries as absent
from dispatch.accounts.rules import Role
from dispatch.assignments import queries as assignments
from dispatch.availability import service
from dispatch.availability.times import is_free
from dispatch.cities.working_time import local_day
from dispatch.database import not_there
from dispatch.errors import Refusal
from dispatch.interpreters import queries
from dispatch.interpreters import service as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import Concerning
from dispatch.pages.interpreter import blueprint
from dispatch.pages.interpreter.availability_forms import ConditionsForm, DayForm, HoursForm
from dispatch.settings import active
from dispatch.sites.queries import districts
from dispatch.travel.estimate import Mode
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/availability")
@only(Role.INTERPRETER)
def own_availability() -> ResponseReturnValue:
    """Show the interpreter when the office may ask."""
    interpreter = queries.of_account(current_user.id)
    if interpreter is None:
        raise not_there()
    return _page(interpreter)


@blueprint.get("/interpreters/<int:interpreter_id>/availability/hours")
@blueprint.get("/interpreters/<int:interpreter_id>/availability/days")
@blueprint.get("/interpreters/<int:interpreter_id>/availability/conditions")
@blueprint.get("/interpreters/<int:interpreter_id>/availability")
@only(Role.INTERPRETER, Role.COORDINATOR)
def availability(interpreter_id: int) -> ResponseReturnValue:
    """Show when somebody can be asked, to the person and the office.

    Where a form was sent to stays in the browser if something is wrong with it: it leads here.
    """
    return _page(queries.find(current_user, interpreter_id))


@blueprint.post("/interpreters/<int:interpreter_id>/availability/hours")
@only(Role.INTERPRETER, Role.COORDINATOR)
def add_hours(interpreter_id: int) -> ResponseReturnValue:
    """Add hours on some weekdays; what overlaps becomes one."""
    form = HoursForm(prefix="week-")

    def say(one: Interpreter) -> str:
        joined = service.add_hours(
            current_user.actor,
            one.availability_id,
            form.details,
            whose=_whose(one),
            now=clock.now(),
        )
        if not joined:
            return _("Noted. The office asks you within these times.")
        first = joined[0]
        return _(
            "Put together with the times that were there: %(start)s–%(end)s.",
            start=first.start.strftime("%H:%M"),
            end=first.end.strftime("%H:%M"),
        )

    return _take(interpreter_id, say, form)


@blueprint.post("/interpreters/<int:interpreter_id>/availability/hours/<int:hours_id>/remove")
@only(Role.INTERPRETER, Role.COORDINATOR)
def remove_hours(interpreter_id: int, hours_id: int) -> ResponseReturnValue:
    """Take hours out of the week."""

    def say(one: Interpreter) -> str:
        service.remove_hours(
            current_user.actor, one.availability_id, hours_id, whose=_whose(one), now=clock.now()
        )
        return _("Taken out. What was agreed already stays as agreed.")

    return _take(interpreter_id, say)


@blueprint.post("/interpreters/<int:interpreter_id>/availability/days")
@only(Role.INTERPRETER, Role.COORDINATOR)
def add_day(interpreter_id: int) -> ResponseReturnValue:
    """Say what is otherwise on one day."""
    form = DayForm(prefix="day-")

    def say(one: Interpreter) -> str:
        service.add_day(
            current_user.actor,
            one.availability_id,
            form.details,
            whose=_whose(one),
            now=clock.now(),
            city=active().city,
        )
        return _("Noted for this day. What was agreed already stays as agreed.")

    return _take(interpreter_id, say, form)


@blueprint.post("/interpreters/<int:interpreter_id>/availability/days/<int:day_id>/remove")
@only(Role.INTERPRETER, Role.COORDINATOR)
def remove_day(interpreter_id: int, day_id: int) -> ResponseReturnValue:
    """Take an exception back."""

    def say(one: Interpreter) -> str:
        service.remove_day(
            current_user.actor, one.availability_id, day_id, whose=_whose(one), now=clock.now()
        )
        return _("The day is as every week again.")

    return _take(interpreter_id, say)


@blueprint.post("/interpreters/<int:interpreter_id>/availability/conditions")
@only(Role.INTERPRETER, Role.COORDINATOR)
def set_conditions(interpreter_id: int) -> ResponseReturnValue:
    """Note notice, districts, holidays and the way of travelling."""
    form = _conditions(queries.find(current_user, interpreter_id))

    def say(one: Interpreter) -> str:
        now = clock.now()
        service.set_conditions(
            current_user.actor,
            one.availability_id,
            form.details,
            districts=districts(),
            whose=_whose(one),
            now=now,
            expected_version=form.version.data,
        )
        interpreters.travel_by(current_user.actor, one.id, Mode(form.travel_mode.data), now=now)
        return _("Noted. The office asks you accordingly.")

    return _take(interpreter_id, say, form)


def _take(
    interpreter_id: int, say: Callable[[Interpreter], str], form: Any = None
) -> ResponseReturnValue:
    """Do what was said in one transaction; what cannot be comes back with what was typed."""
    if form is not None and not form.validate():
        return _page(queries.find(current_user, interpreter_id), form), 422
    try:
        with once() as outcome:
            interpreter = queries.find(current_user, interpreter_id)
            outcome.leads_to(_address(interpreter), ("success", say(interpreter)))
    except Refusal as refusal:
        if form is None or refusal.status != Refusal.status:
            raise
        attach(form, refusal)
        return _page(queries.find(current_user, interpreter_id), form), refusal.status
    return outcome.answer()


def _address(interpreter: Interpreter) -> str:
    if current_user.role == Role.INTERPRETER:
        return url_for("interpreter.own_availability")
    return url_for("interpreter.availability", interpreter_id=interpreter.id)


def _whose(interpreter: Interpreter) -> Concerning:
    return Concerning(interpreter=interpreter.id)


def _conditions(interpreter: Interpreter) -> Any:
    city = active().city
    return ConditionsForm.of(
        interpreter, districts(), schools_known=city.holidays.school is not None
    )


def _page(interpreter: Interpreter, form: Any = None) -> str:
    city, now = active().city, clock.now()
    said, today = interpreter.availability, local_day(now, city)
    own = current_user.role == Role.INTERPRETER
    absences = [one for one in said.absences if one.ends_at > now]
    coming = assignments.coming_of(interpreter.account_id, now).rows
    return render_template(
        "pages/interpreter/availability.html",
        interpreter=interpreter,
        said=said,
        days=[one for one in said.exceptional_days if one.day >= today],
        outside=[
            one
            for one in coming
            if not is_free(said, one.starts_at, one.ends_at, city.zone_name, city)
        ],
        hours_form=form
        if isinstance(form, HoursForm)
        else HoursForm(formdata=None, prefix="week-"),
        day_form=form if isinstance(form, DayForm) else DayForm(formdata=None, prefix="day-"),
        conditions=form if isinstance(form, ConditionsForm) else _conditions(interpreter),
        absences=absences,
        undecided=absent.undecided_of(interpreter.id, now),
        why=absent.reasons_for_office(absences) if not own else {},
        own=own,
    )
