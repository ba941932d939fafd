"""The mobile number of one's own: a code shows that it is, and SMS are agreed to with it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts import tries
from dispatch.accounts.rules import ASKS, Role
from dispatch.database import transaction
from dispatch.errors import Gone, Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.messaging import numbers
from dispatch.messaging.reached import unreachable_channels
from dispatch.messaging.rules import Channel
from dispatch.pages.account import blueprint
from dispatch.pages.account.forms import CodeForm, NumberForm
from dispatch.sms import confirming
from dispatch.web.error_pages import headers_of
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only

MAY_HAVE_ONE = (*ASKS, Role.INTERPRETER)


@blueprint.get("/account/number/confirm")
@blueprint.get("/account/number")
@only(*MAY_HAVE_ONE)
def number() -> ResponseReturnValue:
    """Show the number, since when it is confirmed, and how to give another one."""
    return _page(NumberForm(), CodeForm())


@blueprint.post("/account/number")
@only(*MAY_HAVE_ONE)
def ask_for_code() -> ResponseReturnValue:
    """Send a code to the number that was given."""
    form = NumberForm()
    try:
        _count("number")
        with once() as outcome:
            asked = confirming.ask(current_user, form.phone.data or "", now=clock.now())
            said = _("A code is on its way to %(number)s.", number=asked)
            outcome.leads_to(url_for("account.number"), ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form, CodeForm()), refusal.status, headers_of(refusal)
    return outcome.answer()


@blueprint.post("/account/number/confirm")
@only(*MAY_HAVE_ONE)
def confirm_number() -> ResponseReturnValue:
    """Keep the number if this is its code."""
    form = CodeForm()
    try:
        _count("number code")
        with once() as outcome:
            kept = confirming.confirm(current_user.id, form.code.data or "", now=clock.now())
            said = _("%(number)s is confirmed; SMS go there from now on.", number=kept)
            outcome.leads_to(url_for("account.number"), ("success", said))
    except Gone as over:  # there is no form for a code any more, but one to have another sent
        number_form = NumberForm(formdata=None)
        attach(number_form, over)
        return _page(number_form, form), over.status
    except Refusal as refusal:
        attach(form, refusal)
        return _page(NumberForm(formdata=None), form), refusal.status, headers_of(refusal)
    return outcome.answer()


def _count(kind: str) -> None:
    """Take a try before anything is looked at or sent: codes are guessed, and each SMS costs."""
    with transaction():
        keys = tries.keys_of(kind, current_user.email, request.remote_addr or "")
        tries.take(keys, clock.now())


def _page(number_form: NumberForm, code_form: CodeForm) -> str:
    interpreter = interpreters.of_account(current_user.id)
    phone = interpreter.phone if interpreter else current_user.phone
    return render_template(
        "pages/account/number.html",
        phone=phone,
        may_remove=interpreter is None,
        known=numbers.known(phone) if phone else None,
        is_unreached=bool(phone) and Channel.SMS in unreachable_channels([phone]),
        wanted=confirming.wanted_by(current_user.id, clock.now()),
        has_failed=confirming.has_failed(current_user.id),
        number_form=number_form,
        code_form=code_form,
    )
