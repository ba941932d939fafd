"""Changed terms of an assignment: old and new side by side, and the answer."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.answers import service as answers
from dispatch.assignments import terms
from dispatch.assignments.models import Confirmation
from dispatch.pages.interpreter import blueprint
from dispatch.pages.interpreter.offers import answer_of, taken
from dispatch.web.policy import only, public


@blueprint.get("/c/<terms_token>")
@public
def changed_terms(terms_token: str) -> ResponseReturnValue:
    """Show what changed beside what was agreed; looking changes nothing."""
    question = answers.terms_by_token(terms_token)
    now = clock.now()
    waiting = (
        terms.open_question(question.assignment) is question
        and question.answer_by is not None
        and now < question.answer_by
    )
    return render_template(
        "pages/interpreter/terms.html",
        question=question,
        assignment=question.assignment,
        agreed=terms.agreed_before(question),
        state=_state(question),
        waiting=waiting,
        together=len(terms.asked_together(question)) if waiting else 0,
        terms_token=terms_token,
    )


@blueprint.post("/c/<terms_token>/<answer>")
@public
def answer_terms_by_link(terms_token: str, answer: str) -> ResponseReturnValue:
    """Take the answer of whoever holds the link; what became of it is on the page of the link."""
    wanted = answer_of(answer)
    here = url_for("interpreter.changed_terms", terms_token=terms_token)
    return taken(here, lambda: answers.to_terms_by_link(terms_token, wanted, now=clock.now()))


@blueprint.post("/assignments/<int:assignment_id>/terms/<int:terms_number>/<answer>")
@only(Role.INTERPRETER, Role.COORDINATOR)
def answer_terms(assignment_id: int, terms_number: int, answer: str) -> ResponseReturnValue:
    """Take the answer of the signed-in interpreter, or what was said to the office by telephone."""
    wanted = answer_of(answer)
    return taken(
        url_for("interpreter.assignment", assignment_id=assignment_id),
        lambda: answers.to_terms_by_page(
            current_user, assignment_id, terms_number, wanted, now=clock.now()
        ),
        ("success", _("The answer counts; both sides are told.")),
    )


def _state(question: Confirmation) -> str:
    assignment = question.assignment
    if question is not assignment.confirmations[-1]:
        return "overtaken"
    if question.answer == "no":
        return "declined"
    return assignment.state
