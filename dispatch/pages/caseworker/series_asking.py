"""Asking for several dates: they are shown with what is a holiday, ticked, and then sent."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.drafts import service as drafts
from dispatch.errors import Refusal
from dispatch.languages.rules import known_by_tag
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.ask import asker, fields_of
from dispatch.pages.caseworker.forms import AskForm, details
from dispatch.pages.caseworker.naming import known, named
from dispatch.pages.caseworker.series_form import Line, SeriesPart, lines_of
from dispatch.pages.returning import typed
from dispatch.requests import places
from dispatch.requests.rules import second_occurrence
from dispatch.series import rules, service
from dispatch.series.naming import name_people
from dispatch.series.rules import Pattern
from dispatch.settings import active
from dispatch.web.forms import attach, codes, whole
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/series/new")
@only(*ASKS)
def series_form() -> ResponseReturnValue:
    """Show what was typed before this page was out of date; who comes anew asks for one first."""
    before = typed()
    if before is None:
        return redirect(url_for("caseworker.ask"))
    form, part = AskForm(formdata=before), SeriesPart(formdata=before)
    ticked = before.getlist("date")
    if not (ticked and form.day.data and form.start.data):
        return _page(form, part, before=before)
    try:
        return _page(form, part, _seen(form, part), ticked=ticked, before=before)
    except Refusal as refusal:
        attach(part if refusal.field in part._fields else form, refusal)
        return _page(form, part, before=before)


@blueprint.post("/series/new")
@only(*ASKS)
def ask_series() -> ResponseReturnValue:
    """Show the dates; send those that are ticked once exactly these were seen."""
    form, part = AskForm(), SeriesPart()
    if not all([form.validate(), part.validate()]):
        return _page(form, part), 422
    lines: list[Line] = []
    try:
        pattern, before = part.pattern(form.day.data), part.seen.data
        lines = _seen(form, part)
        if part.seen.data != before:
            return _page(form, part, lines)
        with once() as outcome:
            series = service.ask(
                current_user.actor,
                asker(form),
                details(form),
                _ticked(lines),
                rhythm=pattern.rhythm,
                every=pattern.every,
                now=clock.now(),
                again=form.again.data,
            )
            if people := named(request.form):
                first = min(series.dates, key=lambda one: one.number).interpretation_request_id
                name_people(current_user.actor, first, people, now=clock.now())
            drafts.sent(current_user.id, whole(form.draft.data), now=clock.now())
            outcome.leads_to(
                url_for("caseworker.series_page", series_id=series.id),
                (
                    "success",
                    ngettext(
                        "One date is asked for.", "%(num)d dates are asked for.", len(series.dates)
                    ),
                ),
            )
    except Refusal as refusal:
        attach(part if refusal.field in part._fields else form, refusal)
        return _page(form, part, lines, codes(refusal)), 422
    return outcome.answer()


def _seen(form: AskForm, part: SeriesPart) -> list[Line]:
    """Return the dates the page shows, and note in the form that exactly these are seen."""
    pattern = part.pattern(form.day.data)
    part.seen.data = rules.digest_of([pattern, form.start.data, form.site.data])
    return _lines(form, pattern)


def _lines(form: AskForm, pattern: Pattern) -> list[Line]:
    site, city = places.find(whole(form.site.data), current_user.organisation_id), active().city
    return lines_of(
        rules.preview(pattern, city),
        form.start.data,
        site.time_zone if site else city.zone_name,
        second=second_occurrence(form.occurrence.data),
        city=city,
    )


def _ticked(lines: Sequence[Line]) -> list[date]:
    """Return the days that were ticked, of those that were shown."""
    wanted = set(request.form.getlist("date"))
    return [one.day for one in lines if one.day.isoformat() in wanted]


def _page(
    form: Any,
    part: SeriesPart,
    lines: Sequence[Line] = (),
    refused: Collection[str] = (),
    ticked: Collection[str] = (),
    before: MultiDict[str, str] | None = None,
) -> str:
    sent = {*ticked, *request.form.getlist("date")}
    doubled = {one.refused.code for one in lines if one.refused} | set(refused)
    return render_template(
        "pages/caseworker/series_new.html",
        series_part=part,
        lines=lines,
        ticked={one.day for one in lines if one.ticked and (not sent or str(one.day) in sent)},
        asked_already="asked-already" in refused,
        **known(known_by_tag(form.language.data), before or request.form),
        **fields_of(form, doubled),
    )
