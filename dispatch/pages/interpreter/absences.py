"""Being away: what it hits stands there before it is saved, with what becomes of each."""

from collections import Counter
from datetime import time
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.absences import queries, rules, service
from dispatch.accounts.rules import Role
from dispatch.cancellations.rules import can_withdraw
from dispatch.cities.working_time import at_wall, local_day
from dispatch.database import not_there
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.pages.interpreter import blueprint
from dispatch.pages.interpreter.absence_forms import (
    A_DAY_LATER,
    DAYS_OF_ILLNESS,
    RESOLUTIONS,
    AbsenceForm,
    SickForm,
    left_open,
    resolved,
)
from dispatch.pages.interpreter.absence_words import what_was_done
from dispatch.pages.returning import typed
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only

MIDNIGHT = time.min


@blueprint.get("/interpreters/<int:interpreter_id>/absences")
@blueprint.get("/interpreters/<int:interpreter_id>/absences/new")
@only(Role.INTERPRETER, Role.COORDINATOR)
def absence(interpreter_id: int) -> ResponseReturnValue:
    """Ask from when until when; then show what would be hit. Nothing is saved by looking.

    Where the form was sent to leads here, too, if it is opened again.
    """
    interpreter = interpreters.find(current_user, interpreter_id)
    before = typed()
    if before is None and "first" not in request.args:
        today = local_day(clock.now(), active().city)
        return _page(interpreter, AbsenceForm(first=today, last=today))
    form = AbsenceForm(formdata=before or request.args)
    had_looked = "first" in request.args or "reason" in (before or {})
    return _page(interpreter, form, looked=had_looked and form.validate())


@blueprint.post("/interpreters/<int:interpreter_id>/absences")
@only(Role.INTERPRETER, Role.COORDINATOR)
def save_absence(interpreter_id: int) -> ResponseReturnValue:
    """Save the absence and do what was chosen for each assignment."""
    form = AbsenceForm()
    if not form.validate():
        return _page(interpreters.find(current_user, interpreter_id), form), 422
    try:
        if left_open():
            raise rules.not_said()
        with once() as outcome:
            interpreter = interpreters.find(current_user, interpreter_id)
            absence = service.save(
                current_user.actor,
                interpreter.id,
                form.span(active().city),
                resolved(request.form),
                reason=form.reason.data or "",
                now=clock.now(),
            )
            done = what_was_done(queries.decided_in(absence), interpreter)
            outcome.leads_to(_home(interpreter), ("success", _("The absence is noted.")), *done)
    except Refusal as refusal:
        if refusal.status == not_there().status:
            raise
        attach(form, refusal)
        interpreter = interpreters.find(current_user, interpreter_id)
        return _page(interpreter, form, looked=True), refusal.status
    return outcome.answer()


@blueprint.get("/sick")
@only(Role.INTERPRETER)
def sick() -> ResponseReturnValue:
    """Show today's assignments, and those of the days after, before anything happens."""
    interpreter = _oneself()
    jobs = _jobs_of_a_week(interpreter)
    today = local_day(clock.now(), active().city)
    is_today = [local_day(one.starts_at, active().city) == today for one in jobs]
    return render_template(
        "pages/interpreter/sick.html",
        form=_sick_form(interpreter),
        today=[one for one, now in zip(jobs, is_today, strict=True) if now],
        later=[one for one, now in zip(jobs, is_today, strict=True) if not now],
        interpreter=interpreter,
    )


@blueprint.post("/sick")
@only(Role.INTERPRETER)
def report_sick() -> ResponseReturnValue:
    """Take the interpreter off everything from now until then; all sides hear it at once."""
    with once() as outcome:
        interpreter = _oneself()
        last = _sick_form(interpreter).last_day()
        ends_at = at_wall(last + A_DAY_LATER, MIDNIGHT, active().city)
        service.sick(current_user.actor, interpreter.id, ends_at, now=clock.now())
        outcome.leads_to(
            url_for("account.start"),
            ("success", _("Get well soon. The office and those who asked know it.")),
        )
    return outcome.answer()


