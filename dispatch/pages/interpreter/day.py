"""What happens on the day, said with one tap: by who is there, who waits, or the office."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments.lasting import FORGOTTEN_AFTER
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import queries, rules, service
from dispatch.attendance.rules import Times
from dispatch.errors import Refusal
from dispatch.pages.interpreter import blueprint
from dispatch.pages.returning import typed
from dispatch.web import later
from dispatch.web.formats import local_time
from dispatch.web.forms import Time, attach, whole
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post(
    "/assignments/<int:assignment_id>/day/"
    "<any(on_the_way, arrived, running, no_show_client, no_show_interpreter):step>"
)
@only(Role.INTERPRETER, Role.COORDINATOR, *ASKS)
def say(assignment_id: int, step: str) -> ResponseReturnValue:
    """Write down where the assignment stands now."""
    with once() as outcome:
        assignment = queries.find(current_user, assignment_id)
        outcome.leads_to(_home(assignment), ("success", _("Written down.")))
        state, now = AssignmentState(step), clock.now()
        began_at = later.tapped_at(now) if state == AssignmentState.RUNNING else None
        service.say(current_user.actor, assignment_id, state, Times(began_at), now=now)
    return outcome.answer()


@blueprint.post("/assignments/<int:assignment_id>/late")
@only(Role.INTERPRETER, Role.COORDINATOR, *ASKS)
def late(assignment_id: int) -> ResponseReturnValue:
    """Let those who wait know how many minutes late it gets."""
    with once() as outcome:
        assignment = queries.find(current_user, assignment_id)
        minutes, now = whole(request.form.get("minutes")), clock.now()
        said_at = later.tapped_at(now)
        at = service.late(current_user.actor, assignment_id, minutes, said_at=said_at, now=now)
        when = local_time(at, assignment.interpretation_request.time_zone)
        known = _("Those who asked know it: at about %(time)s.", time=when)
        outcome.leads_to(_home(assignment), ("success", known))
    return outcome.answer()


@blueprint.post("/assignments/<int:assignment_id>/longer")
@only(Role.INTERPRETER, Role.COORDINATOR, *ASKS)
def longer(assignment_id: int) -> ResponseReturnValue:
    """Write down that a talk that runs takes so many minutes longer."""
    with once() as outcome:
        assignment = queries.find(current_user, assignment_id)
        outcome.leads_to(
            _home(assignment), ("success", _("Written down: the office sees who waits next."))
        )
        minutes, now = whole(request.form.get("minutes")), clock.now()
        said_at = later.tapped_at(now)
        service.longer(current_user.actor, assignment_id, minutes, said_at=said_at, now=now)
    return outcome.answer()


class FinishedForm(FlaskForm):  # type: ignore[misc]
    """When it really began and ended, in wall time at the place."""

    began = Time(_l("Began at"), wrong=_l("Write when it began, such as 10:05."))
    ended = Time(_l("Ended at"), wrong=_l("Write when it ended, such as 11:10."))


@blueprint.get("/assignments/<int:assignment_id>/finished")
@only(Role.INTERPRETER, Role.COORDINATOR, *ASKS)
def ask_finished(assignment_id: int) -> ResponseReturnValue:
    """Ask when it really began and ended; what is likely stands there already."""
    found = queries.find(current_user, assignment_id)
    zone_name, now = found.interpretation_request.time_zone, clock.now()
    form = FinishedForm(
        formdata=typed(),
        began=clock.at_place(found.began_at or found.starts_at, zone_name).time(),
        ended=clock.at_place(min(now, found.ends_at + FORGOTTEN_AFTER), zone_name).time(),
    )
    return _page(found, form)


@blueprint.post("/assignments/<int:assignment_id>/finished")
@only(Role.INTERPRETER, Role.COORDINATOR, *ASKS)
def finished(assignment_id: int) -> ResponseReturnValue:
    """Write down that it is over, with its real times."""
    form = FinishedForm()
    found = queries.find(current_user, assignment_id)
    if not form.validate():
        return _page(found, form), Refusal.status
    try:
        with once() as outcome:
            outcome.leads_to(_home(found), ("success", _("Written down: it is over.")))
            zone_name = found.interpretation_request.time_zone
            agreed = found.starts_at, found.ends_at
            times = rules.times_at(agreed, form.began.data, form.ended.data, zone_name)
            state = AssignmentState.COMPLETED
            service.say(current_user.actor, assignment_id, state, times, now=clock.now())
    except Refusal as refusal:
        attach(form, refusal)
        return _page(queries.find(current_user, assignment_id), form), refusal.status
    return outcome.answer()


def _home(assignment: Assignment) -> str:
    if current_user.role in ASKS:
        return url_for("caseworker.request_page", request_id=assignment.interpretation_request_id)
    return url_for("interpreter.assignment", assignment_id=assignment.id)


def _page(assignment: Assignment, form: FinishedForm) -> str:
    return render_template(
        "pages/interpreter/finished.html", assignment=assignment, form=form, home=_home(assignment)
    )
