"""Whether somebody is what a request requires: the rules no service lets anybody past."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.assignments import queries
from dispatch.assignments.cases import CASE_REMEMBERED, interpreters_of
from dispatch.assignments.rules import Terms
from dispatch.errors import Conflict
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import ranked

ONLY_VOLUNTEER = _l("is not SprInt or more, and what is said has legal consequences")


class Required(Protocol):
    """What a request requires of whoever comes, as it is or as it would be."""

    @property
    def languages(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def gender_required(self) -> str | None: ...  # noqa: D102
    @property
    def qualification_required(self) -> str | None: ...  # noqa: D102
    @property
    def level_required(self) -> int | None: ...  # noqa: D102
    @property
    def has_legal_consequences(self) -> bool: ...  # noqa: D102
    @property
    def ways(self) -> str: ...  # noqa: D102


def why_not(
    one: Interpreter, required: Required, terms: Terms, zone_name: str, *, shared: bool = False
) -> Any:
    """Return in words what of the requirements somebody does not fulfil; nothing if all.

    `zone_name` is the zone of the place, where a proof has to be valid on the day. Of a talk that
    is `shared` the languages are those of its parts, not what was asked for.
    """
    if not one.active:
        return _l("has left the pool")
    return _lacks(one, required, terms, zone_name, shared=shared)


def _lacks(
    one: Interpreter, required: Required, terms: Terms, zone_name: str, *, shared: bool
) -> Any:
    if terms.way not in ranked(required.ways):
        return _l("this way was not asked for")
    if terms.language not in required.languages and not shared:
        return _l("this language was not asked for")
    if terms.language not in {spoken.tag for spoken in one.working_languages}:
        return _l("does not work in this language")
    if required.gender_required and one.gender != required.gender_required:
        return _l("the client asked for another gender")
    needed = required.qualification_required
    day = clock.at_place(terms.starts_at, zone_name).date()
    if needed and not interpreters.holds(one, Qualification(needed), day):
        return _l("does not hold the qualification")
    if required.level_required and not interpreters.speaks(
        one, terms.language, required.level_required
    ):
        return _l("the language level is too low")
    if required.has_legal_consequences and is_volunteer(one, day):
        return ONLY_VOLUNTEER
    return ""


def is_volunteer(one: Interpreter, day: date) -> bool:
    """Tell whether somebody may only interpret where nothing of law depends on it."""
    return not interpreters.holds(one, Qualification.SPRINT, day)


@dataclass(frozen=True)
class Named:
    """Who must not come to requests, and who alone may, as people have said; by ids."""

    excluded: Set[tuple[int, int]]
    alone: Mapping[int, Set[int]]
    same: Mapping[int, Set[int]]

    def why_not(self, request_id: int, interpreter_id: int) -> Any:
        """Return in words what people have said against somebody; nothing if nothing."""
        if (request_id, interpreter_id) in self.excluded:
            return _l("is excluded from this request")
        if interpreter_id not in self.alone.get(request_id, {interpreter_id}):
            return _l("only certain others may come")
        if interpreter_id not in self.same.get(request_id, {interpreter_id}):
            return _l("did not come to the earlier appointments")
        return ""


def named(interpretation_requests: Iterable[InterpretationRequest], now: datetime) -> Named:
    """Return whom people have named for these requests.

    Only the same person as before may come where somebody has come and can be asked still.
    """
    those = list(interpretation_requests)
    cases = {
        one.id: (one.organisation_id, one.case_reference) for one in those if one.only_same_person
    }
    came = interpreters_of(set(cases.values()), now - CASE_REMEMBERED, now) if cases else {}
    here = queries.still_here(set().union(*came.values())) if came else set()
    return Named(
        {(one.id, each.interpreter_id) for one in those for each in one.excluded_interpreters},
        {
            one.id: {each.interpreter_id for each in one.preferred_interpreters}
            for one in those
            if one.only_preferred
        },
        {id_: same for id_, case in cases.items() if (same := came.get(case, set()) & here)},
    )


def require_fit(
    interpreter: Interpreter,
    interpretation_request: InterpretationRequest,
    terms: Terms,
    now: datetime,
) -> None:
    """Refuse (409) whoever is not what the request requires, by whichever door they come."""
    why = why_not(interpreter, interpretation_request, terms, interpretation_request.time_zone)
    why = why or named([interpretation_request], now).why_not(
        interpretation_request.id, interpreter.id
    )
    if why:
        raise Conflict(
            "not-as-required",
            _l("%(name)s cannot take this request: %(why)s.", name=interpreter.name, why=why),
        )
