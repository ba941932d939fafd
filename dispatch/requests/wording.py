"""What the parts of a request are called, and what may be asked of whoever comes, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.interpreters.rules import Gender, Qualification
from dispatch.languages.finding import is_a_name
from dispatch.languages.rules import NOT_LISTED, name_in_words, name_of
from dispatch.requests.models import InterpretationRequest

GENDER_NAMES = {
    "": _l("No matter"),
    Gender.FEMALE: _l("A woman"),
    Gender.MALE: _l("A man"),
    Gender.DIVERSE: _l("Diverse"),
}
QUALIFICATION_NAMES = {
    "": _l("Any"),
    Qualification.VOLUNTEER: _l("Trained volunteer"),
    Qualification.SPRINT: _l("SprInt"),
    Qualification.STATE_CERTIFIED: _l("State-certified"),
    Qualification.SWORN: _l("Sworn"),
}
LEVEL_NAMES: dict[str, Any] = {
    "": _l("Any"),
    "2": _l("2 – for simple matters"),
    "3": _l("3 – sure in the field"),
    "4": _l("4 – very sure"),
    "5": _l("5 – native and trained"),
}

DEMANDS: dict[str, Any] = {
    "language": _l("Language"),
    "language_in_words": _l("Language in words"),
    "accepts_varieties": _l("Related varieties"),
    "site_id": _l("Site"),
    "starts_at": _l("Start"),
    "latest_start_at": _l("Latest start"),
    "duration_minutes": _l("Duration in minutes"),
    "interpreter_count": _l("Interpreters"),
    "alone_because": _l("Why one is enough"),
    "gender_required": _l("Interpreter’s gender"),
    "gender_wished": _l("Gender wished for"),
    "qualification_required": _l("Qualification at least"),
    "qualification_wished": _l("Qualification wished for"),
    "level_required": _l("Level at least"),
    "level_wished": _l("Level wished for"),
    "decides_on_rights": _l("Decides on rights"),
    "is_signed": _l("Something binding is signed"),
    "ways": _l("How the interpreter takes part"),
    "video_link": _l("Link to the video talk"),
    "dial_in": _l("Number to dial in"),
    "relay_allowed": _l("By relay"),
    "handover_allowed": _l("One after the other"),
    "handover_minutes": _l("When it is handed over"),
    "setting": _l("Setting"),
    "room": _l("Room"),
    "contact": _l("Contact on site"),
    "note": _l("Note for the interpreter"),
    "case_reference": _l("Case reference"),
    "cost_centre": _l("Cost centre"),
}
"""Everything about a request that can be changed, by the names of its fields."""


def language_said(one: InterpretationRequest, locale: str) -> str:
    """Return the language, or what those who ask call one that is still to be settled."""
    words = " ".join(one.language_in_words.split())
    if one.language != NOT_LISTED or not words:
        return name_of(one.language, locale)
    return name_in_words(words, locale)


def language_in_messages(one: InterpretationRequest, locale: str) -> str:
    """Return the same for a message: words that are more than a name stay on the page.

    They may say something of the client (decision 0083).
    """
    if one.language == NOT_LISTED and not is_a_name(one.language_in_words):
        return name_of(one.language, locale)
    return language_said(one, locale)
