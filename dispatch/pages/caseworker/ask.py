"""Asking for an interpreter."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments.naming import name_people
from dispatch.cities.working_time import first_day_in_time
from dispatch.clock import at_place
from dispatch.drafts import service as drafts
from dispatch.errors import Refusal
from dispatch.languages.finding import languages_like
from dispatch.languages.rules import known_by_tag
from dispatch.languages.varieties import each_named
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.choosing import is_language_typed
from dispatch.pages.caseworker.drafts import begun_from
from dispatch.pages.caseworker.forms import AskForm, details, sent
from dispatch.pages.caseworker.naming import known, named, named_like
from dispatch.pages.caseworker.next_steps import what_is_next
from dispatch.pages.caseworker.series_form import SeriesPart
from dispatch.pages.returning import put_away_typed, typed
from dispatch.requests import places, rules, service
from dispatch.requests import queries as requests
from dispatch.requests.again import same_weekday_next
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.sites.queries import Found, search
from dispatch.web.formats import short_day
from dispatch.web.forms import attach, codes, whole
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/requests/new")
@only(*ASKS)
def ask() -> ResponseReturnValue:
    """Show the form."""
    if {"like", "draft"} & request.args.keys():
        put_away_typed()
    before = typed()
    if before is None and (draft_id := whole(request.args.get("draft"))):
        before = begun_from(draft_id)
    form = AskForm(formdata=before)
    seen = {} if before else _fill(form)
    return form_page(form, before=before, **seen)


def _fill(form: AskForm) -> dict[str, Any]:
    """Fill in what the request ?like= asks for; without one, what one asks for as a rule.

    With ?next_week its day comes along, whole weeks later. Returns whom to name, as in that one.
    """
    like = whole(request.args.get("like"))
    if like:
        one = requests.find(current_user, like)
        form.fill(one)
        if "next_week" in request.args:
            today = clock.at_place(clock.now(), one.time_zone).date()
            form.day.data = same_weekday_next(one.day, today)
        return {"named": named_like(one)}
    if last := requests.last_of(current_user.id):
        form.fill_usual(last)
    return {}


def asker(form: AskForm) -> Account:
    """Return for whom the form is: the reader, or a colleague who is chosen in it."""
    return accounts.colleague(current_user, whole(form.colleague.data or ""))


@blueprint.post("/requests/new")
@only(*ASKS)
def submit() -> ResponseReturnValue:
    """Take the form; answer with the reference number, or with every field that has to change."""
    form = AskForm(formdata=sent())
    if SeriesPart().repeats.data:  # what was filled in goes along
        return redirect(url_for("caseworker.ask_series"), 307)
    if not form.validate():
        return form_page(form), 422
    try:
        with once() as outcome:
            interpretation_request = service.submit(
                current_user.actor,
                asker(form),
                details(form),
                now=clock.now(),
                again=form.again.data,
            )
            if people := named(request.form):
                name_people(current_user.actor, interpretation_request.id, people, now=clock.now())
            drafts.sent(current_user.id, whole(form.draft.data), now=clock.now())
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=interpretation_request.id),
                ("success", _welcome(interpretation_request)),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return form_page(form, codes(refusal)), 422
    return outcome.answer()


def _welcome(one: InterpretationRequest) -> str:
    number = _("Your request has the number %(reference)s.", reference=one.reference)
    return f"{number} {what_is_next(one)}"


@blueprint.get("/languages/search")
@only(*ASKS, Role.COORDINATOR)
def languages_named() -> ResponseReturnValue:
    """Answer ?named= with the languages it may mean, as radio buttons for the form around them."""
    text = request.args.get("named", "")
    found = languages_like(text, str(get_locale()))
    return render_template("pages/caseworker/_languages.html", text=text, languages=found)


@blueprint.get("/sites/search")
@only(*ASKS, Role.COORDINATOR)
def sites() -> ResponseReturnValue:
    """Answer ?q= with the sites found, as radio buttons for the form around them."""
    text = request.args.get("q", "")
    return render_template("pages/caseworker/_sites.html", typed=text, sites=_search(text))


MOST_SITES = 8


def _search(text: str) -> Found:
    return search(text, places.shown_to(current_user.organisation_id), MOST_SITES)


def form_page(
    form: Any,
    refused: Collection[str] = (),
    times: Any = None,
    before: MultiDict[str, str] | None = None,
    **seen: Any,
) -> str:
    """Return the page with the form as it stands.

    `times` are those of a week that are possible, `before` is what it was begun from, `seen` who
    could come at the start that is filled in, and whom to name instead of who is typed.
    """
    return render_template(
        "pages/caseworker/ask.html",
        asked_already="asked-already" in refused,
        times=times,
        series_part=SeriesPart(formdata=before or request.form),
        **known(known_by_tag(form.language.data), before or request.form)
        | fields_of(form, refused, before=before)
        | seen,
    )


def _soon(kept: InterpretationRequest | None) -> dict[str, Any] | None:
    """Return from which day on a request comes in time, and what is said of one that begins sooner.

    Of a change only an earlier start is asked about: `stands` is the one there is, as wall time.
    None where any time will do, and for what is urgent already.
    """
    city = active().city
    days = city.policies.notice_working_days
    if not days or (kept and kept.is_urgent):
        return None
    first_day = first_day_in_time(clock.now(), city)
    in_time = ngettext(
        "In time from %(day)s on: we ask for one working day’s notice. Sooner only as urgent.",
        "In time from %(day)s on: we ask for %(num)d working days’ notice. Sooner only as urgent.",
        days,
        day=short_day(first_day),
    )
    why = ngettext(
        "This begins in less than one working day, and we ask for that much notice.",
        "This begins in less than %(num)d working days, and we ask for that much notice.",
        days,
    )
    stands = f"{at_place(kept.starts_at, kept.time_zone):%Y-%m-%dT%H:%M}" if kept else ""
    return {
        "first_day": first_day,
        "in_time": "" if kept else in_time,
        "why": why,
        "stands": stands,
    }


def fields_of(
    form: Any,
    refused: Collection[str],
    kept: InterpretationRequest | None = None,
    before: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the fields of a request need beside the form: sites found, and what is asked.

    `kept` is the request that would be changed, `before` what a draft was begun from.
    """
    if request.method == "GET":
        form.take_language_pointed_at()
    if form.colleague:
        form.offer_colleagues(current_user, accounts.who_ask(current_user.organisation_id))
    site = places.find(whole(form.site.data), current_user.organisation_id)
    searched = before or typed() or request.form
    named = searched.get("named", "") or form.language_in_words.data or ""
    language = known_by_tag(form.language.data)
    if language and not is_language_typed(language.tag, named):
        named = ""  # pointed at since
    return {
        "form": form,
        "language": language,
        "language_typed": named,
        "languages": [language] if language else languages_like(named, str(get_locale())),
        "sites": Found([site], 1) if site else _search(searched.get("q", "")),
        "site": site,
        "typed": searched.get("q", ""),
        "varieties": each_named(str(get_locale())),
        "two_needed": "two-needed" in refused or form.alone_because.data,
        "short_notice": "short-notice" in refused or form.is_urgent.data,
        "soon": _soon(kept),
        "doubled": "local-time-exists-twice" in refused,
        "longest_note": rules.LONGEST_NOTE,
    }
