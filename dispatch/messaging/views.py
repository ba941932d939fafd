"""What went out, for the coordinator."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.database import get
from dispatch.messaging import queries
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
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
    """Show a message as the recipient gets it."""
    return render_template("messaging/show.html", message=get(Message, message_id))
