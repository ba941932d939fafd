"""The address of one's own calendar, to subscribe to with a calendar program."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.feeds import service
from dispatch.pages.account import blueprint
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/account/calendar")
@only(*service.MAY_HAVE_ONE)
def calendar() -> ResponseReturnValue:
    """Show the address, and how to have one, another or none."""
    return render_template("pages/account/calendar.html", address=service.address_of(current_user))


@blueprint.post("/account/calendar/renew")
@only(*service.MAY_HAVE_ONE)
def renew_calendar() -> ResponseReturnValue:
    """Make an address; the one before leads nowhere any more."""
    with once() as outcome:
        service.renew(current_user.actor, current_user, now=clock.now())
        outcome.leads_to(
            url_for("account.calendar"),
            ("success", _("This is your address now; any earlier one leads nowhere.")),
        )
    return outcome.answer()


@blueprint.post("/account/calendar/end")
@only(*service.MAY_HAVE_ONE)
def end_calendar() -> ResponseReturnValue:
    """Let the address lead nowhere."""
    with once() as outcome:
        service.end(current_user.actor, current_user, now=clock.now())
        outcome.leads_to(
            url_for("account.calendar"), ("success", _("The address leads nowhere any more."))
        )
    return outcome.answer()
