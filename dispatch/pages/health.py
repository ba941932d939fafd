"""Whether the system is up, for those who watch it."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dispatch.database import db
from dispatch.web.policy import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Answer once the database can be asked."""
    db.session.execute(sa.select(1))
    return {"status": "ready"}
