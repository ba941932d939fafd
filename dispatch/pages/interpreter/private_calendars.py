"""Private calendars of one's own as busy time: an address, or a file."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.busy import service
from dispatch.busy.words import reason
from dispatch.database import db, not_there
from dispatch.errors import Refusal
from dispatch.interpreters import queries
from dispatch.interpreters.models import Interpreter
from dispatch.pages.interpreter import blueprint
from dispatch.web.forms import attach
from dispatch.web.notices import tell
from dispatch.web.policy import only


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where a calendar is read again and again."""

    address = StringField(_l("Address of the calendar"))


class FileForm(FlaskForm):  # type: ignore[misc]
    """A calendar that is read once."""

    file = FileField(_l("Calendar file (.ics)"))


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
    form, who = AddressForm(), _own()
    actor = current_user.actor
    db.session.commit()  # lets go of the database while a stranger's server is waited for
    try:
        service.add_address(actor, who.id, form.address.data or "", now=clock.now())
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form, FileForm(formdata=None)), refusal.status
    return _added()


@blueprint.post("/availability/calendars/file")
@only(Role.INTERPRETER)
def add_calendar_file() -> ResponseReturnValue:
    """Add what a calendar file says."""
    form, who = FileForm(), _own()
    actor = current_user.actor
    db.session.commit()
    try:
        file = form.file.data
        if not file:
            raise Refusal("no-file", _l("Choose a file first."), field="file")
        service.add_file(actor, who.id, file.filename or "", file.stream.read(), now=clock.now())
    except Refusal as refusal:
        attach(form, refusal)
        return _page(AddressForm(formdata=None), form), refusal.status
    return _added()


@blueprint.post("/availability/calendars/<int:calendar_id>/remove")
@only(Role.INTERPRETER)
def remove_private_calendar(calendar_id: int) -> ResponseReturnValue:
    """Forget a calendar, and when it made one busy."""
    service.remove(current_user.actor, _own().id, calendar_id, now=clock.now())
    tell("success", _("The calendar is forgotten; it takes none of your time any more."))
    return redirect(url_for("interpreter.private_calendars"))


def _added() -> ResponseReturnValue:
    tell("success", _("Read. Nobody asks you when this calendar says that you are busy."))
    return redirect(url_for("interpreter.private_calendars"))


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
