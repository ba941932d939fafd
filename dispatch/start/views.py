"""The first page of each role, and whether the system is up."""

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries as assignments
from dispatch.database import db
from dispatch.offers import queries as offers
from dispatch.requests import queries as requests
from dispatch.requests.rules import ALIVE, RequestState
from dispatch.start import queries
from dispatch.web.policy import only, public

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@only()
def index() -> ResponseReturnValue:
    """Show what needs doing."""
    now = clock.now()
    if current_user.role == Role.COORDINATOR:
        return render_template(
            "start/coordinator.html",
            figures=queries.coordinator_figures(now),
            next_open=queries.next_open(current_user, now),
        )
    if current_user.role == Role.INTERPRETER:
        return render_template(
            "start/interpreter.html",
            waiting=offers.waiting_for(current_user.id, now),
            coming=assignments.coming_of(current_user.id, now)[:3],
        )
    if current_user.organisation_id:
        return render_template(
            "start/caseworker.html",
            coming=requests.coming(current_user, now, most=8, states=tuple(ALIVE)),
            open_count=queries.count_visible(current_user, RequestState.OPEN, now),
            filled_count=queries.count_visible(current_user, RequestState.FILLED, now),
        )
    return render_template("start/other.html")


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Answer once the database can be asked."""
    db.session.execute(sa.select(1))
    return {"status": "ready"}
