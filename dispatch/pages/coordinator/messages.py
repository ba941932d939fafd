"""What went out, for the coordinator."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import get, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import queries, rules, service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.pages import history
from dispatch.pages.coordinator import blueprint
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/messages")
@only(Role.COORDINATOR)
def messages() -> ResponseReturnValue:
    """List messages, failures first."""
    wanted = request.args.get("state")
    state = wanted if wanted in set(MessageState) else None
    return render_template(
        "pages/coordinator/messages.html",
        messages=queries.latest(state),
        state=state,
        states=MessageState,
    )


@blueprint.get("/messages/<int:message_id>")
@only(Role.COORDINATOR)
def message(message_id: int) -> ResponseReturnValue:
    """Show a message as the recipient gets it, except what makes its links work."""
    shown = get(Message, message_id)
    return render_template(
        "pages/coordinator/message.html",
        message=shown,
        body=rules.without_secrets(shown.body),
        waits=shown.state in rules.NEEDS_A_PERSON,
        history=history.lines(ledger.history(Concerning(message=shown.id))[::-1], for_office=True),
    )


@blueprint.post("/messages/<int:message_id>/send-again")
@only(Role.COORDINATOR)
def send_again(message_id: int) -> ResponseReturnValue:
    """Try once more what failed or was perhaps sent."""
    with transaction():
        service.send_again(current_user.actor, message_id, now=clock.now())
    tell("success", _("The message is queued again."))
    return redirect(url_for("coordinator.message", message_id=message_id))


@blueprint.post("/messages/<int:message_id>/settle")
@only(Role.COORDINATOR)
def settle(message_id: int) -> ResponseReturnValue:
    """Close what failed or was perhaps sent without sending it again."""
    with transaction():
        service.settle(current_user.actor, message_id, now=clock.now())
    tell("success", _("The message is settled."))
    return redirect(url_for("coordinator.messages"))
