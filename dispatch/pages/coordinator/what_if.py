"""What if: the day with something otherwise, beside the real one; never sends or keeps anything."""

from datetime import date

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue

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
from dispatch.web.policy import only

STATES = (RequestState.OPEN, RequestState.FILLED)


@blueprint.get("/day/<day>/what-if")
@only(Role.COORDINATOR)
def what_if(day: str) -> ResponseReturnValue:
    """Ask what is to be otherwise and, where the address says it, compare.

    All of it stands in the address: whoever is sent it sees the same question.
    """
    shown = day_from(day, missing=True)
    asked = _of_the_day(shown)
    scenario = _scenario(asked)
    found, refused = None, ""
    if not scenario.is_nothing:
        try:
            found = _compared(shown, scenario)
        except Conflict as refusal:
            refused = str(refusal.text)
    return render_template(
        "pages/coordinator/what_if.html",
        day=shown,
        people=_people(),
        sites=_sites(asked),
        scenario=scenario,
        closed=whole(request.args.get("closed")),
        most=MOST_DISTURBED,
        found=found,
        refused=refused,
    )


def _compared(day: date, scenario: Scenario) -> Comparison:
    zone = active().city.zone_name
    return scenarios.compare(Horizon(day, day, zone), scenario, now=clock.now())


def _scenario(asked: list[InterpretationRequest]) -> Scenario:
    site_id = whole(request.args.get("closed"))
    return Scenario(
        like=whole(request.args.get("like")) or None,
        away=[one for one in [whole(request.args.get("away"))] if one],
        closed=[one.id for one in asked if one.site_id == site_id],
        disturb_at_most=min(MOST_DISTURBED, whole(request.args.get("k"))),
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


def _sites(asked: list[InterpretationRequest]) -> list[tuple[int, str]]:
    return sorted({(one.site_id, one.site.name) for one in asked}, key=lambda pair: pair[1])
