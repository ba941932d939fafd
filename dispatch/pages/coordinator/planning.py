"""Planning days, adopting a proposal, finding somebody for one request."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.database import get, transaction
from dispatch.errors import Refusal
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.horizon_form import HorizonForm
from dispatch.pages.returning import typed
from dispatch.planning.advice import assigning
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.helping import HelpPage, help_as_it_stands
from dispatch.planning.proposals import helping, making, queries, service
from dispatch.planning.proposals import page as proposals
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.runs import page as running
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon, rest_of_week
from dispatch.planning.snapshot.problem import movable_in, open_requests
from dispatch.requests import queries as requests
from dispatch.web.days import day_from
from dispatch.web.forms import attach, whole
from dispatch.web.notices import tell
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only

STOP_ASKING = 286  # what htmx takes as the end of polling


@blueprint.get("/plan")
@only(Role.COORDINATOR)
def plan() -> ResponseReturnValue:
    """Lead to the day asked for, or to tomorrow."""
    tomorrow = _today() + timedelta(days=1)
    wanted = day_from(request.args.get("day")) or tomorrow
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
    except Refusal as refusal:
        attach(form, refusal)
        return _day_page(shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    disturbed = min(whole(form.disturb_at_most.data), MOST_DISTURBED)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    run_id = making.plan(app, current_user.actor, horizon, disturbed)
    return redirect(url_for("coordinator.run", run_id=run_id))


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


@blueprint.get("/proposals/<int:proposal_id>")
@only(Role.COORDINATOR)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal with its proof: who would go and why, who cannot be found and why not."""
    return render_template(
        "pages/coordinator/proposal.html", page=proposals.proposal_page(get(Proposal, proposal_id))
    )


@blueprint.post("/proposals/<int:proposal_id>/adopt")
@only(Role.COORDINATOR)
def adopt(proposal_id: int) -> ResponseReturnValue:
    """Make offers for all or the chosen parts; name what no longer holds."""
    chosen = {
        (whole(asked), whole(interpreter))
        for asked, _dash, interpreter in (
            text.partition("-") for text in request.form.getlist("item")
        )
    }
    if not chosen:
        tell("warning", _("Nothing was chosen; choose at least one line."))
        return redirect(url_for("coordinator.proposal", proposal_id=proposal_id))
    with once() as outcome:
        adopted = service.adopt(
            current_user.actor, proposal_id, chosen, zone_name=_zone(), now=clock.now()
        )
        dropped = proposals.dropped_lines(adopted)
        day = get(Proposal, proposal_id).first_day
        count = len(adopted.offers)
        made = ngettext("%(num)d offer was made.", "%(num)d offers were made.", count)
        outcome.leads_to(
            url_for("coordinator.day", day=day.isoformat()),
            ("success", made),
            *(("warning", str(line)) for line in dropped),
        )
    return outcome.answer()


@blueprint.get("/proposals/<int:proposal_id>/open/<int:request_id>")
@only(Role.COORDINATOR)
def what_helps(proposal_id: int, request_id: int) -> ResponseReturnValue:
    """Show what would help a request that stays open: a part of the page, or a page of its own."""
    return _help(helping.help_page(proposal_id, request_id, now=clock.now()))


@blueprint.post("/proposals/<int:proposal_id>/open/<int:request_id>")
@only(Role.COORDINATOR)
def take_up(proposal_id: int, request_id: int) -> ResponseReturnValue:
    """Make a proposal of its own in which what helps is done; nothing is sent yet."""
    require_unsent()
    now = clock.now()
    made = helping.take_up(proposal_id, request_id, request.form.get("kind", ""), now=now)
    with once() as outcome:
        stored = service.store(current_user.actor, made, now=now).id
        outcome.leads_to(url_for("coordinator.proposal", proposal_id=stored))
    return outcome.answer()


@blueprint.get("/requests/<int:request_id>/candidates")
@only(Role.COORDINATOR)
def candidates(request_id: int) -> ResponseReturnValue:
    """Show who could come, ranked, and for everybody else of the language why not."""
    asked = requests.find(current_user, request_id)
    return render_template(
        "pages/coordinator/candidates.html",
        asked=asked,
        page=candidates_page(asked, clock.now()),
    )


@blueprint.get("/requests/<int:request_id>/help")
@only(Role.COORDINATOR)
def what_helps_now(request_id: int) -> ResponseReturnValue:
    """Show what would help an open request beside the schedule as it stands."""
    asked = requests.find(current_user, request_id)
    return _help(help_as_it_stands(asked, now=clock.now()))


@blueprint.post(
    "/requests/<int:request_id>/candidates/<int:interpreter_id>/<any(offer, assign):way>"
)
@only(Role.COORDINATOR)
def choose(request_id: int, interpreter_id: int, way: str) -> ResponseReturnValue:
    """Make an offer to the chosen interpreter, or assign directly what was agreed by telephone."""
    require_unsent()
    text = _("Assigned; both sides are told.") if way == "assign" else _("The offer is made.")
    assigning.require_able_now(
        requests.find(current_user, request_id), interpreter_id, now=clock.now()
    )
    with once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id), ("success", text)
        )
        requests.find(current_user, request_id)
        assigning.by_hand(
            current_user.actor,
            request_id,
            interpreter_id,
            directly=way == "assign",
            now=clock.now(),
        )
    return outcome.answer()


def _help(page: HelpPage) -> str:
    part = "HX-Request" in request.headers
    name = "pages/coordinator/_help.html" if part else "pages/coordinator/help.html"
    return render_template(name, page=page)


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
    open_in_week = open_requests(week, clock.now())
    open_today = [asked for asked in open_in_week if asked.day == day]
    form.offer(_only(day), week, (len(open_today), len(open_in_week)))
    return render_template(
        "pages/coordinator/plan.html",
        day=day,
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1),
        today=_today(),
        form=form,
        open_requests=open_today,
        can_plan=day >= _today() and bool(open_in_week),
        movable=movable_in(week, clock.now()),
        proposals=queries.proposals_of(day),
        running=running.within(_only(day)),
    )
