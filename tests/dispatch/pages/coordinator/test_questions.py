"""A question to those who asked: whom it goes to, what it says, that it goes once."""

import re

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def questions(app: Flask) -> list[Message]:
    with app.app_context():
        return [one for one in db.session.query(Message) if one.name == "question"]


def test_the_question_names_who_asked_and_is_put_to_them_once(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        by = factories.account(of=factories.organisation(), name="Anna Muster", locale="de")
        by.email = "anna@schule.example"
        factories.interpreter(hours=(11, 19))
        asked = factories.asked(by=by)
    browser, path = sign_in(app, coordinator), f"/requests/{asked.id}/help"
    send(browser, path, seen_on=path)
    page = browser.get(path).text
    assert "Could it begin at 11:15? Then Mira Beispiel could come." in page
    assert "Who asked: Anna Muster, Grundschule Beispiel," in page
    assert "mailto:anna@schule.example" in page
    action = re.findall(r'action="(/advice/[^"]+)"', page)[0]
    sent = send(browser, action, seen_on=path)
    assert sent.location == f"/requests/{asked.id}"
    assert "Anna Muster is asked by e-mail." in browser.get(sent.location).text
    again = send(browser, action, seen_on=path)
    assert again.status_code == 302
    [mail] = questions(app)
    assert (mail.recipient_name, mail.recipient) == ("Anna Muster", "anna@schule.example")
    assert "Ginge auch 11:15 Uhr statt 10:00 Uhr?" in mail.body
    assert "Mira" not in mail.body
    assert "Asked by e-mail; the answer is still to come." in browser.get(path).text
    assert "Antworten Sie mit einem Druck auf der Seite Ihrer Anfrage: http" in mail.body
    desk, mine = sign_in(app, by), f"/requests/{asked.id}"
    [start] = set(re.findall(r'name="start" value="([^"]+)"', desk.get(mine).text))
    send(desk, f"{mine}/start-question", seen_on=mine, answer="no", start=start)
    assert "Asked before; the question does not stand any more." in browser.get(path).text


def test_what_was_changed_since_is_not_asked_about(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter(hours=(11, 19))
        asked = factories.asked(by=factories.account(of=factories.organisation()))
    browser, path = sign_in(app, coordinator), f"/requests/{asked.id}/help"
    send(browser, path, seen_on=path)
    action = re.findall(r'action="(/advice/[^"]+)"', browser.get(path).text)[0]
    with app.app_context(), transaction():
        db.session.merge(asked).room = "12"
    assert "Nobody has looked yet" in browser.get(path).text
    assert send(browser, action, seen_on=path).status_code == 302
    assert questions(app) == []
