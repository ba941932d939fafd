"""A proposal with its proof: adopting it, and what would help what stays open."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.offers.rules import Strategy
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.coordinator.candidates import help_shown
from dispatch.pages.turning import turn
from dispatch.planning.advice import service as advice
from dispatch.planning.proposals import done, helping, service
from dispatch.planning.proposals import page as proposals
from dispatch.planning.proposals.models import Proposal
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


@blueprint.get("/proposals/<int:proposal_id>")
@only(Role.COORDINATOR)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal with its proof: who would go and why, who cannot be found and why not."""
    return render_template(
        "pages/coordinator/proposal.html",
        page=proposals.proposal_page(get(Proposal, proposal_id), clock.now(), turn()),
    )


@blueprint.post("/proposals/<int:proposal_id>/adopt")
@only(Role.COORDINATOR)
def adopt(proposal_id: int) -> ResponseReturnValue:
    """Make offers for all or the chosen parts; name what no longer holds."""
    chosen = {
        (whole(interpretation_request), whole(interpreter))
        for interpretation_request, _dash, interpreter in (
            text.partition("-") for text in request.form.getlist("item")
        )
    }
    everything = "everything" in request.form
    if not chosen and not everything:
        tell("warning", _("Nothing was chosen; choose at least one line."))
        return redirect(url_for("coordinator.proposal", proposal_id=proposal_id))
    with once() as outcome:
        adopted = service.adopt(
            current_user.actor,
            proposal_id,
            None if everything else chosen,
            zone_name=settings.active().time_zone,
            strategy=Strategy.CASCADE if "cascade" in request.form else None,
            now=clock.now(),
        )
        dropped = done.dropped_lines(adopted)
        days = sorted({one.interpretation_request.day for one in adopted.offers})
        here = url_for("coordinator.proposal", proposal_id=proposal_id)
        link = [here, _("To the proposal")] if days else []
        outcome.leads_to(
            url_for("coordinator.day", day=days[0].isoformat()) if days else here,
            ("success" if days else "info", done.done_line(adopted), *link),
            *(("warning", str(line)) for line in dropped),
        )
    if adopted.offers:
        steps.planned(proposal_id)
    return outcome.answer()


@blueprint.get("/proposals/<int:proposal_id>/open/<int:request_id>")
@only(Role.COORDINATOR)
def what_helps(proposal_id: int, request_id: int) -> ResponseReturnValue:
    """Show what was found last to help a request that stays open in a proposal."""
    helping.is_open_in(get(Proposal, proposal_id), request_id)
    interpretation_request = get(InterpretationRequest, request_id)
    return help_shown(interpretation_request, advice.last(request_id, proposal_id), proposal_id)


@blueprint.post("/proposals/<int:proposal_id>/open/<int:request_id>/help")
@only(Role.COORDINATOR)
def find_help(proposal_id: int, request_id: int) -> ResponseReturnValue:
    """Have the solver look what would help a request that stays open, and keep it."""
    require_unsent()
    now = clock.now()
    found = helping.in_proposal(proposal_id, request_id, now=now)
    with once() as outcome:
        advice.keep(get(InterpretationRequest, request_id), found, proposal_id, now=now)
        to = url_for("coordinator.what_helps", proposal_id=proposal_id, request_id=request_id)
        outcome.leads_to(to)
    return outcome.answer()


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
