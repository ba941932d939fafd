"""Runs in words: what is being worked on, why one led nowhere."""

from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.planning.runs.rules import Failure

CONTRADICTION = _l(
    "What is pinned contradicts itself, so that there is no plan at all; unpin an assignment."
)
FAILURES: dict[str, Any] = {
    Failure.CRASHED: _l("The planning process ended without an answer; nothing was changed."),
    Failure.TOO_LONG: _l("The planning process did not end in time; nothing was changed."),
    Failure.LOST: _l("The server that was planning was stopped; nothing was changed."),
    Failure.CONTRADICTION: CONTRADICTION,
}

LEVELS: dict[str, Any] = {
    "coverage": _l("Filling requests by priority"),
    "promises": _l("Keeping promises"),
    "wishes": _l("Meeting wishes"),
    "fairness": _l("Sharing work fairly"),
    "money and travel": _l("Saving money and travel"),
}


def level(name: str) -> str:
    """Return a level of the objective in words."""
    return str(LEVELS.get(name, name))
