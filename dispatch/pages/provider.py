"""What the SMS provider reports: SMS that came in, and what became of those that went out.

Anybody may call these addresses; what is not signed with our token is refused.
"""

from http import HTTPStatus

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.database import transaction
from dispatch.messaging import receipts
from dispatch.settings import active
from dispatch.sms import service
from dispatch.sms.signature import is_genuine
from dispatch.web.gate import as_sent
from dispatch.web.policy import public

blueprint = Blueprint("provider", __name__)
NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@blueprint.post("/sms/received")
@public
@as_sent
def received() -> ResponseReturnValue:
    """Keep an SMS that came in; what it says is looked at afterwards."""
    _require_signature()
    form = request.form
    with transaction():
        service.store(
            form.get("MessageSid", ""),
            form.get("From", ""),
            form.get("Body", ""),
            form.get("OptOutType", ""),
            now=clock.now(),
        )
    return Response(NO_REPLY, content_type="text/xml; charset=utf-8")


@blueprint.post("/sms/receipts/<int:message_id>")
@public
@as_sent
def receipt(message_id: int) -> ResponseReturnValue:
    """Note what became of an SMS that went out."""
    _require_signature()
    form = request.form
    with transaction():
        receipts.take(
            message_id,
            form.get("MessageSid", ""),
            form.get("MessageStatus", ""),
            form.get("ErrorCode", ""),
            now=clock.now(),
        )
    return "", HTTPStatus.NO_CONTENT


def _require_signature() -> None:
    """Refuse what is not signed for the address of our settings, exactly as it was sent."""
    query = request.environ.get("QUERY_STRING", "")
    path = request.path + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not is_genuine(active(), path, request.form, signature):
        abort(HTTPStatus.FORBIDDEN)
