"""The requests somebody may see, and many taken over from a file."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.forms import ImportForm
from dispatch.requests import importing, queries
from dispatch.web.forms import attach
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/requests")
@only(*ASKS, Role.COORDINATOR)
def requests() -> ResponseReturnValue:
    """List what the account may see: what is to come, and what is over."""
    now = clock.now()
    over = request.args.get("show") == "past"
    listed = (queries.past if over else queries.coming)(current_user, now)
    return render_template("pages/caseworker/requests.html", listed=listed, over=over)


@blueprint.get("/requests/import")
@only(*ASKS)
def import_form() -> ResponseReturnValue:
    """Show where a file goes and what it looks like."""
    return _import_page(ImportForm())


@blueprint.post("/requests/import")
@only(*ASKS)
def import_file() -> ResponseReturnValue:
    """Take all rows of a file, or none and say what is wrong in each."""
    form = ImportForm()
    if form.validate():
        try:
            with transaction():
                taken = importing.load(current_user, form.file.data.read(), now=clock.now())
            count = len(taken)
            told = ngettext(
                "%(num)d request was taken over.", "%(num)d requests were taken over.", count
            )
            tell("success", told)
            return redirect(url_for("caseworker.requests"))
        except Refusal as refusal:
            attach(form, refusal)
    return _import_page(form), 422


def _import_page(form: ImportForm) -> str:
    return render_template("pages/caseworker/import.html", form=form, columns=importing.COLUMNS)
