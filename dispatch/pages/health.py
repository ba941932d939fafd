"""Whether the system is up, for those who watch it."""

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from dispatch import engine, schema
from dispatch.database import db
from dispatch.web.policy import public

RETRY_AFTER_SECONDS = 10

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say what works: the database answers, its schema is ours, a worker has watched of late."""
    works = {"database": False, "schema": False, "worker": False}
    try:
        works["schema"] = schema.is_current(db.session.connection())
        works["database"] = True
        works["worker"] = bool(engine.standing().workers)
    except SQLAlchemyError:  # the answer is the finding
        db.session.rollback()
    if all(works.values()):
        return {"status": "ready"} | works
    return (
        {"status": "not ready"} | works,
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
