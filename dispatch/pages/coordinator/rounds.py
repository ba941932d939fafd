"""Rounds that go on by themselves: beginning one, who comes next, stopping it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.offers import service as offers
from dispatch.offers.models import OfferRound
from dispatch.offers.rules import RoundState, Strategy
from dispatch.pages.coordinator import blueprint
from dispatch.pages.words import STRATEGIES
from dispatch.planning.advice import wording
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.named import people_of
from dispatch.requests import queries as requests
from dispatch.web.forms import whole
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post("/requests/<int:request_id>/strategy")
@only(Role.COORDINATOR)
def agree_for_request(request_id: int) -> ResponseReturnValue:
    """Note how interpreters are asked for one request; nothing: as agreed with its organisation."""
    strategy = request.form.get("strategy", "")
    if strategy and strategy not in set(Strategy):
        raise NotFound()
    with once() as outcome:
        requests.find(current_user, request_id)
        wanted = Strategy(strategy) if strategy else None
        offers.ask_by(current_user.actor, request_id, wanted, now=clock.now())
        here = url_for("coordinator.candidates", request_id=request_id)
        outcome.leads_to(here, ("success", _("Noted; what is asked already stays as it is.")))
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/begin")
@only(Role.COORDINATOR)
def begin_as_agreed(request_id: int) -> ResponseReturnValue:
    """Ask as is agreed for the request, or else with its organisation."""
    with once() as outcome:
        found = requests.find(current_user, request_id)
        rounds.begin(current_user.actor, request_id, now=clock.now())
        how = STRATEGIES[found.agreed_strategy]
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("Asked as agreed: %(how)s.", how=how)),
        )
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/cascade")
@only(Role.COORDINATOR)
def begin_cascade(request_id: int) -> ResponseReturnValue:
    """Ask the best there is for each free seat; the next best follow by themselves."""
    with once() as outcome:
        requests.find(current_user, request_id)
        begun = rounds.cascade(current_user.actor, request_id, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            (
                "success",
                ngettext(
                    "One interpreter is asked; the next best follow by themselves.",
                    "%(num)d interpreters are asked; the next best follow by themselves.",
                    len(begun),
                ),
            ),
        )
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/broadcast")
@only(Role.COORDINATOR)
def begin_broadcast(request_id: int) -> ResponseReturnValue:
    """Ask at once whoever could come; whoever says yes first comes."""
    with once() as outcome:
        requests.find(current_user, request_id)
        rounds.broadcast(current_user.actor, request_id, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("They are asked at once; whoever accepts first comes.")),
        )
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/interest")
@only(Role.COORDINATOR)
def begin_interest(request_id: int) -> ResponseReturnValue:
    """Ask at once whoever could come whether they would; the office chooses."""
    with once() as outcome:
        requests.find(current_user, request_id)
        rounds.interest(current_user.actor, request_id, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("They are asked whether they could come; then you choose.")),
        )
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/tiers")
@only(Role.COORDINATOR)
def begin_tiers(request_id: int) -> ResponseReturnValue:
    """Ask at once whoever could come of the first group, and after a while of the next as well."""
    wait = request.form.get("wait_minutes", "").strip()
    with once() as outcome:
        requests.find(current_user, request_id)
        rounds.tiers(
            current_user.actor,
            request_id,
            wait_minutes=whole(wait) if wait else None,
            now=clock.now(),
        )
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("The first group is asked; the next one follows after the wait.")),
        )
    return outcome.answer()


@blueprint.get("/rounds/<int:round_id>/next")
@only(Role.COORDINATOR)
def next_in_line(round_id: int) -> str:
    """Show whom a round would ask next as things stand: a part of the request's page, or a page."""
    offer_round = get(OfferRound, round_id)
    is_open = offer_round.state == RoundState.OPEN
    line = rounds.next_in_line(offer_round, now=clock.now()) if is_open else []
    people = people_of(line)
    part = "HX-Request" in request.headers
    return render_template(
        "pages/coordinator/_next.html" if part else "pages/coordinator/next.html",
        interpretation_request=offer_round.interpretation_request,
        names=wording.listed(people[one].name for one in line) if line else None,
        is_open=is_open,
    )


@blueprint.post("/rounds/<int:round_id>/stop")
@only(Role.COORDINATOR)
def stop_round(round_id: int) -> ResponseReturnValue:
    """Have a round ask nobody else; who is being asked is told."""
    request_id = get(OfferRound, round_id).interpretation_request_id
    with once() as outcome:
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("Stopped; nobody else is asked.")),
        )
        offers.stop(current_user.actor, round_id, now=clock.now())
    return outcome.answer()
