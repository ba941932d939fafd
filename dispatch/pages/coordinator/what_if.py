"""What if: the day with something otherwise, beside the real one; changes and sends nothing."""

from datetime import date
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.pages.coordinator import blueprint
from dispatch.planning.proposals import scenarios
from dispatch.planning.proposals.scenarios import Comparison, Scenario
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.settings import active
from dispatch.web.days import day_from
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only

KEPT = "what_if"
STATES = (RequestState.OPEN, RequestState.FILLED)


@blueprint.get("/day/<day>/what-if")
@only(Role.COORDINATOR)
def what_if(day: str) -> ResponseReturnValue:
    """Ask what is to be otherwise, and show what was compared last, if it was just this.

    The question stands in the address: whoever is sent it sees the same one.
    """
    shown = day_from(day, missing=True)
    of_the_day = _of_the_day(shown)
    said = _said(request.args)
    kept = session.get(KEPT)
    found = Comparison.read(kept["found"]) if kept and kept["of"] == [day, said] else None

    def named(ids: list[int]) -> list[InterpretationRequest]:
        return [one for one in of_the_day if one.id in ids]

    return render_template(
        "pages/coordinator/what_if.html",
        day=shown,
        people=_people(),
        sites=_sites(of_the_day),
        said=said,
        most=MOST_DISTURBED,
        found=found,
        gained=named(found.gained) if found else [],
        lost=named(found.lost) if found else [],
        fallen_away=named(found.fallen_away) if found else [],
    )


@blueprint.post("/day/<day>/what-if")
@only(Role.COORDINATOR)
def compare(day: str) -> ResponseReturnValue:
    """Have both days planned, and keep for this reader how they differ."""
    require_unsent()
    shown, said = day_from(day, missing=True), _said(request.form)
    here = url_for("coordinator.what_if", day=day)
    here += "?" + urlencode({name: one for name, one in said.items() if one})
    scenario = _scenario(said, _of_the_day(shown))
    if scenario.is_nothing:
        return redirect(here)
    horizon = Horizon(shown, shown, active().city.zone_name)
    try:
        found = scenarios.compare(horizon, scenario, now=clock.now())
    except Conflict as refusal:
        tell("warning", str(refusal.text))
        return redirect(here)
    session[KEPT] = {"of": [day, said], "found": found.written()}
    with once() as outcome:
        outcome.leads_to(here)
    return outcome.answer()


def _said(sent: MultiDict[str, str]) -> dict[str, int]:
    return {name: whole(sent.get(name)) for name in ("like", "away", "closed", "k")}


def _scenario(said: dict[str, int], requests_of_day: list[InterpretationRequest]) -> Scenario:
    return Scenario(
        like=said["like"] or None,
        away=[said["away"]] if said["away"] else [],
        closed=[one.id for one in requests_of_day if one.site_id == said["closed"]],
        disturb_at_most=min(MOST_DISTURBED, said["k"]),
    )


def _of_the_day(day: date) -> list[InterpretationRequest]:
    first, after = clock.day_bounds(day, active().city.zone_name)
    return list(requests.starting_between(first, after, STATES, wishes=False))


def _people() -> list[tuple[int, str]]:
    rows = db.session.scalars(
        sa.select(Interpreter)
        .where(Interpreter.active)
        .order_by(Interpreter.first_name, Interpreter.last_name, Interpreter.id)
    )
    return [(one.id, one.name) for one in rows]


def _sites(requests_of_day: list[InterpretationRequest]) -> list[tuple[int, str]]:
    sites = {(one.site_id, one.site.name) for one in requests_of_day}
    return sorted(sites, key=lambda pair: pair[1])
