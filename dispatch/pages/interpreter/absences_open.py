"""What absences left open, decided with one press: each stays, or somebody else is looked for."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.absences import queries, rules, service
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.cancellations.rules import can_withdraw
from dispatch.database import not_there
from dispatch.interpreters import queries as interpreters
from dispatch.pages.interpreter import blueprint
from dispatch.pages.interpreter.absence_forms import (
    OF_THE_INTERPRETER,
    OF_THE_OFFICE,
    resolved,
)
from dispatch.pages.interpreter.absences import noted
from dispatch.settings import active
from dispatch.web.formats import local_datetime
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/absences/open")
@only(Role.INTERPRETER)
def own_open_jobs() -> ResponseReturnValue:
    """Lead the signed-in interpreter, from a mail, to what the office asks about an absence."""
    interpreter = interpreters.of_account(current_user.id)
    if interpreter is None:
        raise not_there()
    return redirect(url_for("interpreter.open_jobs", interpreter_id=interpreter.id))


@blueprint.get("/interpreters/<int:interpreter_id>/absences/open")
@only(Role.INTERPRETER, Role.COORDINATOR)
def open_jobs(interpreter_id: int) -> ResponseReturnValue:
    """Show all that is still to be decided, by when, and what is likely."""
    interpreter = interpreters.find(current_user, interpreter_id)
    own = current_user.role == Role.INTERPRETER
    words = OF_THE_INTERPRETER if own else OF_THE_OFFICE
    return render_template(
        "pages/interpreter/absences_open.html",
        interpreter=interpreter,
        jobs=queries.open_to(current_user, interpreter_id, clock.now()),
        likely=_likely,
        choices=[(one, words[one]) for one in rules.offered_to(current_user.role)],
        own=own,
    )


@blueprint.post("/interpreters/<int:interpreter_id>/absences/open")
@only(Role.INTERPRETER, Role.COORDINATOR)
def decide_open_jobs(interpreter_id: int) -> ResponseReturnValue:
    """Do what was chosen for each; what was decided meanwhile stays as it was decided."""
    now = clock.now()
    with once() as outcome:
        interpreters.find(current_user, interpreter_id)
        shown = {one.id for one in queries.open_to(current_user, interpreter_id, now)}
        decided = {id_: choice for id_, choice in resolved(request.form).items() if id_ in shown}
        refused = service.settle_all(current_user.actor, decided, now=now)
        left = len(queries.open_to(current_user, interpreter_id, now))
        said = noted()
        here = url_for("interpreter.open_jobs", interpreter_id=interpreter_id)
        outcome.leads_to(here if left else url_for("account.start"), ("success", said))
        for assignment, why in refused:
            zone_name = assignment.interpretation_request.time_zone
            tell("error", f"{local_datetime(assignment.starts_at, zone_name)}: {why}")
    return outcome.answer()


def _likely(job: AbsenceJob) -> Resolution:
    """Return what is chosen beforehand: what a person has to say first waits for them.

    So does what begins soon, because one press decides on all.
    """
    waits = job.by_office and current_user.role == Role.COORDINATOR
    soon = not can_withdraw(job.assignment.starts_at, clock.now(), active().city)
    return Resolution.ASK if waits or soon else Resolution.REPLACE
