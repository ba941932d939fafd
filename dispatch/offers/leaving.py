"""Somebody leaves the pool, or comes back: nobody is asked who is not in it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.accounts import service as accounts
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.offers.models import Offer
from dispatch.offers.rules import UNDECIDED


def leave(actor: Actor, interpreter_id: int, *, now: datetime) -> Interpreter:
    """Take somebody out of the pool: they are not asked any more and cannot sign in.

    What they did stays in the record. Raises `Conflict` while they come somewhere or are asked:
    who comes instead is for a person to say first.
    """
    interpreter = assignments.lock_interpreter(interpreter_id)
    to_come, asked = (
        _count(Assignment, TO_COME, interpreter_id),
        _count(Offer, UNDECIDED, interpreter_id),
    )
    if to_come or asked:
        raise Conflict(
            "still-needed",
            _l(
                "%(name)s still has assignments to come (%(come)d) or open questions (%(asked)d); "
                "release and take them back first, or note an absence.",
                name=interpreter.name,
                come=to_come,
                asked=asked,
            ),
        )
    if interpreter.active:
        interpreter.active = False
        accounts.disable(actor, interpreter.account.email, now=now)
        _record(actor, "interpreter.left", interpreter, now)
    return interpreter


def come_back(actor: Actor, interpreter_id: int, *, now: datetime) -> Interpreter:
    """Take somebody into the pool again who had left it; they can sign in again."""
    interpreter = assignments.lock_interpreter(interpreter_id)
    if not interpreter.active:
        interpreter.active = True
        accounts.enable(actor, interpreter.account.email, now=now)
        _record(actor, "interpreter.back", interpreter, now)
    return interpreter


def _count(
    model: type[Assignment] | type[Offer], states: frozenset[str], interpreter_id: int
) -> int:
    return db.session.execute(
        sa.select(sa.func.count(model.id)).where(
            model.interpreter_id == interpreter_id, model.state.in_(states)
        )
    ).scalar_one()


def _record(actor: Actor, kind: str, interpreter: Interpreter, now: datetime) -> None:
    ledger.record(actor, kind, Concerning(interpreter=interpreter.id), now=now, fields=["active"])
