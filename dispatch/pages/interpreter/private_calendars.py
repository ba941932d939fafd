"""Private calendars of one's own as busy time: an address, or a file."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.busy import service
from dispatch.busy.rules import LARGEST_OCTETS
from dispatch.busy.service import Source
from dispatch.busy.words import REASONS, reason
from dispatch.database import db, not_there
from dispatch.errors import Refusal
from dispatch.interpreters import queries
from dispatch.interpreters.models import Interpreter
from dispatch.pages.interpreter import blueprint
from dispatch.web.forms import attach
from dispatch.web.gate import takes_file
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where a calendar is read again and again."""

    address = StringField(
        _l("Address of the calendar"), validators=[InputRequired(_l("This is needed."))]
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """A calendar that is read once."""

    file = FileField(
        _l("Calendar file (.ics)"), validators=[FileRequired(_l("Choose a file first."))]
    )


@blueprint.get("/availability/calendars/address")
@blueprint.get("/availability/calendars/file")
@blueprint.get("/availability/calendars")
@only(Role.INTERPRETER)
def private_calendars() -> ResponseReturnValue:
    """Show which calendars make one busy, how old what we know is, and how to add one."""
    return _page(AddressForm(formdata=None), FileForm(formdata=None))


@blueprint.post("/availability/calendars/address")
@only(Role.INTERPRETER)
def add_calendar_address() -> ResponseReturnValue:
    """Add the calendar at an address, if it can be read."""
    require_unsent()
    form, now = AddressForm(), clock.now()
    db.session.commit()  # lets go of the database while a stranger's server is waited for
    try:
        return _kept(service.read_address(form.address.data or "", now=now))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form, FileForm(formdata=None)), refusal.status


@blueprint.post("/availability/calendars/file")
@only(Role.INTERPRETER)
@takes_file(LARGEST_OCTETS, REASONS["too-large"])
def add_calendar_file() -> ResponseReturnValue:
    """Add what a calendar file says."""
    require_unsent()
    form, now = FileForm(), clock.now()
    db.session.commit()
    try:
        file = form.file.data
        if not file:
            raise Refusal("no-file", _l("Choose a file first."), field="file")
        return _kept(
            service.read_file(file.filename or "", file.stream.read(LARGEST_OCTETS + 1), now=now)
        )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(AddressForm(formdata=None), form), refusal.status


@blueprint.post("/availability/calendars/<int:calendar_id>/remove")
@only(Role.INTERPRETER)
def remove_private_calendar(calendar_id: int) -> ResponseReturnValue:
    """Forget a calendar, and when it made one busy."""
    with once() as outcome:
        service.remove(current_user.actor, _own().id, calendar_id, now=clock.now())
        told = _("The calendar is forgotten; it takes none of your time any more.")
        outcome.leads_to(url_for("interpreter.private_calendars"), ("success", told))
    return outcome.answer()


def _kept(source: Source) -> ResponseReturnValue:
    if source.address is None:
        request.files["file"].stream.seek(0)  # it was read; by what it says the form is known again
    with once() as outcome:
        service.add(current_user.actor, _own().id, source, now=clock.now())
        told = _("Read. Nobody asks you when this calendar says that you are busy.")
        outcome.leads_to(url_for("interpreter.private_calendars"), ("success", told))
    return outcome.answer()


def _own() -> Interpreter:
    interpreter = queries.of_account(current_user.id)
    if interpreter is None:
        raise not_there()
    return interpreter


def _page(address_form: AddressForm, file_form: FileForm) -> str:
    return render_template(
        "pages/interpreter/private_calendars.html",
        calendars=service.of_interpreter(_own().id),
        reason=reason,
        most=service.MOST_CALENDARS,
        address_form=address_form,
        file_form=file_form,
    )
