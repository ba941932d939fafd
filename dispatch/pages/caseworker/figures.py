"""The figures of one's own organisation, for its lead."""

from datetime import date, datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cities.working_time import local_day
from dispatch.pages.caseworker import blueprint
from dispatch.requests.figures import of_organisation
from dispatch.settings import active
from dispatch.web.policy import only

SPANS = {"month": _l("This month"), "before": _l("Last month"), "year": _l("Twelve months")}


@blueprint.get("/figures")
@only(Role.ORGANISATION_LEAD)
def figures() -> ResponseReturnValue:
    """Show who asked for what in a span, and what became of it."""
    wanted = request.args.get("span", "")
    span = wanted if wanted in SPANS else "month"
    first, last = _days(span, local_day(clock.now(), active().city))
    return render_template(
        "pages/caseworker/figures.html",
        figures=of_organisation(current_user.organisation_id, *_instants(first, last)),
        spans=SPANS,
        span=span,
        first=first,
        last=last,
    )


def _days(span: str, today: date) -> tuple[date, date]:
    """Return the first and the last local day of a span."""
    begin = today.replace(day=1)
    if span == "before":
        last = begin - timedelta(days=1)
        return last.replace(day=1), last
    ends = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if span == "year":
        return (ends + timedelta(days=1)).replace(year=ends.year - (ends.month != 12)), ends
    return begin, ends


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    zone_name = active().city.zone_name
    return clock.day_bounds(first, zone_name)[0], clock.day_bounds(last, zone_name)[1]
