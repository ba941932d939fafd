"""Where one is signed in, and the end of all of it at once."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, logout_user

from dispatch import clock
from dispatch.accounts import queries, service, sessions
from dispatch.accounts.rules import SESSION_IDLE, SESSION_LIFE
from dispatch.database import transaction
from dispatch.pages.account import blueprint
from dispatch.pages.account.sign_in import forgetting
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/account/sessions")
@only()
def signed_in() -> ResponseReturnValue:
    """Show in which browsers one is signed in, since when, and which of them this is."""
    rows = queries.sessions_of(current_user.id, clock.now())
    return render_template(
        "pages/account/signed_in.html",
        rows=[(row, sessions.is_here(row)) for row in rows],
        idle=SESSION_IDLE,
        life=SESSION_LIFE,
    )


@blueprint.post("/sign-out/everywhere")
@only()
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own, this one too, and the sign-in links that were not used."""
    with transaction():
        service.end_sessions(current_user.actor, current_user.email, now=clock.now())
    logout_user()
    tell("success", _("You are signed out everywhere."))
    return forgetting(redirect(url_for("security.login")))
