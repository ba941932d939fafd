"""An interpreter's assignments; the coordinator reads one too."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.absences import queries as absences
from dispatch.accounts.rules import Role
from dispatch.assignments import queries, rules, terms
from dispatch.assignments.rules import Sight
from dispatch.attendance import queries as attendance
from dispatch.cancellations import deciding
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.offers.ways_there import ways_there
from dispatch.pages import history
from dispatch.pages.interpreter import blueprint
from dispatch.pages.turning import turn
from dispatch.web.policy import only


@blueprint.get("/assignments")
@only(Role.INTERPRETER)
def assignments() -> ResponseReturnValue:
    """Show the interpreter what is next, or what is over: of that only when and which language."""
    return _page(current_user.id, None)


@blueprint.get("/interpreters/<int:interpreter_id>/assignments")
@only(Role.COORDINATOR)
def assignments_of(interpreter_id: int) -> ResponseReturnValue:
    """Show the office what is next for somebody, or what is over."""
    one = interpreters.find(current_user, interpreter_id)
    return _page(one.account_id, one)


def _page(account_id: int, interpreter: Interpreter | None) -> str:
    over, text = request.args.get("show") == "past", request.args.get("q", "").strip()
    listed = queries.earlier_of if over else queries.coming_of
    return render_template(
        "pages/interpreter/assignments.html",
        page=listed(account_id, clock.now(), text, turn()),
        interpreter=interpreter,
        over=over,
        text=text,
    )


@blueprint.get("/assignments/<int:assignment_id>")
@only(Role.INTERPRETER, Role.COORDINATOR)
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show one assignment to its interpreter, or to the coordinator.

    Place, contact and note are for whoever goes there, as long as it is so.
    """
    found = queries.find(current_user, assignment_id)
    coordinator, now = current_user.role == Role.COORDINATOR, clock.now()
    question = terms.open_question(found)
    agreed = terms.still_agreed(found)
    sight = rules.sight(found.state, (agreed or found).ends_at, now)
    goes_there = sight == Sight.FULL
    undecided = absences.undecided_about(found.id)
    return render_template(
        "pages/interpreter/assignment.html",
        assignment=found,
        question=question,
        together=len(terms.asked_together(question)) if question and not coordinator else 0,
        agreed=agreed,
        interpretation_request=found.interpretation_request,
        day=clock.at_place(found.starts_at, found.interpretation_request.time_zone).date(),
        to_come=queries.is_to_come(found, now),
        today=attendance.today(found, current_user.role, now),
        full=coordinator or sight != Sight.NOTHING_OF_THE_PLACE,
        way=ways_there([found])[found] if goes_there and not coordinator else None,
        owed=deciding.of_assignment(found.id) if found.state in rules.OFF else None,
        undecided=undecided if coordinator or found.starts_at > now else [],
        has_begun=found.starts_at <= now,
        history=history.lines(
            ledger.history(Concerning(assignment=found.id))[::-1], for_office=True
        )
        if coordinator
        else [],
    )
