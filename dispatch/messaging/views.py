"""What went out, for the coordinator."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.database import get, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import queries, rules, service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.web.notices import tell
from dispatch.web.policy import only

blueprint = Blueprint("messages", __name__)
COORDINATOR = "coordinator"


@blueprint.get("/messages")
@only(COORDINATOR)
def index() -> ResponseReturnValue:
    """List messages, failures first."""
    wanted = request.args.get("state")
    state = wanted if wanted in set(MessageState) else None
    return render_template(
        "messaging/index.html", messages=queries.latest(state), state=state, states=MessageState
    )


@blueprint.get("/messages/<int:message_id>")
@only(COORDINATOR)
def show(message_id: int) -> ResponseReturnValue:
    """Show a message as the recipient gets it, except what makes its links work."""
    message = get(Message, message_id)
    return render_template(
        "messaging/show.html",
        message=message,
        body=rules.without_secrets(message.body),
        waits=message.state in rules.NEEDS_A_PERSON,
        history=ledger.history(Concerning(message=message.id)),
    )


@blueprint.post("/messages/<int:message_id>/send-again")
@only(COORDINATOR)
def send_again(message_id: int) -> ResponseReturnValue:
    """Try once more what failed or was perhaps sent."""
    with transaction():
        service.send_again(current_user.actor, message_id, now=clock.now())
    tell("success", _("The message is queued again."))
    return redirect(url_for("messages.show", message_id=message_id))


@blueprint.post("/messages/<int:message_id>/settle")
@only(COORDINATOR)
def settle(message_id: int) -> ResponseReturnValue:
    """Close what failed or was perhaps sent without sending it again."""
    with transaction():
        service.settle(current_user.actor, message_id, now=clock.now())
    tell("success", _("The message is settled."))
    return redirect(url_for("messages.index"))
