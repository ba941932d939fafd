"""The coordinator's day on a page."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import board_of
from dispatch.pages.turning import turn
from dispatch.web.days import day_from
from dispatch.web.policy import only


@blueprint.get("/day")
@only(Role.COORDINATOR)
def today() -> ResponseReturnValue:
    """Lead to the day asked for, or to today."""
    zone = settings.active().time_zone
    wanted = day_from(request.args.get("day")) or clock.at_place(clock.now(), zone).date()
    return redirect(url_for("coordinator.day", day=wanted.isoformat()))


@blueprint.get("/day/<day>")
@only(Role.COORDINATOR)
def day(day: str) -> ResponseReturnValue:
    """Show a row per interpreter, what is open, working hours behind."""
    zone = settings.active().time_zone
    shown = day_from(day, missing=True)
    now = clock.at_place(clock.now(), zone)
    return render_template(
        "pages/coordinator/day.html",
        day=shown,
        board=board_of(shown, zone, turn()),
        today=now.date(),
        now_minute=now.hour * 60 + now.minute if shown == now.date() else None,
        yesterday=shown - timedelta(days=1),
        tomorrow=shown + timedelta(days=1),
    )
