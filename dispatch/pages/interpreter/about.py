"""What is kept of an interpreter, for the person and the office: proofs, share, reasons, record."""

from datetime import datetime, timedelta

from flask import redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from dispatch import clock
from dispatch.accounts.rules import ROLE_NAMES, Role
from dispatch.cities.working_time import local_day
from dispatch.database import not_there
from dispatch.errors import Refusal
from dispatch.inspections import queries as inspections
from dispatch.interpreters import proofs, queries
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.pages import history, own_history
from dispatch.pages.interpreter import blueprint
from dispatch.pages.own_history import OwnLine
from dispatch.planning.advice import own
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.gate import takes_file
from dispatch.web.once import once
from dispatch.web.policy import only

SOON = timedelta(days=30)
MOST_CHANGES, MOST_SHOWN = 200, 20


class ProofForm(FlaskForm):  # type: ignore[misc]
    """A file that proves a qualification."""

    proof = FileField(
        _l("PDF, JPEG or PNG, at most 8 MB"), validators=[FileRequired(_l("Choose a file first."))]
    )


@blueprint.get("/about-me")
@only(Role.INTERPRETER)
def about_me() -> ResponseReturnValue:
    """Lead to what is kept of oneself."""
    interpreter = queries.of_account(current_user.id)
    if interpreter is None:
        raise not_there()
    return redirect(url_for("interpreter.about", interpreter_id=interpreter.id))


@blueprint.get("/interpreters/<int:interpreter_id>/about")
@only(Role.INTERPRETER, Role.COORDINATOR)
def about(interpreter_id: int) -> ResponseReturnValue:
    """Show languages, qualifications, share, and who did what."""
    return _page(queries.find(current_user, interpreter_id))


@blueprint.get("/interpreters/<int:interpreter_id>/qualifications/<int:qualification_id>/proof")
@only(Role.INTERPRETER, Role.COORDINATOR)
def proof(interpreter_id: int, qualification_id: int) -> ResponseReturnValue:
    """Send the file to the person or the office, to be kept and not shown in the page."""
    interpreter = queries.find(current_user, interpreter_id)
    path = proofs.path_of(proofs.of_person(interpreter, qualification_id))
    if path is None or not path.exists():
        raise not_there()
    return send_file(path, as_attachment=True, download_name=f"proof{path.suffix}")


@blueprint.post("/interpreters/<int:interpreter_id>/qualifications/<int:qualification_id>/proof")
@only(Role.INTERPRETER, Role.COORDINATOR)
@takes_file(proofs.MOST_BYTES, proofs.too_large().text)
def keep_proof(interpreter_id: int, qualification_id: int) -> ResponseReturnValue:
    """Keep a file; the one before is removed once this one is kept."""
    interpreter = queries.find(current_user, interpreter_id)
    proofs.of_person(interpreter, qualification_id)
    form = ProofForm()
    if not form.validate():
        return _page(interpreter, form, qualification_id), Refusal.status
    before = None
    try:
        with once() as outcome:
            outcome.leads_to(
                url_for("interpreter.about", interpreter_id=interpreter_id),
                ("success", _("The proof is kept; you and the office can read it.")),
            )
            content = form.proof.data.read(proofs.MOST_BYTES + 1)
            before = proofs.keep(
                current_user.actor, interpreter_id, qualification_id, content, now=clock.now()
            )
    except Refusal as refusal:
        attach(form, refusal)
        page = _page(queries.find(current_user, interpreter_id), form, qualification_id)
        return page, refusal.status
    if before is not None:
        before.unlink(missing_ok=True)
    return outcome.answer()


def _page(
    interpreter: Interpreter, form: ProofForm | None = None, refused_of: int | None = None
) -> str:
    now, is_own = clock.now(), current_user.role == Role.INTERPRETER
    share = own.share_of(interpreter, now)  # reads everybody, and so what else is read of this one
    return render_template(
        "pages/interpreter/about.html",
        interpreter=interpreter,
        own=is_own,
        held=[(one, _standing(one, now)) for one in interpreter.qualifications],
        form=form or ProofForm(),
        refused_of=refused_of,
        share=share,
        not_asked=own.not_asked(interpreter, now),
        most=own.MOST,
        lines=_by_others(interpreter, own=is_own),
        inspections=inspections.latest(interpreter.id),
        most_inspections=inspections.MOST,
        roles=ROLE_NAMES,
    )


def _standing(held: HeldQualification, now: datetime) -> str:
    """Return where a qualification stands today: valid, soon (ends within 30 days), over, later."""
    today = local_day(now, active().city)
    if held.valid_from > today:
        return "later"
    if held.valid_until is None:
        return "valid"
    if held.valid_until < today:
        return "over"
    return "soon" if held.valid_until - today <= SOON else "valid"


def _by_others(interpreter: Interpreter, *, own: bool) -> list[OwnLine]:
    """Return what people other than the person did of late; not what went by itself."""
    changes = [
        one
        for one in ledger.latest(Concerning(interpreter=interpreter.id), MOST_CHANGES)
        if one.actor_account_id not in {None, interpreter.account_id}
        and one.kind in history.INTERPRETER_SEES
    ]
    return own_history.lines(changes[:MOST_SHOWN], own=own)
