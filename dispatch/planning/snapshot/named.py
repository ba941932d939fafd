"""The people and requests that the solver's ids stand for."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

import solver
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest


def requests_of(ids: Iterable[int | str]) -> dict[int, InterpretationRequest]:
    """Return requests with their sites, by id."""
    rows = db.session.scalars(
        sa.select(InterpretationRequest)
        .options(joinedload(InterpretationRequest.site))
        .where(InterpretationRequest.id.in_([int(one) for one in ids]))
    )
    return {row.id: row for row in rows}


def people_of(ids: Iterable[int | str]) -> dict[int, Interpreter]:
    """Return interpreters, by id."""
    rows = db.session.scalars(
        sa.select(Interpreter)
        .options(joinedload(Interpreter.availability))
        .where(Interpreter.id.in_([int(one) for one in ids]))
    )
    return {row.id: row for row in rows}


def names_in(problem: solver.Problem) -> Mapping[str, str]:
    """Return the names of the interpreters in a problem, by the solver's id."""
    return {
        str(id_): one.name for id_, one in people_of(x.id for x in problem.interpreters).items()
    }
