"""While asking: at which times of a week somebody could really come."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.errors import Refusal
from dispatch.languages.rules import known_by_tag
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.ask import form_page
from dispatch.pages.caseworker.forms import AskForm, sent
from dispatch.pages.caseworker.wishes_form import wishes
from dispatch.pages.returning import keep_typed
from dispatch.planning.advice.possible_times import PossibleTimes, Wanted
from dispatch.planning.advice.possible_times import possible_times as look
from dispatch.requests import places, rules
from dispatch.requests.ways import require_ways
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.web.forms import whole
from dispatch.web.policy import only

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SATURDAY = 5
COUNTED_WISHES = ("ways", "level_required", "accepts_varieties", "decides_on_rights", "is_signed")
"""They decide who could come at all."""


@blueprint.post("/requests/times")
@only(*ASKS)
def possible_times() -> ResponseReturnValue:
    """Answer with the week's possible times: alone for htmx, else within the form as typed."""
    form = AskForm(formdata=sent())
    times = _times(form)
    if "HX-Request" in request.headers:
        return render_template("pages/caseworker/_times.html", times=times)
    keep_typed(url_for("caseworker.ask"))
    return form_page(form, times=times)


@blueprint.get("/requests/times")
@only(*ASKS)
def possible_times_again() -> ResponseReturnValue:
    """Lead whoever loads the address again to the form, with what was typed."""
    return redirect(url_for("caseworker.ask"))


def _times(form: AskForm) -> dict[str, Any]:
    monday = _monday(form)
    shown = {
        "monday": monday,
        "sunday": monday + WEEK - DAY,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "chosen": request.form.get("possible_start"),
    }
    language, site = (
        known_by_tag(form.language.data),
        places.find(whole(form.site.data), current_user.organisation_id),
    )
    if language is None or site is None:
        return {**shown, "found": None, "missing": _("Choose the language and the site first.")}
    try:
        found = look(_wanted(form, language.tag, site), monday, now=clock.now())
    except Refusal as refusal:
        return {**shown, "found": None, "missing": str(refusal.text)}
    week = [monday + number * DAY for number in range(7)]
    days = [day for day in week if day.weekday() < SATURDAY or found.of_day.get(day)]
    return {**shown, "found": found, "days": days, "missing": _nobody(found)}


def _nobody(found: PossibleTimes) -> str:
    if found.any:
        return ""
    return _(
        "In this week nobody could come at any time. Look at another week, or send the request: "
        "the office goes on looking and you hear by e-mail."
    )


def _wanted(form: AskForm, tag: str, site: Site) -> Wanted:
    minutes, count = whole(form.duration.data), form.interpreter_count.data or 1
    rules.require_duration(minutes)
    rules.require_count(count)
    wished = wishes(form, None)
    require_ways(wished["ways"])
    return Wanted(
        language=tag,
        site=site,
        duration_minutes=minutes,
        interpreter_count=count,
        gender_required=form.gender_required.data or None,
        qualification_required=form.qualification_required.data or None,
        setting=form.setting.data or "",
        **{name: wished[name] for name in COUNTED_WISHES},
    )


def _monday(form: AskForm) -> date:
    """Return the Monday of the week that is named, else of the day typed, else of this week."""
    today = clock.at_place(clock.now(), active().city.zone_name).date()
    try:
        day = date.fromisoformat(request.form.get("week", ""))
        clock.require_plausible(day)
    except (ValueError, Refusal):
        day = form.day.data if form.day.data and form.day.data >= today else today
    return day - timedelta(days=day.weekday())
