"""Planning days: what is open, how far a run is."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.cities.working_time import add_working_days
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.horizon_form import HorizonForm
from dispatch.pages.returning import typed
from dispatch.pages.turning import turn
from dispatch.planning.proposals import making, queries
from dispatch.planning.runs import page as running
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon, rest_of_week
from dispatch.planning.snapshot.problem import of_days
from dispatch.planning.snapshot.queries import movable_in, open_requests
from dispatch.web.days import day_from
from dispatch.web.forms import attach, whole
from dispatch.web.once import once, require_unsent
from dispatch.web.paging import MOST_ON_A_PAGE
from dispatch.web.policy import only

STOP_ASKING = 286  # what htmx takes as the end of polling


@blueprint.get("/plan")
@only(Role.COORDINATOR)
def plan() -> ResponseReturnValue:
    """Lead to the day asked for, or to the next working day."""
    next_day = add_working_days(_today(), 1, settings.active().city)
    wanted = day_from(request.args.get("day")) or next_day
    return redirect(url_for("coordinator.plan_day", day=wanted.isoformat()))


@blueprint.get("/plan/<day>")
@only(Role.COORDINATOR)
def plan_day(day: str) -> ResponseReturnValue:
    """Show what is open on the day, and the proposals made for it."""
    return _day_page(day_from(day, missing=True), HorizonForm(formdata=typed()))


@blueprint.post("/plan/<day>")
@only(Role.COORDINATOR)
def make_plan(day: str) -> ResponseReturnValue:
    """Plan the day, its week or up to another; the proposal changes nothing until adopted."""
    shown, form = day_from(day, missing=True), HorizonForm()
    if not form.validate():
        return _day_page(shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        horizon = form.chosen(_only(shown), _week_of(shown))
        horizon.require_to_come(clock.now())
    except Refusal as refusal:
        attach(form, refusal)
        return _day_page(shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    require_unsent()
    disturbed, now = min(whole(form.disturb_at_most.data), MOST_DISTURBED), clock.now()
    question = of_days(horizon, now=now, disturb_at_most=disturbed, to_plan=True)
    with once() as outcome:
        begun = making.begin(current_user.actor, question, disturbed, now=now)
        outcome.leads_to(url_for("coordinator.run", run_id=begun.run_id))
    begun.carry_out(current_app._get_current_object())  # type: ignore[attr-defined]
    return outcome.answer()


@blueprint.get("/planning/<int:run_id>")
@only(Role.COORDINATOR)
def run(run_id: int) -> ResponseReturnValue:
    """Show how far the planning is, or lead to what it proposes."""
    page = running.run_page(run_id)
    if page.run.proposal_id is not None:
        return redirect(url_for("coordinator.proposal", proposal_id=page.run.proposal_id))
    return render_template("pages/coordinator/run.html", page=page)


@blueprint.get("/planning/<int:run_id>/progress")
@only(Role.COORDINATOR)
def progress(run_id: int) -> ResponseReturnValue:
    """Answer the page that asks every second."""
    page = running.run_page(run_id)
    if page.run.proposal_id is not None:
        if "arrived" not in request.args:  # a page that went on asking would be led there each time
            return render_template("pages/coordinator/_made.html", page=page), STOP_ASKING
        to = url_for("coordinator.proposal", proposal_id=page.run.proposal_id)
        return "", HTTPStatus.OK, {"HX-Redirect": to}
    status = HTTPStatus.OK if page.is_running else STOP_ASKING
    return render_template("pages/coordinator/_run.html", page=page), status


@blueprint.post("/planning/<int:run_id>/stop")
@only(Role.COORDINATOR)
def stop(run_id: int) -> ResponseReturnValue:
    """Have the planning end with the best plan it has."""
    with transaction():
        runs.ask_to_stop(current_user.actor, run_id, now=clock.now())
    return redirect(url_for("coordinator.run", run_id=run_id))


def _zone() -> str:
    return settings.active().time_zone


def _today() -> date:
    return clock.at_place(clock.now(), _zone()).date()


def _only(day: date) -> Horizon:
    return Horizon(day, day, _zone())


def _week_of(day: date) -> Horizon:
    return rest_of_week(max(day, _today()), _today(), _zone())


def _day_page(day: date, form: Any) -> str:
    week = _week_of(day)
    found = open_requests(week, clock.now())
    open_in_week = found.to_plan
    open_today = [one for one in open_in_week if one.day == day]
    asked_today = [one for one in found.being_asked if one.day == day]
    form.offer(_only(day), week, (len(open_today), len(open_in_week)))
    return render_template(
        "pages/coordinator/plan.html",
        day=day,
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1),
        today=_today(),
        form=form,
        open_requests=open_today[:MOST_ON_A_PAGE],
        more=max(0, len(open_today) - MOST_ON_A_PAGE),
        being_asked=asked_today[:MOST_ON_A_PAGE],
        more_asked=max(0, len(asked_today) - MOST_ON_A_PAGE),
        can_plan=day >= _today() and bool(open_in_week),
        movable=len(movable_in(week, clock.now())),
        proposals=queries.proposals_of(day, turn()),
        running=running.within(_only(day)),
    )
