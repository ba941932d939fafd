"""Everybody who can be asked, for the coordinator."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.interpreters import queries, reached
from dispatch.pages.coordinator import blueprint
from dispatch.pages.turning import turn
from dispatch.web.policy import only


@blueprint.get("/interpreters")
@only(Role.COORDINATOR)
def pool() -> ResponseReturnValue:
    """List the pool by name, with the languages and who is away."""
    text, left = request.args.get("q", "").strip(), request.args.get("left") == "1"
    page = queries.pool_page(text, turn(), left=left)
    return render_template(
        "pages/coordinator/pool.html",
        page=page,
        unreached=reached.unreached([one.id for one in page.rows]),
        text=text,
        left=left,
        now=clock.now(),
    )
