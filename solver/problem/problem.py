"""The question put to the solver, complete and checked."""

import json
from collections import Counter
from contextlib import suppress
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, Strict, ValidationError, model_validator

from solver.problem.commitments import Commitment
from solver.problem.consistency import faults_of
from solver.problem.errors import Fault, ProblemError, faults_from
from solver.problem.people import Interpreter
from solver.problem.requests import Request
from solver.problem.travel import Travel
from solver.problem.value import Count, Value
from solver.problem.weights import Weights


class Problem(Value):
    """The question: who is to be sent to which requests.

    Times are whole time units from an origin of the caller's choice, `units_per_hour` of them in
    an hour (60: minutes). Money is in cents. At most `disturb_at_most` promises that could be kept
    may be broken (None: any number).

    Raises ProblemError, which names path, value, rule and remedy of each fault.
    """

    schema_version: Annotated[
        Literal["dragoman-problem/1"], Field(alias="schema", serialization_alias="schema")
    ] = "dragoman-problem/1"
    units_per_hour: Annotated[int, Strict(), Field(ge=1, le=3600)] = 60
    interpreters: tuple[Interpreter, ...] = ()
    requests: tuple[Request, ...] = ()
    travel: Travel = Travel()
    commitments: tuple[Commitment, ...] = ()
    disturb_at_most: Count | None = None
    weights: Weights = Weights()

    @model_validator(mode="wrap")
    @classmethod
    def _validated(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            problem = handler(data)
        except ValidationError as error:
            raise ProblemError(faults_from(error)) from error
        faults = faults_of(problem)
        if faults:
            raise ProblemError(faults)
        return problem

    def to_json(self) -> str:
        """Return the problem as JSON."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a problem from JSON; raises ProblemError, also for text that is not JSON.

        A byte order mark, which some editors write before UTF-8, is passed over.
        """
        mark = b"\xef\xbb\xbf" if isinstance(text, bytes) else "\ufeff"
        plain = text.removeprefix(mark)  # type: ignore[arg-type]
        # of a name that stands there twice the model would read the last and drop the first
        with suppress(ValueError, RecursionError):  # what is no JSON is refused below, in words
            json.loads(plain, object_pairs_hook=_each_once)
        try:
            return cls.model_validate_json(plain)
        except ValidationError as error:
            raise ProblemError(faults_from(error)) from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object; raises ProblemError where a name stands in it more than once."""
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            rule = f"it stands {times} times in one object"
            raise ProblemError((Fault(repr(name), "repeated", rule, "write it once"),))
    return dict(pairs)
