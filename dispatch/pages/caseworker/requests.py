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
from dispatch.tables import at_most_a_hundred, limits
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
            now = clock.now()
            checked = importing.read(current_user, form.file.data.read(), now=now)
            with transaction():
                taken = importing.store(checked, now=now, again=form.again.data)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            _tell(taken)
            return redirect(url_for("caseworker.requests"))
    return _import_page(form), 422


def _tell(taken: importing.Taken) -> None:
    count = len(taken.new)
    told = ngettext("%(num)d request was taken over.", "%(num)d requests were taken over.", count)
    tell("success" if count else "info", told)
    if taken.there:
        tell("warning", " ".join((*at_most_a_hundred(taken.there), str(importing.HOW_TO_REPEAT))))


def _import_page(form: ImportForm) -> str:
    return render_template(
        "pages/caseworker/import.html",
        form=form,
        columns=importing.COLUMNS.known,
        limits=limits.SAID,
    )
