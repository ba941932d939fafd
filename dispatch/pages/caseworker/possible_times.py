"""While asking: at which times of a week somebody could really come."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.cities.working_time import first_day_in_time
from dispatch.errors import Refusal
from dispatch.interpreters.queries import working_in
from dispatch.languages.rules import known_by_tag, name_of
from dispatch.languages.varieties import instead_of, languages_for
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.ask import form_page
from dispatch.pages.caseworker.forms import AskForm, sent
from dispatch.pages.caseworker.outlook import outlook_of
from dispatch.pages.caseworker.wanted import wanted_of
from dispatch.pages.returning import keep_typed
from dispatch.planning.advice.imagined import Wanted
from dispatch.planning.advice.possible_times import Ease, would_help
from dispatch.planning.advice.possible_times import possible_times as look
from dispatch.requests import places
from dispatch.settings import active
from dispatch.web.forms import whole
from dispatch.web.policy import only

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SATURDAY = 5


@blueprint.post("/requests/times")
@only(*ASKS)
def possible_times() -> ResponseReturnValue:
    """Answer with the week's possible times: alone for htmx, else within the form as typed."""
    form = AskForm(formdata=sent())
    form.take_the_only_ones()
    times = _times(form)
    if "HX-Request" in request.headers:
        return render_template("pages/caseworker/_times.html", times=times)
    keep_typed(url_for("caseworker.ask"))
    return form_page(form, times=times, **outlook_of(form))


@blueprint.get("/requests/times")
@only(*ASKS)
def possible_times_again() -> ResponseReturnValue:
    """Lead whoever loads the address again to the form, with what was typed."""
    return redirect(url_for("caseworker.ask"))


def _times(form: AskForm) -> dict[str, Any]:
    now, city = clock.now(), active().city
    monday = _monday(form)
    shown = {
        "notice_days": city.policies.notice_working_days,
        "in_time": first_day_in_time(now, city),
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
        return {**shown, "found": None, "missing": [_("Choose the language and the site first.")]}
    try:
        wanted = wanted_of(form, language.tag, site)
        found = look(wanted, monday, now=now)
    except Refusal as refusal:
        return {**shown, "found": None, "missing": [str(refusal.text)]}
    week = [monday + number * DAY for number in range(7)]
    days = [day for day in week if day.weekday() < SATURDAY or found.of_day.get(day)]
    return {
        **shown,
        "found": found,
        "days": days,
        "missing": [] if found.any else _nobody(wanted, monday, now),
    }


EASES = {
    Ease.PRESENCE: _l("by video or telephone as well (under “More wishes”)"),
    Ease.GENDER: _l("no matter the gender"),
    Ease.QUALIFICATION: _l("no matter the qualification"),
    Ease.LEVEL: _l("no matter the level of language"),
    Ease.SEVERAL: _l("one interpreter instead of several"),
    Ease.NAMED: _l("others than those you named"),
}


def _nobody(wanted: Wanted, monday: date, now: datetime) -> list[str]:
    """Say of a week without a time what would help; each thing was tried."""
    if not working_in(languages_for(wanted.language, accepts_varieties=wanted.accepts_varieties)):
        return _nobody_at_all(wanted.language)
    eases = [str(EASES[one]) for one in would_help(wanted, monday, now=now)]
    would = [_("In this week this would help: %(what)s.", what="; ".join(eases))] if eases else []
    return [
        _(
            "In this week nobody could come at any time. Look at another week, or send the "
            "request: the office goes on looking and you hear by e-mail."
        ),
        *would,
    ]


def _nobody_at_all(tag: str) -> list[str]:
    """Say that no week will do, and what may: a variety, another language of the client."""
    locale = str(get_locale())
    related = [name_of(one, locale) for one in instead_of(tag) if working_in([one])]
    would = [
        _(
            "Somebody interprets %(languages)s. If the client understands that, tick under “More "
            "wishes” that a related variety will do.",
            languages=", ".join(related),
        )
    ]
    return [
        _(
            "Nobody in the pool speaks %(language)s; no other week changes that.",
            language=name_of(tag, locale),
        ),
        *(would if related else []),
        _("If the client speaks another language well as well, choose that one."),
        _("Or send the request: the office goes on looking and you hear by e-mail."),
    ]


def _monday(form: AskForm) -> date:
    """Return the Monday of the week that is named, else of the day typed.

    Else of the first day that is in time, or of this week where it is said that it cannot wait.
    """
    now, city = clock.now(), active().city
    today = clock.at_place(now, city.zone_name).date()
    first = today if form.is_urgent.data else first_day_in_time(now, city)
    try:
        day = date.fromisoformat(request.form.get("week", ""))
        clock.require_plausible(day)
    except (ValueError, Refusal):
        day = form.day.data if form.day.data and form.day.data >= today else first
    return day - timedelta(days=day.weekday())
