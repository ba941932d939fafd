"""One person of the pool for the office: what is kept, what they do, what happened; changing it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cities.working_time import local_day
from dispatch.errors import Refusal
from dispatch.interpreters import keeping, queries, reached
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.ledger import reading
from dispatch.offers import leaving
from dispatch.offers.work import work_of
from dispatch.pages import own_history
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.falling_due import WARNED_BEFORE
from dispatch.pages.coordinator.person_forms import LanguageForm, PersonForm, QualificationForm
from dispatch.pages.returning import typed
from dispatch.pages.turning import turn
from dispatch.planning.advice import own
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/interpreters/<int:interpreter_id>/languages")
@blueprint.get("/interpreters/<int:interpreter_id>/qualifications")
@blueprint.get("/interpreters/<int:interpreter_id>")
@only(Role.COORDINATOR)
def person(interpreter_id: int) -> ResponseReturnValue:
    """Show who somebody is, what they may do, how much they work, and what happened."""
    return _page(queries.find(current_user, interpreter_id))


@blueprint.get("/interpreters/<int:interpreter_id>/change")
@only(Role.COORDINATOR)
def ask_change_person(interpreter_id: int) -> ResponseReturnValue:
    """Show what is kept of somebody, to be changed."""
    one = queries.find(current_user, interpreter_id)
    now = {"locale": one.account.locale, "version": one.version}
    form = PersonForm(formdata=typed(), **now) if typed() else PersonForm.of(one)
    return _form_page(one, form)


@blueprint.post("/interpreters/<int:interpreter_id>/change")
@only(Role.COORDINATOR)
def change_person(interpreter_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    one = queries.find(current_user, interpreter_id)
    form = PersonForm(locale=one.account.locale)
    if not form.validate():
        return _form_page(one, form), Refusal.status
    try:
        with once() as outcome:
            keeping.change(
                current_user.actor,
                interpreter_id,
                form.details(queries.find(current_user, interpreter_id)),
                now=clock.now(),
                expected_version=form.version.data,
            )
            outcome.leads_to(_address(interpreter_id), ("success", _("Kept.")))
    except Refusal as refusal:
        attach(form, refusal)
        return _form_page(queries.find(current_user, interpreter_id), form), refusal.status
    return outcome.answer()


@blueprint.post("/interpreters/<int:interpreter_id>/languages")
@only(Role.COORDINATOR)
def add_language(interpreter_id: int) -> ResponseReturnValue:
    """Note a language, or its level anew."""
    form = LanguageForm(prefix="language-")

    def keep() -> None:
        level = int(form.level.data or 0)
        keeping.speak(current_user.actor, interpreter_id, form.tag.data, level, now=clock.now())

    return _take(interpreter_id, form, keep)


@blueprint.post("/interpreters/<int:interpreter_id>/languages/<tag>/remove")
@only(Role.COORDINATOR)
def remove_language(interpreter_id: int, tag: str) -> ResponseReturnValue:
    """Take a language off."""
    return _do(
        interpreter_id,
        lambda: keeping.stop_speaking(current_user.actor, interpreter_id, tag, now=clock.now()),
    )


@blueprint.post("/interpreters/<int:interpreter_id>/qualifications")
@only(Role.COORDINATOR)
def add_qualification(interpreter_id: int) -> ResponseReturnValue:
    """Note a qualification with its days, or its last day anew."""
    form = QualificationForm(prefix="held-")

    def keep() -> None:
        keeping.qualify(
            current_user.actor,
            interpreter_id,
            form.qualification.data,
            form.valid_from.data,
            form.valid_until.data,
            now=clock.now(),
        )

    return _take(interpreter_id, form, keep)


@blueprint.post("/interpreters/<int:interpreter_id>/qualifications/<int:held_id>/remove")
@only(Role.COORDINATOR)
def remove_qualification(interpreter_id: int, held_id: int) -> ResponseReturnValue:
    """Take a qualification off that was noted by mistake."""
    return _do(
        interpreter_id,
        lambda: keeping.disqualify(current_user.actor, interpreter_id, held_id, now=clock.now()),
    )


@blueprint.post("/interpreters/<int:interpreter_id>/<any(leave, return):step>")
@only(Role.COORDINATOR)
def leave_or_return(interpreter_id: int, step: str) -> ResponseReturnValue:
    """Take somebody out of the pool who has nothing to do any more, or in again."""
    verb = leaving.leave if step == "leave" else leaving.come_back
    return _do(interpreter_id, lambda: verb(current_user.actor, interpreter_id, now=clock.now()))


def _take(interpreter_id: int, form: Any, keep: Callable[[], None]) -> ResponseReturnValue:
    if not form.validate():
        return _page(queries.find(current_user, interpreter_id), form), Refusal.status
    try:
        return _do(interpreter_id, keep)
    except Refusal as refusal:
        attach(form, refusal)
        return _page(queries.find(current_user, interpreter_id), form), refusal.status


def _do(interpreter_id: int, verb: Callable[[], object]) -> ResponseReturnValue:
    with once() as outcome:
        queries.find(current_user, interpreter_id)
        verb()
        outcome.leads_to(_address(interpreter_id), ("success", _("Kept.")))
    return outcome.answer()


def _address(interpreter_id: int) -> str:
    return url_for("coordinator.person", interpreter_id=interpreter_id)


def _page(one: Interpreter, form: Any = None) -> str:
    now, city = clock.now(), active().city
    share = own.share_of(one, now)  # reads everybody, and so what else is read of this one
    page = reading.changes_page(reading.Sought(interpreter_id=one.id), turn())
    return render_template(
        "pages/coordinator/person.html",
        one=one,
        unreached=reached.unreached([one.id]).get(one.id, ()),
        held=sorted(one.qualifications, key=lambda held: held.valid_from, reverse=True),
        standing={held.id: _standing(held, local_day(now, city)) for held in one.qualifications},
        work=work_of(one.id, now, city),
        page=page,
        story=own_history.lines(page.rows, own=False, for_office=True),
        share=share,
        language_form=form if isinstance(form, LanguageForm) else LanguageForm(prefix="language-"),
        qualification_form=form
        if isinstance(form, QualificationForm)
        else QualificationForm(prefix="held-"),
    )


def _standing(held: HeldQualification, today: date) -> str:
    """Return whether a qualification holds today: expired, soon, later or valid."""
    if held.valid_from > today:
        return "later"
    if held.valid_until is None or held.valid_until > today + WARNED_BEFORE:
        return "valid"
    return "expired" if held.valid_until < today else "soon"


def _form_page(one: Interpreter, form: PersonForm) -> str:
    return render_template("pages/coordinator/person_form.html", one=one, form=form)
