"""Where one is, as the links at the top of a page say it."""

import pytest
from flask import Flask
from flask_babel import force_locale

from dispatch.accounts.rules import Role
from dispatch.pages.navigation import navigation_for

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("role", "path", "here"),
    [
        (Role.COORDINATOR, "/", "Start"),
        (Role.COORDINATOR, "/day/2027-03-02", "Day"),
        (Role.COORDINATOR, "/weeks", "Day"),
        (Role.COORDINATOR, "/interpreters/4", "Pool"),
        (Role.COORDINATOR, "/organisations/1", "Pool"),
        (Role.COORDINATOR, "/sites", "Pool"),
        (Role.COORDINATOR, "/assignments/7", "Requests"),
        (Role.INTERPRETER, "/assignments/7", "Assignments"),
        (Role.CASEWORKER, "/requests/new", "New request"),
        (Role.CASEWORKER, "/drafts", "Requests"),
        (Role.CASEWORKER, "/account/calendar", None),
    ],
)
def test_every_page_stands_under_one_link(
    app: Flask, role: Role, path: str, here: str | None
) -> None:
    with app.test_request_context(path), force_locale("en"):
        marked = [str(item.label) for item in navigation_for(role, path) if item.active]
    assert marked == ([here] if here else [])
