"""The calendar behind an address somebody subscribed to; whoever has the address reads it."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.feeds import service
from dispatch.web.policy import public

blueprint = Blueprint("feed", __name__)


@blueprint.get("/calendar/<feed_token>.ics")
@public
def calendar(feed_token: str) -> ResponseReturnValue:
    """Send the calendar, or that it has not changed."""
    known = frozenset(request.if_none_match.as_set(include_weak=True))
    answer = service.read(feed_token, known, now=clock.now())
    status = HTTPStatus.OK if answer.text else HTTPStatus.NOT_MODIFIED
    response = Response(answer.text, status, content_type="text/calendar; charset=utf-8")
    response.set_etag(answer.etag)
    # a reader may keep it, and asks each time whether it is still so; nobody in between may
    response.headers["Cache-Control"] = "private, no-cache"
    return response
