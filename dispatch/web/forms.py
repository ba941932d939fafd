"""Fields that say what they want, and refusals put beside the fields they are about."""

from collections.abc import Iterable
from typing import Any

from flask import g
from wtforms import DateField, Field, IntegerField, SelectChoice, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from dispatch.errors import Refusal, Several, Unavailable

MOST_DIGITS = 9
REFUSED = "refused"
"""Where `g` keeps in words what was refused, for whoever answers with no page."""


class _Worded(Field):  # type: ignore[misc]
    """A field that answers an unreadable input, or an empty one if needed, with `wrong`."""

    def __init__(self, label: Any, *, wrong: Any, needed: bool = True, **options: Any) -> None:
        validator = InputRequired(wrong) if needed else Optional()
        super().__init__(label, validators=[validator], **options)
        self.wrong = wrong

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as unreadable:
            raise ValueError(self.wrong) from unreadable


class Day(_Worded, DateField):  # type: ignore[misc]
    """A day."""


class Time(_Worded, TimeField):  # type: ignore[misc]
    """A wall time."""


class Whole(_Worded, IntegerField):  # type: ignore[misc]
    """A whole number."""


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Boxes of which any number may be ticked; what is wrong with them the rules say."""

    widget, option_widget = ListWidget(), CheckboxInput()

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)


def options(named: Iterable[tuple[object, Any]]) -> list[SelectChoice]:
    """Return what a field offers to choose: value and label of each."""
    return [SelectChoice(str(value), label) for value, label in named]


def whole(text: str | None) -> int:
    """Return the whole number a hidden or chosen field holds; 0 for anything else."""
    text = text or ""
    readable = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if readable else 0


def attach(form: Any, refusal: Refusal) -> None:
    """Write each refusal at its field, or above the form when no field is to blame.

    Where the database is to blame the page keeps what was typed and is answered with 503.
    """
    if isinstance(refusal, Unavailable):
        g.unavailable = True
    g.setdefault(REFUSED, []).extend(str(single.text) for single in _each(refusal))
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
