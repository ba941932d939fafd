"""The coming weeks at a glance: where seats are still open, by language and day."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock, settings
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.weeks_counts import Seats, counts_between
from dispatch.pages.words import language
from dispatch.web.days import day_from
from dispatch.web.policy import only

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SPANS = (1, 4)
"""So many weeks are shown at once: one, or four side by side."""


@blueprint.get("/weeks")
@only(Role.COORDINATOR)
def this_week() -> ResponseReturnValue:
    """Lead to the week of the day asked for, or to this one."""
    today = clock.at_place(clock.now(), settings.active().time_zone).date()
    wanted = day_from(request.args.get("day")) or today
    return redirect(_address(_monday(wanted), _span()))


@blueprint.get("/weeks/<monday>")
@only(Role.COORDINATOR)
def weeks(monday: str) -> ResponseReturnValue:
    """Show for each language and day how many seats are open, asked for and filled."""
    first, span = _monday(day_from(monday, missing=True)), _span()
    days = [first + number * DAY for number in range(7 * span)]
    zone = settings.active().time_zone
    counted = counts_between(days, zone)
    return render_template(
        "pages/coordinator/weeks.html",
        days=days,
        rows=_rows(counted, days),
        totals=[_sum(counted, [day]) for day in days],
        all=_sum(counted, days),
        span=span,
        choices=[(one, _address(first, one)) for one in SPANS],
        before=_address(first - span * WEEK, span),
        after=_address(first + span * WEEK, span),
        today=clock.at_place(clock.now(), zone).date(),
        share=share,
    )


def share(seats: Seats) -> int:
    """Return in which of five steps seats are open, for the colour: 0 none, 4 all or nearly all."""
    if not seats.open:
        return 0
    return max(1, round(4 * seats.open / seats.wanted))


def _rows(counted: dict[tuple[date, str], Seats], days: list[date]) -> list[dict[str, Any]]:
    """Return a row for each language that is asked for, the one with most open seats first."""
    rows = [
        {
            "tag": tag,
            "name": language(tag),
            "all": sum((counted.get((day, tag), Seats()) for day in days), Seats()),
            "cells": [counted.get((day, tag), Seats()) for day in days],
        }
        for tag in {tag for _day, tag in counted}
    ]
    return sorted(rows, key=lambda row: (-row["all"].open, -row["all"].wanted, row["name"]))


def _sum(counted: dict[tuple[date, str], Seats], days: list[date]) -> Seats:
    return sum((seats for (day, _tag), seats in counted.items() if day in days), Seats())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _span() -> int:
    return SPANS[1] if request.args.get("weeks") == str(SPANS[1]) else SPANS[0]


def _address(monday: date, span: int) -> str:
    weeks = span if span != SPANS[0] else None
    return url_for("coordinator.weeks", monday=monday.isoformat(), weeks=weeks)
