"""An interpreter's assignments; the coordinator reads one too."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import queries, rules
from dispatch.assignments.rules import Sight
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.pages import history
from dispatch.pages.interpreter import blueprint
from dispatch.web.policy import only


@blueprint.get("/assignments")
@only(Role.INTERPRETER)
def assignments() -> ResponseReturnValue:
    """Show the interpreter what is next."""
    coming = queries.coming_of(current_user.id, clock.now())
    return render_template("pages/interpreter/assignments.html", coming=coming)


@blueprint.get("/assignments/<int:assignment_id>")
@only(Role.INTERPRETER, Role.COORDINATOR)
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show one assignment to its interpreter, or to the coordinator.

    Place, contact and note are for whoever goes there, as long as it is so.
    """
    found = queries.find(current_user, assignment_id)
    coordinator = current_user.role == Role.COORDINATOR
    return render_template(
        "pages/interpreter/assignment.html",
        assignment=found,
        asked=found.interpretation_request,
        day=clock.at_place(found.starts_at, found.interpretation_request.time_zone).date(),
        full=coordinator or rules.sight(found.state, found.ends_at, clock.now()) == Sight.FULL,
        history=history.lines(
            ledger.history(Concerning(assignment=found.id))[::-1], for_office=True
        )
        if coordinator
        else [],
    )
