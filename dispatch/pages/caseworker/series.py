"""One series: its dates, who comes to each, and what can be done with one, some or all of them."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.pages import history
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.cancel import what_becomes_of
from dispatch.pages.caseworker.series_form import holiday
from dispatch.series import queries, service
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice, Rhythm, Scope
from dispatch.settings import active
from dispatch.web.formats import local_datetime
from dispatch.web.forms import whole
from dispatch.web.once import once
from dispatch.web.policy import only

SCOPES = {
    Scope.ONE: _l("Only this date"),
    Scope.FOLLOWING: _l("This and all later ones"),
    Scope.ALL: _l("All that are still to come"),
}


@blueprint.get("/series/<int:series_id>")
@only(*ASKS, Role.COORDINATOR)
def series_page(series_id: int) -> ResponseReturnValue:
    """Show all dates, with who comes to each, and choose from which date something is done."""
    series, now = queries.find(current_user, series_id), clock.now()
    dates = queries.standing(queries.dates_of(series_id))
    off = [one.date for one in dates if service.can_come_back(one.date, now)]
    return render_template(
        "pages/caseworker/series.html",
        series=series,
        repeats=repeats(series),
        dates=dates,
        to_come={one.date.number for one in dates if queries.is_to_come(one.date, now)},
        off=off,
        scopes=SCOPES,
        holidays={
            one.date.id: holiday(one.interpretation_request.day, active().city) for one in dates
        },
        history=history.of_series(series_id, for_office=current_user.role == Role.COORDINATOR),
    )


@blueprint.post("/series/<int:series_id>/undo")
@only(*ASKS, Role.COORDINATOR)
def undo_series(series_id: int) -> ResponseReturnValue:
    """Take the cancellation of one, some or all dates back; who came before comes again."""
    with once() as outcome:
        queries.find(current_user, series_id)
        choice = Choice(whole(request.form.get("number")), scope_of(request.form.get("scope")))
        done = service.undo(current_user.actor, series_id, choice, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.series_page", series_id=series_id),
            ("success", _takes_place(len(done.done))),
            *_people_of(done),
            *left_as_they_are(done),
        )
    return outcome.answer()


def choice_of(dates: list[SeriesDate]) -> Choice:
    """Return from which date and for which dates the address asks; else the first date alone."""
    number = whole(request.values.get("number"))
    if number not in {one.number for one in dates}:
        number = dates[0].number if dates else 0
    return Choice(number, scope_of(request.values.get("scope")))


def scope_of(text: str | None) -> Scope:
    """Return the scope an address names; one date alone where it names none."""
    return Scope(text) if text in set(Scope) else Scope.ONE


def dates_to_come(series_id: int) -> list[SeriesDate]:
    """Return the dates with which something can still be done, in order of time."""
    now = clock.now()
    return [one for one in queries.dates_of(series_id) if queries.is_to_come(one, now)]


def left_as_they_are(done: service.Outcome) -> list[tuple[str, str]]:
    """Say which dates an action left as they are, and why."""
    if not done.left:
        return []
    named = "; ".join(f"{_when(one)}: {why}" for one, why in done.left)
    count = len(done.left)
    text = ngettext(
        "%(num)d date stays as it is. %(named)s",
        "%(num)d dates stay as they are. %(named)s",
        count,
        named=named,
    )
    return [("warning", text)]


def repeats(series: Series) -> str:
    """Return how a series repeats, in words."""
    if series.rhythm == Rhythm.WEEKLY:
        return ngettext("every week", "every %(num)d weeks", series.every)
    if series.rhythm == Rhythm.MONTHLY:
        return ngettext("every month", "every %(num)d months", series.every)
    return _("on certain days")


def _takes_place(count: int) -> str:
    return ngettext(
        "%(num)d date takes place after all; everyone concerned is told.",
        "%(num)d dates take place after all; everyone concerned is told.",
        count,
    )


def _people_of(done: service.Outcome) -> list[tuple[str, str]]:
    """Say of whom does not simply come again what becomes of them, and on which dates."""
    days: dict[str, list[str]] = {}
    for date, back in done.back:
        for text in what_becomes_of(back, date.interpretation_request.time_zone):
            days.setdefault(text, []).append(_when(date))
    return [
        ("warning", _("%(day)s: %(why)s", day="; ".join(on), why=text)) for text, on in days.items()
    ]


def _when(one: SeriesDate) -> str:
    return local_datetime(one.starts_at, one.interpretation_request.time_zone)
