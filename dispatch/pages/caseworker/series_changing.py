"""Cancelling and changing dates of a series: the exact dates are shown before anything is done."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments.rules import Fate
from dispatch.cancellations import deciding
from dispatch.clients import queries as clients
from dispatch.errors import Refusal
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.ask import fields_of
from dispatch.pages.caseworker.forms import ChangeForm, details
from dispatch.pages.caseworker.series import (
    SCOPES,
    choice_of,
    dates_to_come,
    left_as_they_are,
)
from dispatch.pages.reasons import OfficeReasonForm, ToldReasonForm
from dispatch.pages.returning import typed
from dispatch.series import changing, queries, rules, service
from dispatch.series.changing import DateForeseen
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice
from dispatch.web.forms import attach, codes
from dispatch.web.once import once
from dispatch.web.policy import only

Reason = ToldReasonForm | OfficeReasonForm


@blueprint.get("/series/<int:series_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def ask_cancel_series(series_id: int) -> ResponseReturnValue:
    """Show exactly which dates would be cancelled and what is owed, and ask why."""
    return _cancel_page(queries.find(current_user, series_id), _reason(formdata=typed()))


@blueprint.post("/series/<int:series_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def cancel_series(series_id: int) -> ResponseReturnValue:
    """Cancel the dates that were shown; everyone concerned is told once."""
    series, form = queries.find(current_user, series_id), _reason()
    try:
        with once() as outcome:
            queries.find(current_user, series_id)
            done = service.cancel(
                current_user.actor,
                series_id,
                choice_of(dates_to_come(series_id)),
                reasons=form.reasons,
                now=clock.now(),
                seen=request.form.get("seen", ""),
            )
            count = len(done.done)
            outcome.leads_to(
                url_for("caseworker.series_page", series_id=series_id),
                (
                    "success",
                    ngettext(
                        "%(num)d date is cancelled; everyone concerned is told.",
                        "%(num)d dates are cancelled; everyone concerned is told.",
                        count,
                    ),
                ),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _cancel_page(series, form), refusal.status
    return outcome.answer()


@blueprint.get("/series/<int:series_id>/change")
@only(*ASKS, Role.COORDINATOR)
def ask_change_series(series_id: int) -> ResponseReturnValue:
    """Show the date it begins from as a form, filled in."""
    series, dates, before = queries.find(current_user, series_id), dates_to_come(series_id), typed()
    choice = choice_of(dates)
    form = _change_form(dates, choice, before)
    if before is None and form is not None:
        form.show(_chosen(dates, choice).interpretation_request)
    return _change_page(series, form, dates, choice)


@blueprint.post("/series/<int:series_id>/change")
@only(*ASKS, Role.COORDINATOR)
def change_series(series_id: int) -> ResponseReturnValue:
    """Say for each date what the change would do; do it once that was seen and is still so."""
    series, dates = queries.find(current_user, series_id), dates_to_come(series_id)
    choice, now = choice_of(dates), clock.now()
    form = _change_form(dates, choice)
    if form is None or not form.validate():
        return _change_page(series, form, dates, choice), 422
    try:
        chosen = _chosen(dates, choice).interpretation_request
        wanted = details(form, chosen)
        found = changing.foresee(rules.named(dates, choice), choice.number, wanted, now=now)
        if form.seen.data != changing.digest(found):
            form.seen.data = changing.digest(found)
            return _change_page(series, form, dates, choice, found)
        with once() as outcome:
            queries.find(current_user, series_id)
            done = changing.amend(
                current_user.actor, series_id, choice, wanted, now=now, seen=form.seen.data
            )
            count = len(done.done)
            outcome.leads_to(
                url_for("caseworker.series_page", series_id=series_id),
                (
                    "success",
                    ngettext(
                        "%(num)d date is changed; whoever has to agree again is asked.",
                        "%(num)d dates are changed; whoever has to agree again is asked.",
                        count,
                    ),
                ),
                *left_as_they_are(done),
            )
    except Refusal as refusal:
        attach(form, refusal)
        page = _change_page(series, form, dates, choice, refused=codes(refusal))
        return page, refusal.status
    return outcome.answer()


def _reason(**data: Any) -> Reason:
    by_office = current_user.role == Role.COORDINATOR
    return (OfficeReasonForm if by_office else ToldReasonForm)(**data)


def _cancel_page(series: Series, form: Reason) -> str:
    dates = dates_to_come(series.id)
    choice = choice_of(dates)
    named = rules.named(dates, choice) if dates else []
    ids = [one.interpretation_request_id for one in named]
    return render_template(
        "pages/caseworker/series_cancel.html",
        series=series,
        form=form,
        dates=dates,
        choice=choice,
        scopes=SCOPES,
        named=named,
        owed=deciding.foresee_all(ids, clock.now()),
        reminded=clients.reminded_of(ids),
        seen=service.digest(named),
    )


def _change_form(
    dates: Sequence[SeriesDate], choice: Choice, data: object = None
) -> ChangeForm | None:
    """Return the form of the date it begins from; None where no date is to come."""
    if not dates:
        return None
    form = ChangeForm(formdata=data) if data is not None else ChangeForm()
    form.offer_duration(_chosen(dates, choice).interpretation_request.duration_minutes)
    if current_user.role == Role.COORDINATOR:
        form.leave_out_what_the_office_does_not_read()
    return form


def _chosen(dates: Sequence[SeriesDate], choice: Choice) -> SeriesDate:
    return next(one for one in dates if one.number == choice.number)


def _change_page(
    series: Series,
    form: ChangeForm | None,
    dates: Sequence[SeriesDate],
    choice: Choice,
    found: Sequence[DateForeseen] = (),
    refused: Collection[str] = (),
) -> str:
    return render_template(
        "pages/caseworker/series_change.html",
        series=series,
        dates=dates,
        choice=choice,
        scopes=SCOPES,
        named=rules.named(dates, choice) if dates else [],
        foreseen=found,
        clients_know={one.date.id: _client_knows(one) for one in found},
        fates=Fate,
        **_fields_of(form, refused, dates, choice),
    )


def _fields_of(
    form: ChangeForm | None,
    refused: Collection[str],
    dates: Sequence[SeriesDate],
    choice: Choice,
) -> dict[str, Any]:
    if form is None:
        return {"form": None}
    return fields_of(form, refused, _chosen(dates, choice).interpretation_request)


def _client_knows(one: DateForeseen) -> datetime | None:
    """Return the start a client was reminded of, where it would be another."""
    if one.foreseen is None:
        return None
    starts_at = one.foreseen.demand.starts_at
    return clients.other_start_known(one.date.interpretation_request_id, starts_at)
