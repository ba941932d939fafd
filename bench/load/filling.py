"""Many years of work in a database, in seconds: what one request left behind, copied."""

from typing import Any

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import Base, Instant, db
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers.models import Offer, OfferRound
from dispatch.requests.models import InterpretationRequest

APART_MINUTES = 15
ONE_EACH: tuple[type[Base], ...] = (InterpretationRequest, OfferRound, Offer, Assignment)
POINTS_TO = {
    "interpretation_request_id": InterpretationRequest.__tablename__,
    "round_id": OfferRound.__tablename__,
    "offer_id": Offer.__tablename__,
    "assignment_id": Assignment.__tablename__,
}
"""Columns that lead to another row of the same request, by name."""
ABOUT: dict[str, type[Base]] = {
    "request": InterpretationRequest,
    "offer": Offer,
    "assignment": Assignment,
}
UNIQUE = frozenset({"reference", "token_hash", "mail_id"})


def fill(count: int) -> None:
    """Copy what a completed request left `count` times, each a quarter of an hour earlier.

    Needs one request that was asked for, offered once, accepted and completed. The copies belong to
    all organisations and interpreters in turn. The caller commits nothing: it is done here.
    """
    template = _template()
    rows = _rows_of(template)
    base = {table.name: _highest(table) for table in rows}
    for table, ids in rows.items():
        _copy(table, ids, count, base)
    db.session.commit()
    _settle(rows)


def _template() -> InterpretationRequest:
    """Return the completed request with the richest record; its messages count as sent."""
    found = db.session.scalars(
        sa.select(InterpretationRequest)
        .join(Assignment)
        .where(Assignment.state == AssignmentState.COMPLETED)
        .order_by(InterpretationRequest.id.desc())
    ).first()
    if found is None:
        raise LookupError("nothing was completed yet; there is nothing to copy")
    return found


def _rows_of(template: InterpretationRequest) -> dict[sa.Table, list[int]]:
    """Return the ids of what belongs to the request, by table, those pointed to first."""
    point_to_it: tuple[type[Base], ...] = (OfferRound, Offer, Assignment, Change)
    of_request: dict[type[Base], Any] = {
        model: _pointing_to(model, template.id) for model in point_to_it
    }
    of_request[InterpretationRequest] = sa.select(sa.literal(template.id))
    assignments = of_request[Assignment]
    of_request[Confirmation] = sa.select(Confirmation.id).where(
        Confirmation.assignment_id.in_(assignments)
    )
    ids = {model: list(db.session.scalars(query)) for model, query in of_request.items()}
    about = [f"{kind}:{id_}" for kind, model in ABOUT.items() for id_ in ids[model]]
    written = sa.select(Message.id).where(Message.about.in_(about))
    ids[Message] = list(db.session.scalars(written))
    db.session.execute(
        sa.update(Message).where(Message.id.in_(ids[Message])).values(state=MessageState.SENT)
    )
    order: tuple[type[Base], ...] = (*ONE_EACH, Confirmation, Change, Message)
    return {
        model.metadata.tables[model.__tablename__]: ids[model][: _most(model)] for model in order
    }


def _pointing_to(model: Any, request_id: int) -> Any:
    return sa.select(model.id).where(model.interpretation_request_id == request_id)


def _most(model: type[Base]) -> int | None:
    return 1 if model in ONE_EACH else None


def _highest(table: sa.Table) -> int:
    return int(db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0)


def _copy(table: sa.Table, ids: list[int], count: int, base: dict[str, int]) -> None:
    if not ids:
        return
    series = sa.select(sa.literal(1).label("k")).cte("series", recursive=True)
    series = series.union_all(sa.select(series.c.k + 1).where(series.c.k < count))
    place = sa.case({id_: number for number, id_ in enumerate(ids, 1)}, value=table.c.id)
    values = [_value(column, series.c.k, base) for column in table.columns]
    values[0] = base[table.name] + (series.c.k - 1) * len(ids) + place
    query = sa.select(*values).select_from(table.join(series, sa.true())).where(table.c.id.in_(ids))
    db.session.execute(sa.insert(table).from_select([one.name for one in table.columns], query))


def _value(column: sa.Column[Any], k: Any, base: dict[str, int]) -> Any:
    name, text = column.name, sa.String()
    if name in POINTS_TO:
        return sa.case((column.is_(None), None), else_=base[POINTS_TO[name]] + k)
    if name in UNIQUE:
        return column.concat("-").concat(sa.cast(k, text))
    if name == "about":
        return _about(column, k, base)
    if name in {"interpreter_id", "organisation_id", "account_id"}:
        return sa.case((column.is_(None), None), else_=_one_of(name, k))
    return _earlier(column, k) if isinstance(column.type, sa.DateTime | Instant) else column


def _about(column: sa.Column[Any], k: Any, base: dict[str, int]) -> Any:
    number = {
        f"{kind}:": sa.cast(base[model.__tablename__] + k, sa.String())
        for kind, model in ABOUT.items()
    }
    copied = [(column.startswith(kind), sa.literal(kind).concat(to)) for kind, to in number.items()]
    return sa.case(*copied, else_=column)


def _one_of(name: str, k: Any) -> Any:
    """Return in turn the id of an interpreter, or of somebody who asks or their organisation."""
    if name == "interpreter_id":
        ids = list(db.session.scalars(sa.select(Interpreter.id).order_by(Interpreter.id)))
    else:
        column = Account.id if name == "account_id" else Account.organisation_id
        asks = sa.select(column).where(Account.role == Role.CASEWORKER).order_by(Account.id)
        ids = [int(one) for one in db.session.scalars(asks) if one is not None]
    return sa.case(dict(enumerate(ids)), value=k % len(ids))


def _earlier(column: sa.Column[Any], k: Any) -> Any:
    if db.engine.dialect.name == "postgresql":
        return column - sa.cast(
            sa.func.make_interval(0, 0, 0, 0, 0, k * APART_MINUTES), sa.Interval
        )
    minutes = sa.literal("-").concat(sa.cast(k * APART_MINUTES, sa.String())).concat(" minutes")
    return sa.func.strftime("%Y-%m-%d %H:%M:%f", column, minutes).concat("000")


def _settle(rows: dict[sa.Table, list[int]]) -> None:
    """Have the next id follow the last one, and the planner know what there is."""
    if db.engine.dialect.name == "postgresql":
        for table in rows:
            top = _highest(table)
            db.session.execute(
                sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), top))
            )
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
