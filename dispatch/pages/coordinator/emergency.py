"""The list for the day when nothing works, to be printed or put away."""

from flask import Response
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cities.working_time import local_day
from dispatch.emergency import service
from dispatch.pages.coordinator import blueprint
from dispatch.settings import active
from dispatch.web.policy import only


@blueprint.get("/emergency-list")
@only(Role.COORDINATOR)
def emergency_list() -> ResponseReturnValue:
    """Send the list of the next days as it stands now, as a file of its own.

    It is opened from where it is kept, without a server, so it has its style in itself; as a page
    of ours that would be forbidden.
    """
    now = clock.now()
    day = local_day(now, active().city)
    answer = Response(service.page(now=now), mimetype="text/html")
    answer.headers.set("Content-Disposition", "attachment", filename=f"emergency-list-{day}.html")
    return answer
