"""What the board asks once it stands: who could come, and whether somebody changes something."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board.news import news_of
from dispatch.planning.advice.how_many import Stop, how_many
from dispatch.web.days import day_from
from dispatch.web.forms import whole
from dispatch.web.policy import only

STOPS: dict[Stop, Any] = {
    Stop.NOBODY: _l("nobody in the pool"),
    Stop.HOURS: _l("nobody works then"),
    Stop.TAKEN: _l("all taken by then"),
    Stop.GENDER: _l("nobody of that gender"),
    Stop.QUALIFICATION: _l("nobody qualified"),
    Stop.OTHER: _l("nobody can come"),
}
"""Why nobody could come, in the few words there is room for beside an open request."""


@blueprint.get("/day/<day>/coming")
@only(Role.COORDINATOR)
def coming(day: str) -> ResponseReturnValue:
    """Say by its id how many could come to each open request of a day, and why nobody could."""
    shown = day_from(day, missing=True)
    found = how_many(shown, settings.active().time_zone, now=clock.now())
    said = {
        id_: {
            "words": str(STOPS[one.stop])
            if one.stop
            else ngettext("%(num)d could", "%(num)d could", one.count),
            "nobody": one.stop is not None,
        }
        for id_, one in found.items()
    }
    return jsonify(said)


@blueprint.get("/day/<day>/changes")
@only(Role.COORDINATOR)
def changes(day: str) -> ResponseReturnValue:
    """Say (204) that nothing happened since change `?since=`, or what is the newest by now."""
    shown = day_from(day, missing=True)
    news = news_of(shown, settings.active().time_zone, whole(request.args.get("since")) or 0)
    if news is None:
        return "", 204
    return jsonify(newest=news.newest, touches=news.touches)
