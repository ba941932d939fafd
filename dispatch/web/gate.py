"""The one gate for text from outside: forms only, well-formed, normalised, of a length."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from dispatch.errors import Refusal
from dispatch.texts import is_no_character

View = TypeVar("View", bound=Callable[..., Any])
_AS_SENT = "__as_sent__"
_LARGEST_FILE = "__largest_file__"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FILES = frozenset({"file", "proof"})
"""Names of the fields that take a file, in the forms of views that say so (`takes_file`)."""
MOST_CHARACTERS = 20_000
BESIDE_A_FILE = 1_000_000
"""Octets a form may have beside its file, and a file too much: then it is refused in the form."""
UNREADABLE = "\ufffd"  # what Werkzeug puts where octets were no UTF-8
KEPT_CONTROLS = frozenset("\t\n\r")


class NotLetIn(Refusal):
    """Text that nothing here may look at, let alone keep (422)."""


def as_sent(view: View) -> View:
    """Declare that a view reads forms as they were sent, since they are signed; it cleans them."""
    setattr(view, _AS_SENT, True)
    return view


def takes_file(octets: int, too_large: Any) -> Callable[[View], View]:
    """Declare that a view reads a form with a file of up to so many octets.

    `too_large` is what is said to somebody who sends far more than that; the view itself refuses
    what is only a little larger.
    """

    def declare(view: View) -> View:
        setattr(view, _LARGEST_FILE, (octets, too_large))
        return view

    return declare


def register(app: Flask) -> None:
    """Check every request before anything else looks at it; register this first."""
    app.before_request(_let_in)


def why_too_large() -> str | None:
    """Say how large the file may be that this form takes; None where it takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    _octets, too_large = getattr(view, _LARGEST_FILE, (0, None))
    return None if too_large is None else str(too_large)


def _let_in() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    octets, _too_large = getattr(view, _LARGEST_FILE, (0, None))
    if octets:
        request.max_content_length = octets + BESIDE_A_FILE
    is_as_sent = getattr(view, _AS_SENT, False)
    readable = FORMS | {"application/json"} if is_as_sent else FORMS
    if (request.content_length or request.content_type) and request.mimetype not in readable:
        raise UnsupportedMediaType
    if is_as_sent:
        return
    request.args = _cleaned(request.args)
    request.form = _cleaned(request.form)
    # forms take texts and files alike: a file where a text belongs would break whoever reads it
    request.files = ImmutableMultiDict(_files(request.files, FILES if octets else ()))
    _require_readable(request.path)


def _cleaned(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(_pairs(values))


def _pairs(values: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in values.items(multi=True):
        if name is None:  # a part of a multipart form that has no name
            continue
        _require_readable(name)
        _require_readable(text)
        yield name, unicodedata.normalize("NFC", text)


def _files(
    sent: MultiDict[str, FileStorage], taken: Collection[str]
) -> Iterator[tuple[str, FileStorage]]:
    for name, file in sent.items(multi=True):
        if name in taken:
            yield name, file
        else:
            file.close()  # Flask closes what is left at the end


def _require_readable(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise NotLetIn(
            "text-too-long",
            _l(
                "A text is longer than %(most)d characters; go back, shorten it and send it again.",
                most=MOST_CHARACTERS,
            ),
        )
    if UNREADABLE in text:
        raise NotLetIn(
            "unreadable-text",
            _l("A text is not in UTF-8 and cannot be read; go back, type it anew."),
        )
    if any(map(_is_unkeepable, text)):
        raise NotLetIn(
            "unkeepable-character",
            _l(
                "A text holds a control character that cannot be kept, such as NUL; go back, "
                "remove it and send it again."
            ),
        )


def _is_unkeepable(character: str) -> bool:
    """Tell whether it is a control, half of a surrogate pair, or no character at all.

    Databases keep neither of the first two, spreadsheets not the third.
    """
    if character in KEPT_CONTROLS:
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or is_no_character(character)
