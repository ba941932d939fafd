"""Signing in, and being kept out."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts import service
from dispatch.accounts.models import Account, BrowserSession
from dispatch.database import db, transaction
from dispatch.errors import Gone, NotFound, Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


def add(app: Flask, **changed: str | None) -> Account:
    given: dict[str, str | None] = {
        "email": "kim@example.org",
        "name": "Kim Muster",
        "role": "coordinator",
        "organisation": None,
        "password": "correct horse battery staple",
        **changed,
    }
    with app.app_context(), transaction():
        return service.add(SYSTEM, now=NOW, **given)  # type: ignore[arg-type]


def test_the_right_password_signs_in(app: Flask) -> None:
    add(app)
    client = app.test_client()
    answer = send(
        client,
        "/sign-in",
        seen_on="/sign-in",
        email="kim@example.org",
        password="correct horse battery staple",
    )
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_wrong_password_and_unknown_address_read_the_same(app: Flask) -> None:
    add(app)
    answers = [
        re.sub(
            r'(content|value)="[^"]*"',
            "",
            send(
                app.test_client(),
                "/sign-in",
                seen_on="/sign-in",
                email=email,
                password="wrong guess",
            ).text,
        )
        for email in ("kim@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("password", ["", "wrong guess"])
def test_what_does_not_belong_together_is_told_once(app: Flask, password: str) -> None:
    add(app)
    fields = {"email": "kim@example.org" if password else "", "password": password}
    page = send(app.test_client(), "/sign-in", seen_on="/sign-in", **fields).text
    assert page.count("E-Mail-Adresse und Passwort passen nicht zusammen") == 1


def test_the_eleventh_guess_is_stopped_and_later_it_is_open_again(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    add(app)
    client = app.test_client()

    def guess(password: str) -> int:
        return send(
            client, "/sign-in", seen_on="/sign-in", email="kim@example.org", password=password
        ).status_code

    assert {guess("wrong guess") for _ in range(10)} == {200}
    assert guess("correct horse battery staple") == 429
    frozen_clock.advance(minutes=16)
    assert guess("correct horse battery staple") == 302


def test_looking_at_a_link_does_not_use_it_up(app: Flask) -> None:
    account = add(app)
    with app.app_context(), transaction():
        token = service.issue_link(db.session.get_one(Account, account.id), NOW)
    client = app.test_client()
    for _ in range(3):
        assert client.get(f"/sign-in/link/{token}").status_code == 200
    path = f"/sign-in/link/{token}"
    assert send(client, path, seen_on=path).status_code == 302
    assert app.test_client().get(path).status_code == 410


def test_a_link_runs_out_after_three_days(app: Flask, frozen_clock: FrozenClock) -> None:
    account = add(app)
    with app.app_context():
        with transaction():
            token = service.issue_link(db.session.get_one(Account, account.id), NOW)
        with pytest.raises(Gone):
            service.peek_link(token, frozen_clock.advance(hours=72))
        with pytest.raises(NotFound):
            service.peek_link("made-up", NOW)


def test_asking_for_a_link_says_the_same_for_known_and_unknown_addresses(app: Flask) -> None:
    add(app)
    for email in ("kim@example.org", "nobody@example.org"):
        client = app.test_client()
        answer = send(client, "/sign-in/link", seen_on="/sign-in", email=email)
        assert answer.status_code == 302
        page = client.get("/sign-in").text
        assert "Wenn es zu dieser Adresse ein Konto gibt" in page
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


def test_signing_in_gives_the_browser_a_new_key(app: Flask) -> None:
    account = add(app)
    client = app.test_client()
    client.get("/sign-in")
    before = client.get_cookie("dragoman")
    path = f"/sign-in/link/{_link(app, account)}"
    send(client, path, seen_on=path)
    after = client.get_cookie("dragoman")
    assert before
    assert after
    assert before.value != after.value


def test_signing_out_ends_the_session_on_the_server(app: Flask) -> None:
    client = sign_in(app, add(app))
    stolen = client.get_cookie("dragoman")
    assert stolen
    send(client, "/sign-out", seen_on="/")
    thief = app.test_client()
    thief.set_cookie("dragoman", stolen.value)
    assert thief.get("/").status_code == 302


def test_a_session_ends_after_ten_hours(app: Flask, frozen_clock: FrozenClock) -> None:
    client = sign_in(app, add(app))
    frozen_clock.advance(hours=10)
    assert client.get("/").status_code == 302


def test_the_database_holds_only_a_hash_of_the_cookie(app: Flask) -> None:
    client = sign_in(app, add(app))
    cookie = client.get_cookie("dragoman")
    assert cookie
    with app.app_context():
        stored = db.session.scalars(sa.select(BrowserSession.key_hash)).all()
    assert cookie.value not in stored


def test_the_language_follows_the_person(app: Flask) -> None:
    client = sign_in(app, add(app))
    assert '<html lang="de">' in client.get("/").text
    send(client, "/language", seen_on="/", locale="en", next="/")
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "kim"}, "email-invalid"),
        ({"role": "boss"}, "unknown-role"),
        ({"role": "caseworker"}, "organisation-missing"),
        ({"role": "caseworker", "organisation": "Nowhere"}, "unknown-organisation"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    app: Flask, changed: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        add(app, **changed)
    assert refused.value.code == code


def test_one_address_has_one_account(app: Flask) -> None:
    add(app)
    with pytest.raises(Refusal) as refused:
        add(app, email="KIM@example.org")
    assert refused.value.code == "email-taken"


def _link(app: Flask, account: Account) -> str:
    with app.app_context(), transaction():
        return service.issue_link(db.session.get_one(Account, account.id), NOW)


def test_a_link_of_somebody_who_was_shut_out_no_longer_works(app: Flask) -> None:
    account = add(app)
    token = _link(app, account)
    with app.app_context():
        with transaction():
            db.session.get_one(Account, account.id).active = False
        with pytest.raises(Gone):
            service.peek_link(token, NOW + timedelta(minutes=1))


def guess(app: Flask, email: str, network: str, password: str = "wrong guess") -> int:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    return send(client, "/sign-in", seen_on="/sign-in", email=email, password=password).status_code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_guesses_are_counted_per_account_and_per_network(app: Flask) -> None:
    right = "correct horse battery staple"
    add(app)
    add(app, email="toni@example.org")
    for number in range(10):
        guess(app, "kim@example.org", f"192.0.2.{number}")
    assert guess(app, "kim@example.org", "192.0.2.99", right) == 429
    assert guess(app, "toni@example.org", "192.0.2.1", right) == 302
    for number in range(10):
        guess(app, f"nobody{number}@example.org", "198.51.100.1")
    assert guess(app, "toni@example.org", "198.51.100.1", right) == 429
    assert guess(app, "toni@example.org", "198.51.100.2", right) == 302


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asking_for_links_too_often_is_stopped_and_later_it_is_open_again(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    add(app)

    def ask() -> int:
        client = app.test_client()
        return send(
            client, "/sign-in/link", seen_on="/sign-in", email="kim@example.org"
        ).status_code

    assert {ask() for _ in range(10)} == {302}
    assert ask() == 429
    frozen_clock.advance(minutes=16)
    assert ask() == 302


def test_shutting_somebody_out_ends_the_session_and_both_ways_in(app: Flask) -> None:
    account = add(app)
    client = sign_in(app, account)
    assert client.get("/").status_code == 200
    with app.app_context(), transaction():
        db.session.get_one(Account, account.id).active = False
    assert client.get("/").status_code == 302
    assert guess(app, "kim@example.org", "192.0.2.1", "correct horse battery staple") == 200
    send(app.test_client(), "/sign-in/link", seen_on="/sign-in", email="kim@example.org")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("email", ["kim", "", "@", "kim@", "x" * 5000 + "@example.org"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_address_is_answered_like_any_other(app: Flask, email: str) -> None:
    client = app.test_client()
    assert send(client, "/sign-in/link", seen_on="/sign-in", email=email).status_code == 302
    page = send(client, "/sign-in", seen_on="/sign-in", email=email, password="wrong")
    assert page.status_code == 200


def test_a_character_no_database_keeps_is_refused_at_the_door(app: Flask) -> None:
    answer = send(
        app.test_client(), "/sign-in/link", seen_on="/sign-in", email="kim\x00@example.org"
    )
    assert answer.status_code == 422
