"""What the board asks every few seconds: whether somebody else has changed something."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from dispatch import settings
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board.news import news_of
from dispatch.web.days import day_from
from dispatch.web.forms import whole
from dispatch.web.policy import only


@blueprint.get("/day/<day>/changes")
@only(Role.COORDINATOR)
def changes(day: str) -> ResponseReturnValue:
    """Say (204) that nothing happened since change `?since=`, or what is the newest by now."""
    shown = day_from(day, missing=True)
    news = news_of(shown, settings.active().time_zone, whole(request.args.get("since")) or 0)
    if news is None:
        return "", 204
    return jsonify(newest=news.newest, touches=news.touches)
