"""What was tapped without a connection and comes later: when it was tapped, what became of it."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, request
from flask_babel import gettext as _
from flask_security import current_user

from dispatch.web import notices
from dispatch.web.forms import REFUSED

HEADER = "X-Tapped-At"
LONGEST = timedelta(hours=12)
"""What was tapped longer ago says nothing about when something began: the clock may be wrong."""

COUNTS = frozenset({"success", "info"})


def register(app: Flask) -> None:
    """Answer what comes later in words, for the telephone to keep, instead of with a page."""
    app.after_request(_in_words)


def tapped_at(now: datetime) -> datetime | None:
    """Return when what is sent now was tapped; None if it came at once, or says no such time."""
    try:
        at = datetime.fromisoformat(request.headers.get(HEADER, ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None and now - LONGEST <= at <= now else None


def _in_words(response: Response) -> Response:
    if request.method != "POST" or HEADER not in request.headers:
        return response
    if not current_user.is_authenticated:
        return Response(status=HTTPStatus.UNAUTHORIZED)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return response
    told = notices.collect()
    counts = response.status_code < HTTPStatus.BAD_REQUEST and all(
        one.level in COUNTS for one in told
    )
    why = [one.text for one in told] or g.get(REFUSED, [])
    unclear = [] if counts else [_("Look at where it stands now.")]
    return jsonify(counts=counts, told=why or unclear)
