"""How somebody of the pool hears of what, chosen by the office for them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch.accounts.rules import Role
from dispatch.contacts.choosing import OF_INTERPRETERS
from dispatch.errors import Refusal
from dispatch.interpreters import queries
from dispatch.interpreters.models import Interpreter
from dispatch.pages.account.hearing import HearingForm, city_hours, form_of, keep
from dispatch.pages.coordinator import blueprint
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/interpreters/<int:interpreter_id>/messages")
@only(Role.COORDINATOR)
def person_hearing(interpreter_id: int) -> ResponseReturnValue:
    """Show how somebody hears of what, and what may be chosen for them."""
    one = queries.find(current_user, interpreter_id)
    return _page(one, form_of(one.account_id, OF_INTERPRETERS))


@blueprint.post("/interpreters/<int:interpreter_id>/messages")
@only(Role.COORDINATOR)
def choose_person_hearing(interpreter_id: int) -> ResponseReturnValue:
    """Keep what was chosen, as if they had; the record says who did."""
    one = queries.find(current_user, interpreter_id)
    form = form_of(one.account_id, OF_INTERPRETERS)
    if not form.validate():
        return _page(one, form), Refusal.status
    try:
        with once() as outcome:
            keep(form, one.account_id, OF_INTERPRETERS)
            said = _("Kept. It holds from now on, also for SMS that still wait.")
            address = url_for("coordinator.person_hearing", interpreter_id=one.id)
            outcome.leads_to(address, ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(one, form), refusal.status
    return outcome.answer()


def _page(one: Interpreter, form: HearingForm) -> str:
    return render_template(
        "pages/coordinator/person_hearing.html",
        one=one,
        form=form,
        topics=OF_INTERPRETERS,
        **city_hours(),
    )
