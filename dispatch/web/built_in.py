"""What fields of forms say by themselves, in the reader's language: our words, else the library's.

WTForms has German and Greek for most of its sentences; those it lacks are translated here.
"""

from typing import Any

from flask_babel import get_translations
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as ngettext  # type: ignore[attr-defined]
from flask_wtf.i18n import translations as of_library

LACKING = (
    _l("Date must be at least %(min)s."),
    _l("Date must be at most %(max)s."),
    _l("Date must be between %(min)s and %(max)s."),
    _l("Not a valid time value."),
    _l("Not a valid week value."),
    _l("This field cannot be edited."),
    _l("This field is disabled and cannot have a value."),
    _l("Choices cannot be None."),
    ngettext(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
        2,
    ),
    ngettext(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
        2,
    ),
)
"""Sentences of WTForms it has in English only, here for the catalogues to take them up."""


class BuiltIn:
    """The translations a form asks for."""

    def gettext(self, text: str) -> str:
        """Return a sentence in the reader's language."""
        said = get_translations().gettext(text)
        return said if said != text else str(of_library.gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the sentence for a number of things in the reader's language."""
        said = get_translations().ngettext(singular, plural, number)
        if said not in {singular, plural}:
            return said
        return str(of_library.ngettext(singular, plural, number))


_built_in = BuiltIn()


def of_form(_meta: Any, _form: Any) -> BuiltIn:
    """Return what a form looks its own sentences up in."""
    return _built_in
