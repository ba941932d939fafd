"""What somebody keeps for themselves: drafts to finish later, templates to begin from."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.drafts import service
from dispatch.drafts.rules import KEPT_FOR, Kind
from dispatch.errors import Refusal
from dispatch.pages.caseworker import blueprint
from dispatch.pages.returning import keep_typed
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.once import MARKS, once
from dispatch.web.policy import only

DAYS = {kind: length.days for kind, length in KEPT_FOR.items()}


@blueprint.get("/drafts")
@only(*ASKS)
def drafts() -> ResponseReturnValue:
    """List what the reader keeps."""
    kept = service.all_of(current_user.id)
    return render_template(
        "pages/caseworker/drafts.html",
        drafts=[one for one in kept if one.kind == Kind.DRAFT],
        templates=[one for one in kept if one.kind == Kind.TEMPLATE],
        days=DAYS,
    )


@blueprint.post("/drafts")
@only(*ASKS)
def keep_draft() -> ResponseReturnValue:
    """Keep the form as it is; nobody is asked, and nothing in it has to be right yet."""
    kind = Kind.TEMPLATE if request.form.get("keep_as") == Kind.TEMPLATE else Kind.DRAFT
    fields = [each for each in request.form.items(multi=True) if each[0] not in MARKS]
    try:
        with once() as outcome:
            draft = service.keep(
                current_user.id,
                kind,
                request.form.get("keep_name", ""),
                fields,
                now=clock.now(),
                instead_of=whole(request.form.get("draft")) or None,
            )
            kept = _("Kept as “%(name)s”; nothing is sent.", name=draft.name)
            outcome.leads_to(url_for("caseworker.drafts"), ("success", kept))
    except Refusal as refusal:
        tell("warning", str(refusal.text))
        keep_typed(url_for("caseworker.ask"))
        return redirect(url_for("caseworker.ask"))
    return outcome.answer()


@blueprint.post("/drafts/<int:draft_id>/delete")
@only(*ASKS)
def delete_draft(draft_id: int) -> ResponseReturnValue:
    """Delete what the reader keeps."""
    with once() as outcome:
        service.delete(current_user.id, draft_id)
        outcome.leads_to(url_for("caseworker.drafts"), ("success", _("Deleted.")))
    return outcome.answer()


def begun_from(draft_id: int) -> MultiDict[str, str]:
    """Return what the reader keeps as a form's data, with what it was begun from."""
    draft = service.find(current_user.id, draft_id)
    fields = MultiDict(service.fields_of(draft))
    fields.add("draft", str(draft.id))
    fields.add("keep_name", draft.name)
    return fields
