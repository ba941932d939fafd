"""Whatever is sent along, a redirect stays here, and links lead to the address of the settings."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.accounts import links, service
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from tests.browsing import TOKEN, send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all
from tests.dispatch.web import stage
from tests.windows import send_wanted_links

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
HERE, ELSEWHERE = "localhost", "elsewhere.example"
LEADS_AWAY = (
    "https://elsewhere.example/", "HTTP:elsewhere.example", "http:///elsewhere.example",
    "//elsewhere.example", "///elsewhere.example", "////elsewhere.example", "/\\elsewhere.example",
    "\\\\elsewhere.example", "\\/elsewhere.example", "/\t/elsewhere.example",
    "\t//elsewhere.example",
    " //elsewhere.example", "/ /elsewhere.example", "//elsewhere.example%2f@localhost/",
    "//localhost@elsewhere.example/", "https://localhost.elsewhere.example/",
    "//elsewhere\u3002example",
    "/%09/elsewhere.example", "/%5celsewhere.example", "/..//elsewhere.example",
    "javascript:location='//elsewhere.example'", "data:text/html,x", "/./\\/elsewhere.example",
    "localhost:elsewhere.example",
)  # fmt: skip
PASSWORD = "a good long password"


@pytest.fixture
def kim(app: Flask) -> Account:
    with app.app_context(), transaction():
        return service.add(
            SYSTEM,
            email="kim@example.org",
            name="Kim Muster",
            role=Role.COORDINATOR,
            organisation=None,
            password=PASSWORD,
            now=clock.now(),
        )


def by_password(app: Flask, kim: Account, wanted: str) -> TestResponse:
    return send(
        app.test_client(), "/sign-in", seen_on="/sign-in", email=kim.email, password=PASSWORD,
        next=wanted,
    )  # fmt: skip


def by_password_and_address(app: Flask, kim: Account, wanted: str) -> TestResponse:
    browser = app.test_client()
    found = TOKEN.search(browser.get("/sign-in").text)
    assert found
    form = {"csrf_token": found.group(1), "email": kim.email, "password": PASSWORD}
    return browser.post("/sign-in", query_string={"next": wanted}, data=form)


def signed_in_already(app: Flask, kim: Account, wanted: str) -> TestResponse:
    return sign_in(app, kim).get("/sign-in", query_string={"next": wanted})


def asking_for_a_link(app: Flask, kim: Account, wanted: str) -> TestResponse:
    return send(
        app.test_client(), "/sign-in/link", seen_on="/sign-in", email=kim.email, next=wanted
    )


def by_link(app: Flask, kim: Account, wanted: str) -> TestResponse:
    with app.app_context(), transaction():
        token = links.issue(db.session.get_one(Account, kim.id), clock.now(), leads_to=wanted)
    return send(app.test_client(), f"/sign-in/link/{token}", seen_on=f"/sign-in/link/{token}")


def choosing_a_language(app: Flask, kim: Account, wanted: str) -> TestResponse:
    return send(app.test_client(), "/language", seen_on="/sign-in", locale="de", next=wanted)


def pointing_at_a_language(app: Flask, kim: Account, wanted: str) -> TestResponse:
    return send(sign_in(app, kim), "/languages/point", seen_on="/", form=wanted, language="ro")


def sent_from_elsewhere(app: Flask, kim: Account, wanted: str) -> TestResponse:
    as_sent = wanted.strip().encode().decode("latin-1")
    return sign_in(app, kim).post("/requests/1/cancel", headers={"Referer": as_sent})


DOORS: tuple[Callable[[Flask, Account, str], TestResponse], ...] = (
    by_password, by_password_and_address, signed_in_already, asking_for_a_link, by_link,
    choosing_a_language, pointing_at_a_language, sent_from_elsewhere,
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_through_no_door_a_redirect_leads_away(
    app: Flask, frozen_clock: FrozenClock, kim: Account, door: Callable[..., TestResponse]
) -> None:
    for wanted in LEADS_AWAY:
        frozen_clock.advance(hours=1)  # nobody is told that they try too often
        answer = door(app, kim, wanted)
        assert answer.status_code < 500, wanted
        if "Location" in answer.headers:
            assert host_of(answer.location) == HERE, wanted
        elif door is not sent_from_elsewhere:
            assert answer.status_code in {200, 422}, wanted  # the form again


def host_of(location: str) -> str | None:
    """Return the host a browser goes to: it reads \\ as / and leaves tabs and line breaks out."""
    read = location.translate({9: None, 10: None, 13: None}).strip().replace("\\", "/")
    while read.startswith("///"):
        read = read[1:]
    return urlsplit(urljoin(f"http://{HERE}/sign-in", read)).hostname


def test_a_foreign_host_stands_in_no_page_no_redirect_and_no_mail(
    app: Flask, frozen_clock: FrozenClock, kim: Account
) -> None:
    everything = stage.build(app)
    forged = {
        "Host": ELSEWHERE, "X-Forwarded-Host": ELSEWHERE, "X-Forwarded-Server": ELSEWHERE,
        "X-Host": ELSEWHERE, "Forwarded": f"host={ELSEWHERE}", "X-Forwarded-Proto": "gopher",
        "X-Original-Url": f"http://{ELSEWHERE}/", "X-Forwarded-Port": "1234",
    }  # fmt: skip
    for name in ("nobody", "caseworker", "coordinator", "interpreter"):
        browser = everything.browsers[name]
        for _rule, path in everything.paths("GET"):
            answer = browser.get(path, headers=forged)
            assert ELSEWHERE not in answer.text, (name, path)
            assert ELSEWHERE not in answer.headers.get("Location", ""), (name, path)
    _ask_for_a_link(app.test_client(), kim, forged)
    with app.app_context():
        send_wanted_links(clock.now())
        deliver_all()
        bodies = [message.body for message in db.session.query(Message)]
    assert len(bodies) > 10
    assert not [body for body in bodies if ELSEWHERE in body]


def _ask_for_a_link(browser: FlaskClient, kim: Account, forged: dict[str, str]) -> None:
    found = TOKEN.search(browser.get("/sign-in").text)
    assert found
    answer = browser.post(
        "/sign-in/link", headers=forged, data={"csrf_token": found.group(1), "email": kim.email}
    )
    assert answer.status_code == 302


def test_a_query_without_end_is_not_carried_to_the_page_for_signing_in(app: Flask) -> None:
    page = "/requests?q="
    assert app.test_client().get(page + "x" * 900).location.endswith("x" * 900)
    for long in ("x" * 2_000, "e%CC%81" * 2_000):
        assert app.test_client().get(page + long).location == "/sign-in?next=/requests"
