"""While asking: whom those who ask would like to come again, and who must not."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.amendments.naming import People
from dispatch.assignments.queries import Helper, helpers_of
from dispatch.assignments.service import live
from dispatch.languages.rules import Language, known_by_tag
from dispatch.pages.caseworker import blueprint
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import whole
from dispatch.web.policy import only


@blueprint.get("/requests/helpers")
@only(*ASKS)
def helpers() -> ResponseReturnValue:
    """Answer ?language= with whoever of it came to the organisation, to be named in the form."""
    language = known_by_tag(request.args.get("language"))
    return render_template("pages/caseworker/_helpers.html", **known(language, MultiDict()))


def known(language: Language | None, typed: MultiDict[str, str]) -> dict[str, Any]:
    """Return who can be named, and who is `typed`; nobody before the language is chosen."""
    came: Sequence[Helper] | None = None
    now = clock.now()
    if language is not None:
        came = helpers_of(current_user.organisation_id, language.tag, now)
    return {"helpers": came, "named": named(typed), "now": now}


def named(typed: MultiDict[str, str]) -> People:
    """Return whom a form names."""
    return People(
        wished={whole(text) for text in typed.getlist("wished")},
        excluded={whole(text) for text in typed.getlist("excluded")},
        only="only_wished" in typed,
    )


def named_of_ours(tag: str) -> People:
    """Return whom the form names of those who came to the organisation in the language.

    Of nobody else it may be told, by what changes with a name, when they could come or what for.
    """
    people = named(request.form)
    if not people:
        return people
    ours = {
        each.interpreter.id for each in helpers_of(current_user.organisation_id, tag, clock.now())
    }
    return People(set(people.wished) & ours, set(people.excluded) & ours, people.only)


def named_like(one: InterpretationRequest) -> People:
    """Return whom to name for another request like this one: who came to it, and who must not."""
    return People(
        wished={each.interpreter_id for each in live(one)},
        excluded={each.interpreter_id for each in one.excluded_interpreters if not each.by_office},
    )
