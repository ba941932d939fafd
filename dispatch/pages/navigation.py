"""Which pages each role finds at the top."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.accounts.rules import Role
from dispatch.web.urls import address


@dataclass(frozen=True)
class Item:
    """A link at the top of every page."""

    label: Any
    url: str
    active: bool
    icon: str


START = ("account.start", _l("Start"), "home")
REQUESTS = ("caseworker.requests", _l("Requests"), "list")
RECORD = ("auditor.record", _l("Record"), "list")
PAGES: dict[str, tuple[tuple[str, Any, str], ...]] = {
    Role.CASEWORKER: (START, REQUESTS, ("caseworker.ask", _l("New request"), "plus")),
    Role.ORGANISATION_LEAD: (
        START,
        REQUESTS,
        ("caseworker.ask", _l("New request"), "plus"),
        ("caseworker.figures", _l("Figures"), "list"),
    ),
    Role.COORDINATOR: (
        START,
        ("coordinator.today", _l("Day"), "calendar"),
        ("coordinator.plan", _l("Plan"), "route"),
        REQUESTS,
        ("coordinator.pool", _l("Pool"), "person"),
        ("coordinator.messages", _l("Messages"), "envelope"),
    ),
    Role.ADMINISTRATOR: (
        ("administrator.installation", _l("Installation"), "check-circle"),
        ("administrator.accounts", _l("Accounts"), "person"),
        ("coordinator.texts", _l("Texts"), "envelope"),
        RECORD,
    ),
    Role.AUDITOR: (RECORD,),
    Role.INTERPRETER: (
        START,
        ("interpreter.offers", _l("Offers"), "waiting"),
        ("interpreter.assignments", _l("Assignments"), "calendar"),
        ("interpreter.own_availability", _l("My times"), "clock"),
    ),
}

BELONGS = {
    "/sites": "/interpreters",
    "/organisations": "/interpreters",
    "/weeks": "/day",
    "/proposals": "/plan",
    "/planning": "/plan",
    "/absences": "/interpreters",
    "/rounds": "/requests",
    "/drafts": "/requests",
    "/series": "/requests",
    "/assignments": "/requests",
}
"""Beside which link pages stand that have none of their own, by the beginning of their address."""


def navigation_for(role: str | None, path: str) -> list[Item]:
    """Return the links for a role; the longest one the path starts with is active.

    Where there is none, it is the one that the page belongs to.
    """
    pages = [
        (label, address(endpoint), icon) for endpoint, label, icon in PAGES.get(role or "", ())
    ]
    matching = [
        url for _label, url, _icon in pages if path == url or path.startswith(url.rstrip("/") + "/")
    ]
    above = BELONGS.get("/" + path.split("/")[1])
    here = max((url for url in matching if url != "/" or path == "/"), key=len, default=above)
    return [Item(label, url, url == here, icon) for label, url, icon in pages]
