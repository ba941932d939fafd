"""Taking one person into the pool by a form; languages, proofs and hours follow on their page."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.errors import Refusal
from dispatch.interpreters import keeping
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.person_forms import NewPersonForm
from dispatch.pages.returning import typed
from dispatch.web.forms import attach, whole
from dispatch.web.once import once
from dispatch.web.policy import only

USUAL_HOURS = {"maximum_minutes_per_day": 8, "maximum_minutes_per_week": 40}


@blueprint.get("/interpreters/new")
@only(Role.COORDINATOR)
def ask_add_person() -> str:
    """Show what is kept of somebody, to be filled in."""
    return _page(NewPersonForm(formdata=typed() or None, **USUAL_HOURS))


@blueprint.post("/interpreters/new")
@only(Role.COORDINATOR)
def add_person() -> ResponseReturnValue:
    """Take somebody into the pool, and lead to where their times are noted."""
    form = NewPersonForm()
    if not form.validate():
        return _page(form), Refusal.status
    try:
        with once() as outcome:
            spoken = (form.tag.data, whole(form.level.data))
            one = keeping.add(current_user.actor, form.details(), spoken, now=clock.now())
            told = _(
                "%(name)s is in the pool. Nobody can be asked without times: note them here.",
                name=one.first_name,
            )
            there = url_for("interpreter.availability", interpreter_id=one.id)
            outcome.leads_to(there, ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form), refusal.status
    return outcome.answer()


def _page(form: NewPersonForm) -> str:
    return render_template("pages/coordinator/person_form.html", one=None, form=form)