@blueprint.post("/absences/<int:absence_id>/end")
@only(Role.INTERPRETER, Role.COORDINATOR)
def end_absence(absence_id: int) -> ResponseReturnValue:
    """Be back, or not go: the time is free to be asked for again."""
    with once() as outcome:
        _absence, interpreter = queries.find(current_user, absence_id)
        service.come_back(current_user.actor, absence_id, now=clock.now())
        outcome.leads_to(
            _home(interpreter), ("success", _("The absence has ended; the office may ask again."))
        )
    return outcome.answer()


@blueprint.post("/absences/jobs/<int:job_id>/keep")
@only(Role.INTERPRETER, Role.COORDINATOR)
def keep_job(job_id: int) -> ResponseReturnValue:
    """Decide that the interpreter comes all the same."""
    return _settle(job_id, keeps=True)


@blueprint.post("/absences/jobs/<int:job_id>/replace")
@only(Role.INTERPRETER, Role.COORDINATOR)
def replace_job(job_id: int) -> ResponseReturnValue:
    """Decide that somebody else is looked for."""
    return _settle(job_id, keeps=False)


def _settle(job_id: int, *, keeps: bool) -> ResponseReturnValue:
    with once() as outcome:
        queries.find_job(current_user, job_id)
        assignment = service.settle(current_user.actor, job_id, keeps=keeps, now=clock.now())
        text = _("The assignment stays as agreed.") if keeps else noted()
        by_office = current_user.role == Role.COORDINATOR and not keeps
        leads_to = (
            url_for("coordinator.candidates", request_id=assignment.interpretation_request_id)
            if by_office
            else url_for("account.start")
        )
        outcome.leads_to(leads_to, ("success", text))
    return outcome.answer()


def noted() -> str:
    """Say who knows now that somebody does not come; the office need not be told what it did."""
    if current_user.role == Role.COORDINATOR:
        return _("Noted; everyone concerned is told.")
    return _("Noted. The office and those who asked know it.")


def _oneself() -> Interpreter:
    interpreter = interpreters.of_account(current_user.id)
    if interpreter is None:
        raise not_there()
    return interpreter


def _jobs_of_a_week(interpreter: Interpreter) -> Any:
    now, city = clock.now(), active().city
    after = local_day(now, city) + DAYS_OF_ILLNESS * A_DAY_LATER
    return queries.hit_by(interpreter.id, (now, at_wall(after, MIDNIGHT, city)), now).jobs


def _sick_form(interpreter: Interpreter) -> SickForm:
    city = active().city
    jobs = Counter(local_day(one.starts_at, city) for one in _jobs_of_a_week(interpreter))
    return SickForm.of(local_day(clock.now(), city), jobs)


def _home(interpreter: Interpreter) -> str:
    if current_user.role == Role.INTERPRETER:
        return url_for("interpreter.own_availability")
    return url_for("interpreter.availability", interpreter_id=interpreter.id)


def _page(interpreter: Interpreter, form: AbsenceForm, *, looked: bool = False) -> str:
    """Return the form, and once there are days (`looked`), what lies in them."""
    now, hit = clock.now(), None
    if looked:
        span = form.span(active().city)
        try:
            rules.require_span(span, now)
            hit = queries.hit_by(interpreter.id, span, now)
        except Refusal as refusal:
            if not form.errors:
                attach(form, refusal)
    jobs = {one.id: one.starts_at for one in hit.jobs} if hit else {}
    soon = {one for one, at in jobs.items() if not can_withdraw(at, now, active().city)}
    said = typed() or request.form
    return render_template(
        "pages/interpreter/absence.html",
        interpreter=interpreter,
        form=form,
        hit=hit,
        choices=[(one, RESOLUTIONS[one]) for one in rules.offered_to(current_user.role)],
        hours=active().city.policies.withdrawal_ends_hours,
        soon=soon,
        chosen={one: rules.likely(soon=one in soon) for one in jobs} | resolved(said),
        not_chosen=left_open(),
        own=current_user.role == Role.INTERPRETER,
        home=_home(interpreter),
    )
