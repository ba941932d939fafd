"""The map of a day: where something is on, and who goes which way; drawn by ourselves."""

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cities.shapes import districts_of
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board.mapping import map_of
from dispatch.pages.coordinator.board.reading import day_of
from dispatch.settings import active
from dispatch.web.days import day_from
from dispatch.web.forms import whole
from dispatch.web.policy import only

SIZES = (1, 2, 4)
"""How many times as wide as its frame the map is drawn; what is larger than the frame scrolls."""


@blueprint.get("/day/<day>/map")
@only(Role.COORDINATOR)
def day_map(day: str) -> ResponseReturnValue:
    """Show sites with what is on, and ways; `?person=` has one way stand out, `?size=` enlarges."""
    city = active().city
    shown = day_from(day, missing=True)
    drawn = map_of(day_of(shown, city.zone_name), districts_of(city))
    return render_template(
        "pages/coordinator/map.html",
        day=shown,
        map=drawn,
        person=whole(request.args.get("person")),
        size=size if (size := whole(request.args.get("size"))) in SIZES else SIZES[0],
        sizes=SIZES,
        today=clock.at_place(clock.now(), city.zone_name).date(),
        yesterday=url_for("coordinator.day_map", day=(shown - timedelta(days=1)).isoformat()),
        tomorrow=url_for("coordinator.day_map", day=(shown + timedelta(days=1)).isoformat()),
    )
