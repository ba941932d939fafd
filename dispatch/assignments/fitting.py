"""Whether somebody is what a request requires: the rules no service lets anybody past."""

from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.assignments.rules import Terms
from dispatch.errors import Conflict
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import ranked


class Required(Protocol):
    """What a request requires of whoever comes, as it is or as it would be."""

    @property
    def gender_required(self) -> str | None: ...  # noqa: D102
    @property
    def qualification_required(self) -> str | None: ...  # noqa: D102
    @property
    def ways(self) -> str: ...  # noqa: D102


def why_not(one: Interpreter, required: Required, terms: Terms, zone_name: str) -> Any:
    """Return in words what of the requirements somebody does not fulfil; nothing if all.

    `zone_name` is the zone of the place, where a proof has to be valid on the day.
    """
    if terms.way not in ranked(required.ways):
        return _l("this way was not asked for")
    if terms.language not in {spoken.tag for spoken in one.working_languages}:
        return _l("does not work in this language")
    if required.gender_required and one.gender != required.gender_required:
        return _l("the client asked for another gender")
    needed = required.qualification_required
    day = clock.at_place(terms.starts_at, zone_name).date()
    if needed and not interpreters.holds(one, Qualification(needed), day):
        return _l("does not hold the qualification")
    return ""


def require_fit(
    interpreter: Interpreter, interpretation_request: InterpretationRequest, terms: Terms
) -> None:
    """Refuse (409) whoever is not what the request requires, by whichever door they come."""
    why = why_not(interpreter, interpretation_request, terms, interpretation_request.time_zone)
    if why:
        raise Conflict(
            "not-as-required",
            _l("%(name)s cannot take this request: %(why)s.", name=interpreter.name, why=why),
        )
