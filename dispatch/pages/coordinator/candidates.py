"""Who could come to one request, and what would help it."""

from datetime import UTC, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.amendments import naming
from dispatch.cancellations.reversing import Seat, window_of
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.messaging.service import held_back
from dispatch.offers.rules import Strategy
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.planning.advice import assigning, helping
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.models import Advice
from dispatch.planning.advice.remedies import help_page
from dispatch.planning.advice.verdicts import by_wish
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.series import queries as series
from dispatch.settings import active
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/candidates")
@only(Role.COORDINATOR)
def candidates(request_id: int) -> ResponseReturnValue:
    """Show who could come, ranked, and for everybody else of the language why not."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    page = candidates_page(interpretation_request, now)
    in_vain = page is not None and page.too_few
    return render_template(
        "pages/coordinator/candidates.html",
        interpretation_request=interpretation_request,
        page=page,
        wishing={one.id for one, _why in by_wish(interpretation_request, now=now)}
        if in_vain
        else set(),
        agencies=active().city.agencies_for(interpretation_request.language) if in_vain else (),
        series_date=series.of_request(request_id),
        wait_minutes=active().city.policies.wait_for_a_tier_minutes,
        strategies=list(Strategy),
        excluded={
            one.interpreter_id
            for one in interpretation_request.excluded_interpreters
            if one.by_office
        },
    )


@blueprint.get("/requests/<int:request_id>/help")
@only(Role.COORDINATOR)
def what_helps_now(request_id: int) -> ResponseReturnValue:
    """Show what was found last to help a request beside the schedule as it stands."""
    interpretation_request = requests.find(current_user, request_id)
    return help_shown(interpretation_request, advice.last(request_id))


@blueprint.post("/requests/<int:request_id>/help")
@only(Role.COORDINATOR)
def find_help_now(request_id: int) -> ResponseReturnValue:
    """Have the solver look what would help beside the schedule as it stands, and keep it."""
    require_unsent()
    now = clock.now()
    found = helping.as_it_stands(requests.find(current_user, request_id), now=now)
    with once() as outcome:
        advice.keep(requests.find(current_user, request_id), found, now=now)
        outcome.leads_to(url_for("coordinator.what_helps_now", request_id=request_id))
    return outcome.answer()


def _back_or_to(request_id: int) -> str:
    """Return the place in the worklist that somebody comes from, or the page of the request."""
    if request.form.get("back") == "worklist":
        return url_for("account.start", _anchor=f"w{request_id}")
    return url_for("caseworker.request_page", request_id=request_id)


@blueprint.post("/advice/<int:advice_id>/<int:number>/ask")
@only(Role.COORDINATOR)
def put_question(advice_id: int, number: int) -> ResponseReturnValue:
    """Put what would help to who asked, as a question by mail."""
    with once() as outcome:
        interpretation_request = advice.put(current_user.actor, advice_id, number, now=clock.now())
        outcome.leads_to(
            _back_or_to(interpretation_request.id),
            (
                "success",
                _("%(name)s is asked by e-mail.", name=interpretation_request.account.name),
            ),
        )
    return outcome.answer()


@blueprint.post(
    "/requests/<int:request_id>/candidates/<int:interpreter_id>/<any(offer, assign):way>"
)
@only(Role.COORDINATOR)
def choose(request_id: int, interpreter_id: int, way: str) -> ResponseReturnValue:
    """Make an offer to the chosen interpreter, or assign directly what was agreed by telephone."""
    require_unsent()
    name = interpreters.find(current_user, interpreter_id).name
    text = (
        _("%(name)s is assigned; both sides are told.", name=name)
        if way == "assign"
        else _("The offer to %(name)s is made.", name=name)
    )
    start = chosen_start()
    interpretation_request = requests.find(current_user, request_id)
    window = window_of(interpretation_request)
    wanted = assigning.require_able_now(
        interpretation_request, interpreter_id, start, now=clock.now()
    )
    with held_back(steps.HELD_SECONDS), once() as outcome:
        outcome.leads_to(_back_or_to(request_id), ("success", text))
        interpretation_request = requests.find(current_user, request_id)
        made = assigning.by_hand(
            current_user.actor,
            request_id,
            interpreter_id,
            wanted,
            directly=way == "assign",
            now=clock.now(),
        )
    steps.seated(interpretation_request, window, after=Seat.of(made))
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/candidates/<int:interpreter_id>/exclude")
@only(Role.COORDINATOR)
def exclude(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Note that somebody must not come; nobody outside the office hears of it."""
    name = interpreters.find(current_user, interpreter_id).name
    told = _(
        "%(name)s is not asked for this request; nobody outside the office hears why.", name=name
    )
    with once() as outcome:
        requests.find(current_user, request_id)
        naming.exclude(
            current_user.actor, request_id, [interpreter_id], by_office=True, now=clock.now()
        )
        here = url_for("coordinator.candidates", request_id=request_id)
        outcome.leads_to(here, ("success", told))
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/candidates/<int:interpreter_id>/admit")
@only(Role.COORDINATOR)
def admit(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Take back that the office noted somebody as not to come."""
    name = interpreters.find(current_user, interpreter_id).name
    with once() as outcome:
        requests.find(current_user, request_id)
        naming.admit(
            current_user.actor, request_id, [interpreter_id], by_office=True, now=clock.now()
        )
        told = _("%(name)s may be asked for this request again.", name=name)
        here = url_for("coordinator.candidates", request_id=request_id)
        outcome.leads_to(here, ("success", told))
    return outcome.answer()


def chosen_start() -> datetime | None:
    """Return which start of a window was chosen; None where there is one start."""
    text = request.form.get("start", "")
    if not text:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise Refusal("unreadable-start", _("This is no start; choose one of the list."))
    return start.astimezone(UTC)


def help_shown(
    interpretation_request: InterpretationRequest,
    found: Advice | None,
    proposal_id: int | None = None,
) -> str:
    """Return what would help as a part of the page, or as a page of its own."""
    part = "HX-Request" in request.headers
    name = "pages/coordinator/_help.html" if part else "pages/coordinator/help.html"
    return render_template(
        name,
        page=help_page(interpretation_request, found),
        proposal_id=proposal_id,
        agencies=active().city.agencies_for(interpretation_request.language),
    )
