"""A form that is sent again has no second effect: every address that takes one, and some walked."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from types import CodeType, FunctionType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.busy.models import PrivateCalendar
from dispatch.database import db, transaction
from dispatch.drafts.models import Draft
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningRun
from dispatch.web.once import once
from tests import factories
from tests.browsing import sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')
CALENDAR = b"\r\n".join(
    [
        b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//a//b//", b"BEGIN:VEVENT", b"UID:1",
        b"DTSTAMP:20270101T000000Z", b"DTSTART:20270302T090000Z", b"DTEND:20270302T100000Z",
        b"END:VEVENT", b"END:VCALENDAR", b"",
    ]
)  # fmt: skip
ONCE_BY_NATURE = {
    "caseworker.possible_times": "looks and keeps nothing",
    "caseworker.outlook": "looks and keeps nothing",
    "caseworker.let_point": "what is typed is kept as it was typed last",
    "provider.received": "an SMS has a number of its provider, by which it is stored once",
    "provider.receipt": "how far one SMS got is so however often it is said",
    "provider.reported_by_seven": "either of the two",
    "account.use_link": "a link works once",
    "account.sign_out_everywhere": "who is signed out everywhere is signed out everywhere",
    "account.sign_out": "who is signed out is signed out",
    "account.choose_language": "the language is what was chosen last",
    "coordinator.stop": "what is asked to stop is asked to stop",
    "security.login": "who is signed in is signed in; wrong passwords are counted on purpose",
}


def test_every_form_is_sent_with_a_key_or_is_named_as_one_by_nature(app: Flask) -> None:
    takes_forms = {
        rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())
    }
    without = {name for name in takes_forms if once not in reached(app.view_functions[name])}
    assert without == set(ONCE_BY_NATURE)


def reached(view: Callable[..., Any]) -> set[object]:
    """Return the functions a view calls by name, itself or by functions of pages."""
    found: set[object] = set()
    waiting = [view]
    while waiting:
        function = waiting.pop()
        for name in names_in(function.__code__):
            called = function.__globals__.get(name)
            if isinstance(called, FunctionType) and called not in found:
                found.add(called)
                waiting += [called] if called.__module__.startswith("dispatch.pages.") else []
    return found


def names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


def marks(browser: FlaskClient, page: str) -> dict[str, str]:
    """Return the marks of the last form of a page."""
    shown = browser.get(page, follow_redirects=True).text
    return dict(HIDDEN.findall(shown.split("<main")[1].split("</main")[0]))


def thrice(browser: FlaskClient, path: str, form: dict[str, Any]) -> set[str]:
    """Send the same form three times; return where it led."""
    places = set()
    for _ in range(3):
        answer = browser.post(path, data={name: again(value) for name, value in form.items()})
        assert answer.status_code == 302, answer.text
        places.add(answer.location)
    return places


def again(value: Any) -> Any:
    return value() if callable(value) else value


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_same_form_kept_three_times_is_one_draft(app: Flask) -> None:
    with app.app_context(), transaction():
        somebody = factories.account(of=factories.organisation())
    browser = sign_in(app, somebody)
    form = {"keep_name": "Elternabend", "room": "3"} | marks(browser, "/requests/new")
    assert thrice(browser, "/drafts", form) == {"/drafts"}
    assert count(app, Draft) == 1


def test_the_same_file_three_times_is_one_calendar(app: Flask) -> None:
    with app.app_context(), transaction():
        somebody = factories.interpreter().account
    browser = sign_in(app, somebody)
    form = {"file": lambda: (BytesIO(CALENDAR), "dentist.ics")} | marks(
        browser, "/availability/calendars"
    )
    thrice(browser, "/availability/calendars/file", form)
    assert count(app, PrivateCalendar) == 1


def test_the_same_days_asked_for_three_times_are_planned_once(app: Flask) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR)
        factories.interpreter()
        factories.asked()
    browser = sign_in(app, office)
    form = {"until": "", "disturb_at_most": "0"} | marks(browser, "/plan/2027-03-02")
    places = set()
    for _ in range(3):
        places |= thrice(browser, "/plan/2027-03-02", form)
        with app.app_context(), transaction():
            for run in db.session.scalars(sa.select(PlanningRun)):
                runs.ask_to_stop(office.actor, run.id, now=factories.NOW)
    assert (len(places), count(app, PlanningRun)) == (1, 1)


@pytest.mark.parametrize("which", ["one", "all"])
def test_sending_again_pressed_three_times_sends_once_more(app: Flask, which: str) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR)
        factories.asked()
    message_id = fail(app)
    browser = sign_in(app, office)
    page = f"/messages/{message_id}" if which == "one" else "/messages"
    path = f"{page}/send-again"
    form = marks(browser, page)
    assert thrice(browser, path, form) == {page}
    fail(app)
    assert thrice(browser, path, form) == {page}
    with app.app_context():
        assert db.session.get_one(Message, message_id).state == MessageState.FAILED


def fail(app: Flask) -> int:
    """Let the first message have failed; return its id."""
    with app.app_context(), transaction():
        message = db.session.scalars(sa.select(Message).order_by(Message.id)).first()
        assert message
        message.state, message.error_code = MessageState.FAILED, "refused"
        return message.id
