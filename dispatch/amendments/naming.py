"""Naming people for a request: who is to come again, and who must not come, which nobody tells."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from dispatch.assignments import queries, rules
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import TO_COME
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import ExcludedInterpreter, InterpretationRequest


@dataclass(frozen=True)
class People:
    """Whom those who ask name, by ids: wished for (with `only` nobody else may come), excluded."""

    wished: Collection[int]
    excluded: Collection[int] = ()
    only: bool = False

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.wished or self.excluded or self.only)


def name_people(actor: Actor, request_id: int, people: People, *, now: datetime) -> None:
    """Note whom those who ask would like to come and who must not; it replaces what they said.

    Raises `Refusal` for somebody who is both or has not interpreted for them before, or where
    nobody else may come than nobody; else as `wish_for` and `exclude` do.
    """
    interpretation_request = requests.lock(request_id)
    if set(people.wished) & set(people.excluded):
        raise Refusal(
            "wished-and-excluded",
            _l("Somebody is ticked as wished for and as not to come; choose one of the two."),
        )
    before = {
        one.interpreter_id
        for one in interpretation_request.excluded_interpreters
        if not one.by_office
    }
    known = queries.helpers_of(
        interpretation_request.organisation_id, interpretation_request.language, now
    )
    excluded = set(people.excluded)
    rules.require_known(excluded - before, [one.interpreter.id for one in known])
    admit(actor, request_id, before - excluded, by_office=False, now=now)
    exclude(actor, request_id, excluded - before, by_office=False, now=now)
    assignments.wish_for(actor, request_id, people.wished, only=people.only, now=now)


def exclude(
    actor: Actor,
    request_id: int,
    interpreter_ids: Collection[int],
    *,
    by_office: bool,
    now: datetime,
) -> None:
    """Note who must not come to a request; a question to them is taken back, without a reason.

    Raises `Conflict` where the request has ended or is cancelled, and for somebody who comes.
    """
    interpretation_request = requests.lock(request_id)
    _require_alive(interpretation_request, now)
    for one in assignments.live(interpretation_request):
        if one.interpreter_id in interpreter_ids and one.state in TO_COME:
            raise Conflict(
                "comes-already",
                _l(
                    "%(name)s comes to this request; the office has to release them first.",
                    name=one.interpreter.first_name,
                ),
            )
    there = {
        one.interpreter_id
        for one in interpretation_request.excluded_interpreters
        if one.by_office == by_office
    }
    new = sorted(set(interpreter_ids) - there)
    interpretation_request.excluded_interpreters += [
        ExcludedInterpreter(interpreter_id=id_, by_office=by_office) for id_ in new
    ]
    _record(actor, "request.excluded", interpretation_request, new, now)
    for offer in sorted(offers.open_for(request_id), key=lambda each: each.interpreter_id):
        if offer.interpreter_id in new:
            offer_service.withdraw(actor, offer.id, now=now)


def admit(
    actor: Actor,
    request_id: int,
    interpreter_ids: Collection[int],
    *,
    by_office: bool,
    now: datetime,
) -> None:
    """Take back that somebody must not come, as far as the same side has said it.

    Raises `Conflict` where the request has ended or is cancelled.
    """
    interpretation_request = requests.lock(request_id)
    _require_alive(interpretation_request, now)
    gone = [
        one
        for one in interpretation_request.excluded_interpreters
        if one.by_office == by_office and one.interpreter_id in interpreter_ids
    ]
    for one in gone:
        interpretation_request.excluded_interpreters.remove(one)
    those = sorted(one.interpreter_id for one in gone)
    _record(actor, "request.admitted", interpretation_request, those, now)


def _require_alive(one: InterpretationRequest, now: datetime) -> None:
    request_rules.require_alive(one.state, one.ends_at, now)


def _record(
    actor: Actor,
    kind: str,
    interpretation_request: InterpretationRequest,
    interpreter_ids: Collection[int],
    now: datetime,
) -> None:
    if interpreter_ids:
        # The request is another one now: a proposal made before no longer holds for it.
        flag_modified(interpretation_request, "state")
    for id_ in interpreter_ids:
        concerning = replace(requests.concerning(interpretation_request), interpreter=id_)
        ledger.record(actor, kind, concerning, now=now, fields=["excluded_interpreters"])
