"""How long what is not sent is kept, what of it, and how it is called."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict, Refusal

Fields = list[tuple[str, str]]
"""What a form holds: name and text of each field, some names several times."""

LONGEST_NAME = 80
MOST_KEPT = 50


class Kind(StrEnum):
    """What is kept."""

    DRAFT = "draft"
    """One request that is not ready; gone once it is sent."""

    TEMPLATE = "template"
    """What stays the same each time; kept however often somebody begins from it."""


KEPT_FOR = {Kind.DRAFT: timedelta(days=30), Kind.TEMPLATE: timedelta(days=365)}
"""Since it was last kept, or last begun from."""

OF_ONE_TALK = frozenset({"day", "last", "chosen", "case_reference", "possible_start", "occurrence"})
"""Not kept in a template: they belong to one date or one case."""

ANSWERS = frozenset(
    {"is_urgent", "again", "seen", "draft", "keep_as", "keep_name", "possible_week"}
)
"""Never kept: what was asked about the moment it was sent, and what only the page needs."""


def to_keep(kind: Kind, fields: Iterable[tuple[str, str]]) -> Fields:
    """Return what is kept of a form."""
    left_out = ANSWERS | (OF_ONE_TALK if kind == Kind.TEMPLATE else frozenset())
    return [(name, text) for name, text in fields if text and name.split("-")[-1] not in left_out]


def require_name(name: str) -> str:
    """Return the name without the blanks around it; raises `Refusal` for none, or a long one."""
    name = name.strip()
    if not name:
        raise Refusal(
            "name-missing",
            _l("Give it a name by which you find it again."),
            field="keep_name",
        )
    if len(name) > LONGEST_NAME:
        raise Refusal(
            "name-too-long",
            _l("%(most)d characters are the most; shorten the text.", most=LONGEST_NAME),
            field="keep_name",
        )
    return name


def require_room(kept: int) -> None:
    """Refuse to keep more than anybody finds their way in."""
    if kept >= MOST_KEPT:
        raise Conflict(
            "too-many-kept",
            _l("You keep %(most)d already; delete some of them first.", most=MOST_KEPT),
        )
