"""Searching the register while typing."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.accounts.rules import Role
from dispatch.sites import queries
from dispatch.web.policy import only

blueprint = Blueprint("sites", __name__, url_prefix="/sites")


@blueprint.get("/search")
@only(Role.CASEWORKER, Role.ORGANISATION_LEAD, Role.COORDINATOR)
def search() -> ResponseReturnValue:
    """Answer ?q= with the sites found, as radio buttons for the form around them."""
    text = request.args.get("q", "")
    return render_template("sites/results.html", text=text, sites=queries.search(text))
