"""What a form has no field for nobody can set, whatever is sent along with it."""

from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.database import db
from tests.conftest import FrozenClock
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SENT_ALONG = {
    "role": "administrator", "roles": "administrator", "organisation": "2", "account": "1",
    "organisation_id": "2", "account_id": "1", "active": "", "email": "taken@beispiel.example",
    "fs_uniquifier": "known", "reference": "DO-2027-AAAAAA", "priority": "9", "state": "filled",
    "fee_cents_per_hour": "99999", "employment": "staff", "office_note": "trusted", "amount": "1",
    "waived_at": "2027-01-01", "pinned": "y", "against_wishes": '["x"]', "confirmed_at": "x",
}  # fmt: skip
TYPED = {
    "language": "ro", "site": "1", "day": "2027-03-16", "start": "18:00", "duration": "60",
    "setting": "school", "interpreter_count": "1", "reason_told": "no need", "reason_office": "x",
    "number": "+4915111111133", "name": "Anders", "minutes": "10",
}  # fmt: skip
GUARDED = {
    "accounts": ("role", "organisation_id", "active", "email", "fs_uniquifier"),
    "interpretation_requests": ("organisation_id", "account_id", "reference", "priority"),
    "interpreters": ("account_id", "fee_cents_per_hour", "employment", "office_note", "active"),
    "assignments": ("interpreter_id", "pinned", "against_wishes", "confirmed_at"),
    "cancellation_decisions": ("amount", "waived_at"),
}


class Forms(HTMLParser):
    """The forms of a page that are sent, as Enter sends them: where to, and what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] = {}
        self._selecting = ""
        self._pressed = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up a form, or what stands in a field of it."""
        of = {name: value or "" for name, value in attrs}
        name, value = of.get("name", ""), of.get("value", "")
        if tag == "form":
            self._fields, self._pressed = {}, False
            if of.get("method", "").lower() == "post":
                self.found.append((of.get("action", ""), self._fields))
        elif tag == "select":
            self._selecting = name
        elif tag == "option" and ("selected" in of or self._selecting not in self._fields):
            self._fields[self._selecting] = value
        elif tag == "button" and of.get("type") != "button" and not self._pressed:
            self._pressed = True
            self._fields |= {name: value} if name else {}
        elif tag in ("input", "textarea") and name:
            is_off = of.get("type") in ("checkbox", "radio") and "checked" not in of
            if not is_off or of["type"] == "radio":
                self._fields[name] = "" if is_off else value


@pytest.mark.parametrize("reader", ["caseworker", "interpreter"])
def test_what_is_sent_along_with_any_form_changes_nothing_it_has_no_field_for(
    app: Flask, frozen_clock: FrozenClock, reader: str
) -> None:
    everything = stage.build(app)
    browser, before = everything.browsers[reader], guarded(everything)
    paths = [path for _rule, path in everything.paths("GET") if "/sign-in/" not in path]
    taken = {one for path in paths for one in send_all_of(browser, path)}
    after = guarded(everything)
    asked = after["interpretation_requests"].keys() - before["interpretation_requests"].keys()
    assert len(taken) >= 5, "forms of pages are taken as they are sent"
    assert len(asked) == (reader == "caseworker"), "the form that asks among them"
    changed = {
        (table, number): (row, after[table][number])
        for table, rows in before.items()
        for number, row in rows.items()
        if number in after[table] and after[table][number] != row
    }
    assert changed == {}
    with app.app_context():
        assert db.session.query(Account).count() == len(before["accounts"])
        ours = next(row for row in before["interpretation_requests"].values())[0]
        assert {after["interpretation_requests"][number][0] for number in asked} <= {ours}


def send_all_of(browser: FlaskClient, path: str) -> set[str]:
    """Send every form of a page as it stands, with the rest beside it; return which were taken."""
    answer = browser.get(path)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return set()
    taken = set()
    for action, fields in Forms(answer.text).found:
        if action not in ("/sign-out", "/sign-out/everywhere", "/language"):
            filled = {name: value for name, value in fields.items() if value}
            answer = browser.post(action or path, data=SENT_ALONG | TYPED | filled)
            assert answer.status_code < 500, (path, action)
            taken |= {action or path} if answer.status_code == 302 else set()
    return taken


def guarded(everything: Stage) -> dict[str, dict[int, tuple[Any, ...]]]:
    with everything.app.app_context():
        return {
            table: {
                row[0]: tuple(row[1:])
                for row in db.session.execute(
                    sa.select(*(db.metadata.tables[table].c[name] for name in ("id", *columns)))
                )
            }
            for table, columns in GUARDED.items()
        }
