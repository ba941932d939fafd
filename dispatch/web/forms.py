"""Putting refusals beside the fields they are about."""

from typing import Any

from dispatch.errors import Refusal, Several


def attach(form: Any, refusal: Refusal) -> None:
    """Write each refusal at its field, or above the form when no field is to blame."""
    for single in _each(refusal):
        field = form._fields.get(single.field) if single.field else None
        if field is None:
            form.form_errors.append(str(single.text))
        else:
            field.errors = [*field.errors, str(single.text)]


def codes(refusal: Refusal) -> set[str]:
    """Return the codes of everything that was refused."""
    return {single.code for single in _each(refusal)}


def _each(refusal: Refusal) -> list[Refusal]:
    return refusal.refusals if isinstance(refusal, Several) else [refusal]
