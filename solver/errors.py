"""Refusals: what is wrong with a problem, where, and what would make it right."""

from typing import NamedTuple

from pydantic import ValidationError


class Fault(NamedTuple):
    """One thing wrong: where, what stands there, the rule it breaks, what to do about it."""

    path: str
    value: str
    rule: str
    remedy: str

    def sentence(self) -> str:
        """Say it in one sentence."""
        return f"{self.path} is {self.value}: {self.rule}; {self.remedy}"


class ProblemError(Exception):
    """The problem cannot be asked like this; `faults` says why, all of it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(faults[0].sentence() + more)


REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its name",
    "int_type": "give a whole number",
    "finite_number": "give a finite number",
    "literal_error": "give the value the schema names",
    "json_invalid": "give valid JSON in UTF-8",
}


def faults_from(error: ValidationError) -> tuple[Fault, ...]:
    """Translate what the models refused."""
    return tuple(
        Fault(
            path=_path(item["loc"]),
            value=_shown(item["input"]),
            rule=item["msg"][:1].lower() + item["msg"][1:],
            remedy=REMEDIES.get(item["type"], "give a value within the rule"),
        )
        for item in error.errors(include_url=False, include_context=False)
    )


def _path(parts: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.lstrip(".") or "problem"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
