"""While asking: who could come at the start that is typed, and what it would cost."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.errors import Refusal
from dispatch.languages.rules import known_by_tag
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.forms import AskForm, details, sent
from dispatch.pages.caseworker.wanted import wanted_of
from dispatch.planning.advice.how_many import Stop
from dispatch.planning.advice.outlook import outlook as look
from dispatch.requests import places
from dispatch.requests.details import starts_of
from dispatch.web.forms import whole
from dispatch.web.policy import only

STOPS: dict[Stop, Any] = {
    Stop.NOBODY: _l("Nobody in the pool interprets this language."),
    Stop.HOURS: _l("Those who interpret the language do not work then."),
    Stop.TAKEN: _l("Those who interpret the language are with others then, or on the way."),
    Stop.GENDER: _l("Nobody of the gender asked for is there then."),
    Stop.QUALIFICATION: _l("Nobody with the qualification or the level asked for is there then."),
    Stop.OTHER: _l("Those who interpret the language cannot be there then."),
}
"""What keeps most from coming; other rules may keep the others away."""


@blueprint.post("/requests/outlook")
@only(*ASKS)
def outlook() -> ResponseReturnValue:
    """Say who could come to what is filled in so far; nothing before it says what and when."""
    return render_template("pages/caseworker/_outlook.html", **outlook_of(AskForm(formdata=sent())))


@blueprint.get("/requests/outlook")
@only(*ASKS)
def outlook_again() -> ResponseReturnValue:
    """Lead whoever loads the address to the form."""
    return redirect(url_for("caseworker.ask"))


def outlook_of(form: AskForm) -> dict[str, Any]:
    """Return what the part of the form shows: who could come, or nothing while fields are empty.

    What is wrong with a field is said by the field, once the form is sent.
    """
    language = known_by_tag(form.language.data)
    site = places.find(whole(form.site.data), current_user.organisation_id)
    now = clock.now()
    if language is None or site is None or not (form.day.data and form.start.data):
        return {"outlook": None}
    try:
        wanted = wanted_of(form, language.tag, site)
        first, latest = starts_of(details(form), site, now)
        found = look(wanted, first, latest, now=now)
    except Refusal:
        return {"outlook": None}
    return {
        "outlook": found,
        "outlook_at": first,
        "outlook_zone": site.time_zone,
        "stops": STOPS,
    }
