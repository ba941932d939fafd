"""What somebody who asks may see of their own account."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts import service
from dispatch.accounts.rules import ASKS
from dispatch.pages.account import blueprint
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/account")
@only(*ASKS)
def own() -> ResponseReturnValue:
    """Show who one is here, and how one is reached."""
    return render_template("pages/account/own.html")


@blueprint.post("/account/number/remove")
@only(*ASKS)
def remove_number() -> ResponseReturnValue:
    """Forget the number; e-mails go on."""
    with once() as outcome:
        service.change_phone(current_user.id, "", now=clock.now())
        said = _("You get no text messages any more; e-mails go on.")
        outcome.leads_to(url_for("account.number"), ("success", said))
    return outcome.answer()
