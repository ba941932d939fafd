"""Refusals: what is wrong with a problem, where, and what would make it right."""

from reprlib import Repr
from typing import NamedTuple

from pydantic import ValidationError

SHOWN = Repr()
SHOWN.maxlevel = SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxdict = 2
SHOWN.maxstring = SHOWN.maxother = SHOWN.maxlong = 60


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
    "bool_type": "give true or false",
    "enum": "give one of the values the schema names",
    "extra_forbidden": "remove it or correct its name",
    "finite_number": "give a finite number",
    "float_type": "give a number",
    "int_from_float": "give a whole number",
    "int_type": "give a whole number",
    "json_invalid": "give valid JSON in UTF-8",
    "literal_error": "give the value the schema names",
    "missing": "add it",
    "string_type": "give a text",
    "union_tag_invalid": "give one of the kinds the schema names",
    "union_tag_not_found": "add its kind",
}
SHAPES = {
    "tuple_type": ("a list belongs here", "put it in [ ]"),
    "model_type": ("an object belongs here", "put it in { }"),
    "model_attributes_type": ("an object belongs here", "put it in { }"),
}


def faults_from(error: ValidationError) -> tuple[Fault, ...]:
    """Translate what the models refused."""
    faults = []
    for item in error.errors(include_url=False, include_context=False):
        said = item["msg"][:1].lower() + item["msg"][1:]
        usual = (said, REMEDIES.get(item["type"], "give a value within the rule"))
        rule, remedy = SHAPES.get(item["type"], usual)
        value = "missing" if item["type"] == "missing" else shown(item["input"])
        faults.append(Fault(path_of(item["loc"]), value, rule, remedy))
    return tuple(faults)


def path_of(parts: tuple[int | str, ...]) -> str:
    """Return the path of a part in the JSON; the kind of a condition is no part of it."""
    path = ""
    for number, part in enumerate(parts):
        if isinstance(part, int):
            path += f"[{part}]"
        elif "conditions" not in parts[max(0, number - 2) : max(0, number - 1)]:
            path += f".{part}"
    return path.lstrip(".") or "problem"


def shown(value: object) -> str:
    """Return a value as text of bearable length, whatever it is."""
    try:
        return SHOWN.repr(value)
    except ValueError:
        return "a number of thousands of digits"
