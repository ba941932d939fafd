"""Letting a client who cannot say which language it is point at its name, in its own script."""

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.accounts.rules import ASKS, Role
from dispatch.languages.rules import by_script
from dispatch.pages.caseworker import blueprint
from dispatch.pages.returning import keep_typed
from dispatch.web.policy import only
from dispatch.web.urls import local_target

POINTED_AT = "language"
"""The form's parameter that says which language was pointed at."""


@blueprint.post("/languages/point")
@only(*ASKS, Role.COORDINATOR)
def let_point() -> ResponseReturnValue:
    """Keep what is typed in the form already and show the languages."""
    page = _form_page()
    keep_typed(page)
    return redirect(url_for("caseworker.languages", form=page))


@blueprint.get("/languages")
@only(*ASKS, Role.COORDINATOR)
def languages() -> ResponseReturnValue:
    """Show every language in its own script; each leads back to the form, chosen."""
    page = _form_page()
    return render_template(
        "pages/caseworker/languages.html",
        languages=by_script(),
        page=page,
        leads_to=lambda tag: f"{page}?{urlencode({POINTED_AT: tag})}",
    )


def _form_page() -> str:
    """Return the path of the form that is being filled in; one for asking anew if none is."""
    page = local_target(request.values.get("form")).partition("?")[0]
    return page if page != "/" else url_for("caseworker.ask")
