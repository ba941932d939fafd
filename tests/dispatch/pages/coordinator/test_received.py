"""What came in by mail, on the coordinator's pages."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.answers.incoming import IncomingState
from dispatch.database import db, transaction
from dispatch.inbound.mail import read_mail
from dispatch.inbound.models import InboundMail, MailboxState
from dispatch.inbound.rules import Outcome
from dispatch.settings import Settings
from dispatch.sms import service as sms
from dispatch.sms.models import InboundSms
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key_file=tmp_path / "secret_key",
        sink_dir=tmp_path / "sink",
        imap_url="imaps://einsatz:secret@mail.example/INBOX",
    )


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        account = factories.account(Role.COORDINATOR)
    return sign_in(app, account)


def came_in(app: Flask, outcome: Outcome, state: IncomingState = IncomingState.OPEN) -> int:
    with app.app_context(), transaction():
        number = db.session.query(InboundMail).count() + 1
        mail = InboundMail(
            mailbox="box", uid_validity=1, uid=number, fingerprint=str(number), is_whole=True,
            received_at=NOW, state=state, outcome=outcome, subject=f"Frage {number}",
            text="Kann ich <b>später</b> kommen?", sender="mira@beispiel.example",
            interpreter_id=factories.interpreter().id,
        )  # fmt: skip
        db.session.add(mail)
        db.session.flush()
        return mail.id


def test_what_waits_is_read_and_settled_with_one_press(
    app: Flask, coordinator: FlaskClient
) -> None:
    mail_id = came_in(app, Outcome.LETTER)
    came_in(app, Outcome.YES, IncomingState.DONE)
    assert "To read" in coordinator.get("/").text
    page = coordinator.get("/messages/received").text
    assert "Kann ich &lt;b&gt;später&lt;/b&gt; kommen?" in page
    assert "Written in words. Read it, and do what it asks for." in page
    assert "tel:+4915228817386" in page
    assert "Frage 2" not in page
    path = f"/messages/received/{mail_id}/settle"
    assert send(coordinator, path, seen_on="/messages/received").status_code == 302
    assert "Nothing waits for you" in coordinator.get("/messages/received").text
    everything = coordinator.get("/messages/received?show=all").text
    assert "A yes from the calendar; it counts." in everything
    assert "To read" not in coordinator.get("/").text


def test_a_mailbox_that_cannot_be_read_says_since_when_and_why(
    app: Flask, coordinator: FlaskClient
) -> None:
    assert "has not been read yet" in coordinator.get("/messages/received").text
    with app.app_context(), transaction():
        db.session.add(
            MailboxState(
                mailbox="einsatz, mail.example, INBOX",
                failing_since=NOW,
                error_code="login-refused",
                error="[AUTHENTICATIONFAILED]",
            )
        )
    page = coordinator.get("/messages/received").text
    assert "does not accept our name and password. ([AUTHENTICATIONFAILED]) Since" in page
    assert "secret" not in page


def test_an_sms_nobody_can_decide_by_rules_is_read_and_settled_with_one_press(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context(), transaction():
        sms.store("SM1", "+4915111111111", "Kann ich <b>später</b> kommen?", "", now=NOW)
        (sms_id,) = sms.to_take(NOW)
        sms.take(sms_id, now=NOW)
    page = coordinator.get("/messages/received").text
    assert "Nobody here is known to have this number. Nothing changed." in page
    assert "Kann ich &lt;b&gt;später&lt;/b&gt; kommen?" in page
    path = f"/messages/received/sms/{sms_id}/settle"
    assert send(coordinator, path, seen_on="/messages/received").status_code == 302
    assert "Nothing waits for you" in coordinator.get("/messages/received").text
    assert "tel:+4915111111111" in coordinator.get("/messages/received?show=sms").text


def test_every_sms_that_waits_for_somebody_is_in_sight(
    app: Flask, coordinator: FlaskClient
) -> None:
    with app.app_context(), transaction():
        for number in range(60):
            sms.store(f"SM{number}", "+4915228817386", f"Unklar {number}.", "", now=NOW)
        db.session.flush()
        db.session.execute(sa.update(InboundSms).values(state=IncomingState.OPEN))
    page = coordinator.get("/messages/received").text
    assert [number for number in range(60) if f">Unklar {number}.<" not in page] == []


def test_all_sms_that_ever_came_in_are_found_in_pages(app: Flask, coordinator: FlaskClient) -> None:
    with app.app_context(), transaction():
        for number in range(60):
            sms.store(f"SM{number}", "+4915228817386", f"Erledigt {number}.", "", now=NOW)
    pages, path = "", "/messages/received?show=sms"
    for _turn in range(3):
        pages += (page := coordinator.get(path).text)
        following = re.search(r'rel="next" href="([^"]+)"|href="([^"]+)" rel="next"', page)
        path = (following.group(1) or following.group(2)).replace("&amp;", "&") if following else ""
    assert [number for number in range(60) if f">Erledigt {number}.<" not in pages] == []


def test_a_mail_that_is_longer_than_is_shown_says_so_and_where_the_rest_is(
    app: Flask, coordinator: FlaskClient
) -> None:
    long, short = (
        read_mail(f"From: a@b.example\nSubject: x\n\n{text}".encode())
        for text in ("Wort " * 5_000, "Wort " * 1_900)
    )
    assert (long.is_cut, short.is_cut, len(short.text)) == (True, False, 1_900 * 5 - 1)
    mail_id = came_in(app, Outcome.LETTER)
    with app.app_context(), transaction():
        mail = db.session.get_one(InboundMail, mail_id)
        mail.text, mail.is_cut = long.text, long.is_cut
    page = coordinator.get("/messages/received").text
    assert "This is the beginning; the whole mail is in the mailbox box." in page
