"""Signing in, and being kept out."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pydantic import HttpUrl
from werkzeug.test import TestResponse

from dispatch.accounts import links, service, sessions, tries
from dispatch.accounts.models import Account, BrowserSession, WantedLink
from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.errors import Gone, NotFound, Refusal, TooMany
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.settings import Settings
from tests import factories
from tests.browsing import TOKEN, send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW
from tests.windows import send_wanted_links

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
    for minutes in (1, 2, 4, 8, 15, 15):
        frozen_clock.advance(minutes=minutes, seconds=-1)
        assert guess("wrong guess") == 429
        frozen_clock.advance(seconds=1)
        assert guess("wrong guess") == 200
    frozen_clock.advance(minutes=15)
    assert guess("correct horse battery staple") == 302
    client = app.test_client()
    assert {guess("wrong guess") for _ in range(9)} == {200}, "who got in starts anew"


def test_looking_at_a_link_does_not_use_it_up(app: Flask) -> None:
    account = add(app)
    with app.app_context(), transaction():
        token = links.issue(db.session.get_one(Account, account.id), NOW)
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
            token = links.issue(db.session.get_one(Account, account.id), NOW)
        with pytest.raises(Gone):
            links.peek(token, frozen_clock.advance(hours=72))
        with pytest.raises(NotFound):
            links.peek("made-up", NOW)


def test_asking_for_a_link_says_the_same_for_known_and_unknown_addresses(app: Flask) -> None:
    add(app)
    for email in ("kim@example.org", "nobody@example.org"):
        client = app.test_client()
        answer = send(client, "/sign-in/link", seen_on="/sign-in", email=email)
        assert answer.status_code == 302
        page = client.get("/sign-in").text
        assert "Wenn es zu dieser Adresse ein Konto gibt" in page
    with app.app_context():
        send_wanted_links(NOW)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WantedLink)) == 0
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
    for _ in range(23):
        frozen_clock.advance(minutes=26)
        assert client.get("/").status_code == 200
    frozen_clock.advance(minutes=2)
    assert client.get("/").status_code == 302


def test_a_session_nobody_uses_ends_after_half_an_hour(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    client = sign_in(app, add(app))
    frozen_clock.advance(minutes=30)
    assert client.get("/").status_code == 302
    frozen_clock.advance(days=1)
    with app.app_context():
        with transaction():
            sessions.forget_old(frozen_clock.now)
        assert db.session.scalars(sa.select(BrowserSession.id)).all() == []


def test_who_only_looks_around_leaves_nothing_behind(app: Flask) -> None:
    for path in ("/sign-in", "/", "/nothing-here", "/sign-in/link/made-up", "/o/made-up"):
        client = app.test_client()
        client.get(path)
        client.get(path)
    with app.app_context():
        assert db.session.scalars(sa.select(BrowserSession.id)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_but_a_session_says_who_somebody_is(app: Flask) -> None:
    account = add(app)
    client = app.test_client()
    answer = send(
        client, "/sign-in?include_auth_token=1", seen_on="/sign-in", email="kim@example.org",
        password="correct horse battery staple", remember="y", include_auth_token="1",
    )  # fmt: skip
    assert "remember_token" not in str(answer.headers)
    with app.test_request_context():
        token = account.get_auth_token()
    by_header = app.test_client().get("/", headers={"Authentication-Token": token})
    by_address = app.test_client().get("/", query_string={"auth_token": token})
    assert {by_header.status_code, by_address.status_code} == {302}
    assert app.test_client().get("/verify").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_password_that_is_wrong_is_never_told_in_another_language_of_the_web(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/html"


def test_who_is_let_in_again_starts_without_sessions_and_links(app: Flask) -> None:
    account = add(app)
    client, link = sign_in(app, account), _link(app, account)
    for verb in (service.disable, service.enable):
        with app.app_context(), transaction():
            verb(SYSTEM, "kim@example.org", now=NOW)
        assert client.get("/").status_code == 302
    assert app.test_client().get(f"/sign-in/link/{link}").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_cookie_is_for_this_host_alone(app: Flask, settings: Settings) -> None:
    here = settings.model_copy(update={"public_base_url": HttpUrl("https://dolmetschen.example")})
    secure = create_app(here).test_client()
    cookie = secure.get("/sign-in", base_url="https://dolmetschen.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-dragoman=")
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_a_link_leads_to_where_one_wanted_to_go(app: Flask) -> None:
    account = add(app)
    client = app.test_client()
    led = client.get("/messages?state=failed").location
    assert led
    found = re.search(r'name="next" value="([^"]+)"', client.get(led).text)
    assert found
    send(client, "/sign-in/link", seen_on=led, email=account.email, next=found.group(1))
    with app.app_context():
        send_wanted_links(NOW)
        body = db.session.scalars(sa.select(Message.body)).one()
    path = re.search(r"/sign-in/link/[\w-]+", body)
    assert path
    answer = send(client, path.group(), seen_on=path.group())
    assert answer.location == "/messages?state=failed"


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


def test_who_reads_what_the_city_does_not_offer_can_keep_it_and_others_cannot_choose_it(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        reads_greek = factories.account(locale="el", of=factories.organisation())
    client = sign_in(app, reads_greek)
    assert "Ελληνικά" in client.get("/").text
    send(client, "/language", seen_on="/", locale="en", next="/")
    assert '<html lang="en">' in client.get("/").text
    send(client, "/language", seen_on="/", locale="el", next="/")
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "kim"}, "email-invalid"),
        ({"role": "boss"}, "unknown-role"),
        ({"locale": "el"}, "locale-not-offered"),
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
        return links.issue(db.session.get_one(Account, account.id), NOW)


def test_a_link_of_somebody_who_was_shut_out_no_longer_works(app: Flask) -> None:
    account = add(app)
    token = _link(app, account)
    with app.app_context():
        with transaction():
            db.session.get_one(Account, account.id).active = False
        with pytest.raises(Gone):
            links.peek(token, NOW + timedelta(minutes=1))


def guess(app: Flask, email: str, network: str, password: str = "wrong guess") -> int:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    return send(client, "/sign-in", seen_on="/sign-in", email=email, password=password).status_code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_guesses_locks_neither_neighbours_nor_the_person_out(app: Flask) -> None:
    right, town_hall = "correct horse battery staple", "192.0.2.1"
    add(app)
    add(app, email="toni@example.org")
    for _ in range(11):
        guess(app, "kim@example.org", town_hall)
    assert guess(app, "kim@example.org", town_hall, right) == 429
    assert guess(app, "kim@example.org", "192.0.2.99", right) == 302
    assert guess(app, "toni@example.org", town_hall, right) == 302
    for number in range(20):
        guess(app, f"nobody{number}@example.org", town_hall)
    assert guess(app, "toni@example.org", town_hall, right) == 302


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("later", "seconds", "said"),
    [(0, "60", "warten Sie 1 Minute oder"), (20, "40", "warten Sie 40 Sekunden oder")],
)
def test_whoever_guessed_too_often_reads_how_long_to_wait(
    app: Flask, frozen_clock: FrozenClock, later: int, seconds: str, said: str
) -> None:
    add(app)
    for _ in range(10):
        guess(app, "kim@example.org", "192.0.2.1")
    frozen_clock.advance(seconds=later)
    fields = {"email": "kim@example.org", "password": "wrong guess"}
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    refused = send(client, "/sign-in", seen_on="/sign-in", **fields)
    assert (refused.status_code, refused.headers.get("Retry-After")) == (429, seconds)
    assert said in refused.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_guessing_one_account_from_everywhere_is_slowed_down_too(app: Flask) -> None:
    add(app)
    with app.app_context():
        for number in range(100):
            with transaction():
                tries.take(tries.keys_of("password", "kim@example.org", f"net{number}"), NOW)
    assert guess(app, "kim@example.org", "192.0.2.1", "correct horse battery staple") == 429
    asked = send(app.test_client(), "/sign-in/link", seen_on="/sign-in", email="kim@example.org")
    assert asked.status_code == 302, "a link by e-mail stays open"


def test_twenty_guesses_at_the_same_moment_are_ten(app: Flask) -> None:
    keys = tries.keys_of("password", "kim@example.org", "192.0.2.1")
    together = Barrier(20)

    def one(_number: int) -> bool:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    tries.take(keys, NOW)
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(one, range(20))) == 10


def test_one_link_used_eight_times_at_the_same_moment_signs_in_once(app: Flask) -> None:
    account = add(app)
    for _ in range(5):
        path = f"/sign-in/link/{_link(app, account)}"
        browsers = [app.test_client() for _ in range(8)]
        tokens = [TOKEN.search(one.get(path).text).group(1) for one in browsers]  # type: ignore[union-attr]
        together = Barrier(8)

        def press(browser: FlaskClient, token: str) -> int:
            together.wait()  # noqa: B023 - pressed before the next round begins
            return browser.post(path, data={"csrf_token": token}).status_code  # noqa: B023

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(press, browsers, tokens))
        inside = [browser for browser in browsers if browser.get("/").status_code == 200]
        assert len(inside) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asking_for_links_too_often_is_stopped_and_later_it_is_open_again(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    add(app)

    def ask() -> TestResponse:
        client = app.test_client()
        return send(client, "/sign-in/link", seen_on="/sign-in", email="kim@example.org")

    assert {ask().status_code for _ in range(10)} == {302}
    refused = ask()
    assert refused.status_code == 429
    assert "warten Sie 1 Minute." in refused.text, "another link is no way out"
    frozen_clock.advance(minutes=1)
    assert ask().status_code == 302


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
        send_wanted_links(NOW)
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
