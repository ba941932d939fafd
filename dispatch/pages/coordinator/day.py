"""The coordinator's day on a page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.coordinator.board.drawing import language_of
from dispatch.pages.coordinator.board.marks import ALWAYS_TOLD, NAMES, STATES, Mark
from dispatch.pages.coordinator.board.news import newest_change
from dispatch.pages.coordinator.board.picture import Picture, picture_of
from dispatch.pages.coordinator.board.reading import day_of
from dispatch.pages.coordinator.board.sieve import Sieve
from dispatch.pages.turning import turn
from dispatch.web.days import day_from
from dispatch.web.policy import only


@dataclass(frozen=True)
class Link:
    """A part of the bar: a figure that shows its rows, or a choice that can be taken back."""

    label: Any
    url: str
    state: str = ""
    count: int = 0
    chosen: bool = False


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
    """Show what is open, and a row per interpreter with working hours and ways behind."""
    zone = settings.active().time_zone
    shown, sieve = day_from(day, missing=True), Sieve.of(request.args)
    here = clock.at_place(clock.now(), zone)
    newest = newest_change()  # before the day is read, so that nothing is missed in between
    picture = picture_of(day_of(shown, zone), sieve, clock.now(), turn())
    return render_template(
        "pages/coordinator/day.html",
        day=shown,
        picture=picture,
        sieve=sieve,
        newest=newest,
        ways=[(way, steps.count(way)) for way in steps.Way],
        figures=_figures(shown, picture, sieve),
        chips=_chips(shown, sieve),
        today=here.date(),
        now=here if shown == here.date() else None,
        yesterday=_address(shown - timedelta(days=1), sieve),
        tomorrow=_address(shown + timedelta(days=1), sieve),
    )


def _address(day: date, sieve: Sieve) -> str:
    return url_for("coordinator.day", day=day.isoformat(), **sieve.arguments)


def _figures(day: date, picture: Picture, sieve: Sieve) -> list[Link]:
    """Return how many seats stand how; each leads to their rows, and from there back to all."""
    return [
        Link(
            NAMES[mark],
            _address(day, sieve.but(state="" if sieve.state == mark else mark)),
            STATES[mark],
            picture.figures[mark],
            chosen=sieve.state == mark,
        )
        for mark in Mark
        if picture.figures[mark] or mark in ALWAYS_TOLD or sieve.state == mark
    ]


def _chips(day: date, sieve: Sieve) -> list[Link]:
    """Return what is filtered by, each with the address without it."""
    chosen: list[tuple[Any, dict[str, Any]]] = []
    if sieve.language:
        chosen.append((language_of(sieve.language), {"language": ""}))
    if sieve.district:
        chosen.append((sieve.district, {"district": ""}))
    if sieve.state:
        chosen.append((NAMES[Mark(sieve.state)], {"state": ""}))
    if sieve.busy:
        chosen.append((_("Idle hidden"), {"busy": False}))
    if sieve.words:
        chosen.append((_("“%(words)s”", words=sieve.words), {"words": ""}))
    return [Link(label, _address(day, sieve.but(**without))) for label, without in chosen]
