"""Notes whenever somebody opens what is kept of an interpreter (decision 0077)."""

import logging
from collections import deque
from collections.abc import Callable, Collection
from functools import partial

import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.cities.working_time import local_day
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.inspections import service
from dispatch.inspections.rules import How
from dispatch.interpreters.models import Interpreter
from dispatch.settings import active

ABOUT_ONE = "/interpreters/<int:interpreter_id>"
"""How the addresses of one person's pages begin."""
WHOLE_LIST = "/interpreters/export"
NOTED = "inspections noted of late"
MOST_REMEMBERED = 1_000
"""So many looks a process knows to be written down, so that reading on costs nothing."""

_log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Look at each answer that shows what is kept of somebody to somebody else."""
    app.extensions[NOTED] = deque(maxlen=MOST_REMEMBERED)
    app.after_request(_look)


def _look(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else ""
    is_read = request.method == "GET" and response.status_code == 200
    if not is_read or not rule.startswith((ABOUT_ONE, WHOLE_LIST)):
        return response
    if not current_user.is_authenticated or current_user.role == Role.INTERPRETER:
        return response
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    now, one = clock.now(), (request.view_args or {}).get("interpreter_id")
    look = (local_day(now, active().city), current_user.id, one)
    if look not in app.extensions[NOTED]:
        how = How.PAGES if one else How.LIST
        write = partial(service.note, current_user.id, how=how, now=now)
        response.call_on_close(partial(_written, app, look, write))
    return response


def _written(
    app: Flask,
    look: tuple[object, int, int | None],
    write: Callable[[Collection[int]], None],
) -> None:
    """Write it down once the page has left; a page is read where nothing can be written, too."""
    _day, _reader, one = look
    with app.app_context():
        try:
            with transaction():
                write([one] if one else db.session.scalars(sa.select(Interpreter.id)).all())
        except (Refusal, sa.exc.SQLAlchemyError) as trouble:
            _log.warning("not written down who read: %s", type(trouble).__name__)
        else:
            app.extensions[NOTED].append(look)
