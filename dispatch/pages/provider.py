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
from dispatch.sms import service, seven
from dispatch.sms.signature import Seal, is_genuine, is_genuine_of_seven
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


@blueprint.post("/sms/seven")
@public
@as_sent
def reported_by_seven() -> ResponseReturnValue:
    """Keep an SMS that came in by seven, or note what became of one that went out.

    What is neither is taken as well: a refusal would only be a mistake of the settings there.
    """
    content, now = request.get_data(), clock.now()
    head = request.headers
    seal = Seal(*(head.get(f"X-{name}", "") for name in ("Signature", "Timestamp", "Nonce")))
    if not is_genuine_of_seven(active(), _path(), content, seal, now):
        abort(HTTPStatus.FORBIDDEN)
    report = seven.read(content)
    with transaction():
        if isinstance(report, seven.Received):
            service.store(report.reference, report.sender, report.text, "", now=now)
        elif isinstance(report, seven.Receipt):
            message_id = receipts.message_of(report.reference)
            if message_id is not None:
                receipts.take(message_id, *report, now=now)
            elif receipts.may_be_early():
                abort(HTTPStatus.SERVICE_UNAVAILABLE)  # seven asks again in a minute
    return "", HTTPStatus.NO_CONTENT


def _path() -> str:
    """Return the path and the query as they were sent."""
    query = request.environ.get("QUERY_STRING", "")
    return request.path + (f"?{query}" if query else "")


def _require_signature() -> None:
    """Refuse what is not signed for the address of our settings, exactly as it was sent."""
    path = _path()
    signature = request.headers.get("X-Twilio-Signature", "")
    if not is_genuine(active(), path, request.form, signature):
        abort(HTTPStatus.FORBIDDEN)
