"""The answer of those who asked to the question whether another start would do: one press."""

from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments import proposing
from dispatch.errors import Refusal
from dispatch.pages.caseworker import blueprint
from dispatch.requests import queries as requests
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post("/requests/<int:request_id>/start-question")
@only(*ASKS, Role.COORDINATOR)
def answer_start_question(request_id: int) -> ResponseReturnValue:
    """Take a yes or a no to the start that was shown; the office may note one said by telephone."""
    requests.find(current_user, request_id)
    agreed = request.form.get("answer") == "yes"
    told = (
        _("Changed: it begins at the other time, and we go on looking.")
        if agreed
        else _("Noted; it stays as you asked, and we go on looking.")
    )
    with once() as outcome:
        proposing.answer_start(
            current_user.actor, request_id, _start(), agreed=agreed, now=clock.now()
        )
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id), ("success", told)
        )
    return outcome.answer()


def _start() -> datetime:
    """Return which start was shown; raises `Refusal` for what is no instant."""
    try:
        start = datetime.fromisoformat(request.form.get("start", ""))
    except ValueError:
        raise _unreadable() from None
    if start.tzinfo is None:
        raise _unreadable()
    return start


def _unreadable() -> Refusal:
    return Refusal("no-start", _("Open the page of the request and answer there."))
