"""How the installation is set up and how it stands: settings, ways of messages, workers, record."""

from flask import render_template

from dispatch import clock, engine
from dispatch.accounts.rules import Role
from dispatch.ledger import sealing
from dispatch.messaging import queries as messages
from dispatch.pages.administrator import blueprint
from dispatch.pages.administrator.settings_shown import settings_shown
from dispatch.settings import active
from dispatch.web.policy import only


@blueprint.get("/installation")
@only(Role.ADMINISTRATOR)
def installation() -> str:
    """Show what is in force and what is well; nothing is changed here."""
    return render_template(
        "pages/administrator/installation.html",
        settings=settings_shown(active()),
        ways=messages.transports(clock.now()),
        work=engine.standing(),
        sealed=sealing.last(),
        now=clock.now(),
    )
