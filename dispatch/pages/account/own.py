"""What somebody who asks may see and change of their own account."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts import service
from dispatch.accounts.rules import ASKS
from dispatch.errors import Refusal
from dispatch.messaging.queries import unreachable_channels
from dispatch.messaging.rules import Channel
from dispatch.pages.account import blueprint
from dispatch.pages.account.forms import OwnForm
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/account")
@only(*ASKS)
def own() -> ResponseReturnValue:
    """Show who one is here, and how one is reached."""
    return _page(OwnForm(phone=current_user.phone))


@blueprint.post("/account")
@only(*ASKS)
def change_own() -> ResponseReturnValue:
    """Keep the number, or none; one that cannot receive SMS comes back with what would be right."""
    form = OwnForm()
    try:
        with once() as outcome:
            account = service.change_phone(current_user.id, form.phone.data or "", now=clock.now())
            said = (
                _("Urgent news goes to %(number)s by text message as well.", number=account.phone)
                if account.phone
                else _("You get no text messages any more; e-mails go on.")
            )
            outcome.leads_to(url_for("account.own"), ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form), refusal.status
    return outcome.answer()


def _page(form: OwnForm) -> str:
    dead = unreachable_channels([current_user.phone]) if current_user.phone else frozenset()
    return render_template("pages/account/own.html", form=form, is_unreached=Channel.SMS in dead)
