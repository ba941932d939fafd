"""What comes from outside passes one gate; nothing anybody sends breaks a page."""

import io
import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.database import transaction
from tests import factories
from tests.browsing import TOKEN, send
from tests.conftest import FrozenClock
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage

pytestmark = pytest.mark.usefixtures("frozen_clock")
WHO = ("nobody", "caseworker", "coordinator", "interpreter")
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW")
DEEP = "[" * 50_000 + "]" * 50_000
NAMES = (
    "email", "password", "next", "language", "site", "day", "start", "duration", "reason",
    "version", "interpreter", "item", "kind", "locale", "span", "until", "disturb_at_most", "q",
    "state", "show", "file", "remember", "include_auth_token", "form_key", "note",
    "interpreter_count", "after", "at", "before", "like", "named", "since", "weeks",
)  # fmt: skip
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')
TEXTS = (
    "", " ", "x", "-1", "0", "1", "9" * 400, "1e999", "nan", "\x00", "a\x00b", "\x1b[31m", "\u202e",
    "e\u0301", "\ufffd", "x" * 5_000, "' OR 1=1 --", "{{7*7}}", "%s%n", "../../etc", "\r\nX: y",
    "2027-03-02", "25:61", "0000-00-00", "kim@example.org", "=1+1", "1-1", "²", "１２",
    "\U0001f600",
)  # fmt: skip
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"email": {"a": [1]}, "password": 5}'),
    ("application/json", b'{"email": "\\ud800", "password": "\\udfff"}'),
    ("application/json", json.dumps(["x", None, True]).encode()),
    ("application/json", DEEP.encode()),
    ("application/json; charset=utf-7", b"+"),
    ("text/plain", b"email=x"),
    ("application/xml", b"<a><b/></a>"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("application/x-www-form-urlencoded", b"email=%ED%A0%80&password=%ff%fe&=&&==&%00=%00"),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00"),
    ("application/x-www-form-urlencoded; charset=utf-16", "email=ä".encode("utf-16")),
    ("", b"\x00\x01"),
    ("image/png;;;=", b"\x89PNG"),
)


HEADERS = (
    ("Referer", "http://[::1"), ("Referer", "http://localhost/requests?q=[::"), ("Host", "[::1"),
    ("Host", "a b"), ("Host", "x" * 3_000), ("Accept-Language", "\xff;q=x,,;q=9"),
    ("Cookie", "dragoman=\xff"), ("Cookie", "dragoman=a.b.c"), ("Cookie", "dragoman=" + "x" * 900),
    ("Cookie", 'dragoman="\\377\\000"'), ("Range", "bytes=5-1"), ("If-None-Match", '"'),
    ("If-Modified-Since", "Sat, 99 Xxx 0000 99:99:99 GMT"), ("X-Forwarded-For", "]"),
    ("X-Forwarded-Proto", "javascript"), ("Accept-Encoding", "gzip;q=nan"), ("HX-Request", "x"),
    ("Accept", "*/*;q=\x7f"), ("Content-Length", "-1"), ("Transfer-Encoding", "chunked"),
    ("Authorization", "Basic !!!"), ("Content-Type", "\xff/\xff;=;"), ("X-CSRFToken", "\xff"),
)  # fmt: skip


@pytest.fixture
def everything(app: Flask, frozen_clock: FrozenClock) -> Stage:
    return stage.build(app)


@pytest.mark.parametrize(
    ("database_url", "people_each"),
    [
        ("sqlite", 2),
        ("postgresql", 1),
        pytest.param("sqlite", len(WHO), marks=pytest.mark.slow),
        pytest.param("postgresql", len(WHO), marks=pytest.mark.slow),
    ],
    indirect=["database_url"],
)
def test_nothing_anybody_sends_breaks_a_page(everything: Stage, people_each: int) -> None:
    """Each address is tried by so many people, the next address by others."""
    chance = random.Random(8)
    every = len(WHO) // people_each
    for place, name in enumerate(WHO):
        browser = everything.browsers[name]
        token, names = _token(browser), sorted({*NAMES, *_fields(everything, browser)})
        for method in ("GET", "POST"):
            for number, (_rule, path) in enumerate(everything.paths(method)):
                if number % every != place % every:
                    continue
                if path == "/readyz" or "/sign-out" in path or "/planning" in path:
                    continue
                for options in _nasty(chance, method, token, names):
                    answer = browser.open(path, method=method, **options)
                    assert answer.status_code < 500, (name, method, path, options)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_header_breaks_a_page(everything: Stage) -> None:
    chance = random.Random(8)
    for name in ("nobody", "coordinator"):
        browser = everything.browsers[name]
        token = _token(browser)
        for method in ("GET", "POST"):
            for _rule, path in everything.paths(method):
                if path == "/readyz" or "/sign-out" in path or "/planning" in path:
                    continue
                for header in [("Referer", "http://[::1"), *chance.sample(HEADERS, 2)]:
                    form = chance.choice(({"csrf_token": token}, {})) if method == "POST" else None
                    answer = browser.open(path, method=method, headers=[header], data=form)
                    assert answer.status_code < 500, (name, method, path, header)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_method_nobody_offers_breaks_nothing_and_changes_nothing(everything: Stage) -> None:
    before = everything.rows()
    everywhere = sorted(
        {path for method in ("GET", "POST") for _, path in everything.paths(method)}
    )
    for name in ("nobody", "coordinator"):
        browser = everything.browsers[name]
        form = {"csrf_token": _token(browser), "reason_office": "x", "step": "arrived"}
        for path in everywhere:
            for method in METHODS:
                answer = browser.open(path, method=method, data=form)
                broken = answer.status_code >= 500 and path != "/readyz"
                assert not broken, (name, method, path, answer.status)
                if method not in {"HEAD", "OPTIONS"}:
                    assert answer.status_code in {405, 415}, (name, method, path, answer.status)
    assert everything.rows() == before


def _fields(everything: Stage, browser: FlaskClient) -> Iterator[str]:
    """Yield the names of all fields of the forms somebody sees: also of those made tomorrow."""
    for _rule, path in everything.paths("GET"):
        if path != "/readyz" and "/sign-out" not in path:
            answer = browser.get(path)
            if answer.mimetype == "text/html":  # others are files to keep
                yield from FIELD.findall(answer.text)


def _nasty(
    chance: random.Random, method: str, token: str, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    def texts() -> dict[str, str]:
        return {one: chance.choice(TEXTS) for one in chance.sample(names, 6)}

    yield {"query_string": texts()}
    yield {"query_string": "q=%ff%00&day=%ED%A0%80&=&state=" + "x" * 3_000}
    if method == "GET":
        return
    yield {"data": {**texts(), "csrf_token": token}}
    yield {"data": {**{one: chance.choice(TEXTS) for one in names}, "csrf_token": token}}
    files = {one: (io.BytesIO(b"hello"), "a.txt") for one in names}
    yield {"data": {**files, "csrf_token": token}, "content_type": "multipart/form-data"}
    headers = {"X-CSRFToken": token}
    for kind, body in chance.sample(BODIES, 3):
        yield {"data": body, "content_type": kind, "headers": headers}


def _token(browser: FlaskClient) -> str:
    found = TOKEN.search(browser.get("/", follow_redirects=True).text)
    assert found
    return found.group(1)


@pytest.mark.parametrize(("kind", "body"), BODIES[:7])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_forms_take_the_encodings_of_forms_and_nothing_else(
    app: Flask, kind: str, body: bytes
) -> None:
    browser = app.test_client()
    headers = {"X-CSRFToken": _token(browser)}
    for path in ("/sign-in", "/sign-in/link", "/language"):
        answer = browser.post(path, data=body, content_type=kind, headers=headers)
        assert answer.status_code == 415, (path, answer.text)
        assert "Formular" in answer.text


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\ufffd", "x" * 20_001])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_no_person_types_is_refused_in_a_form_and_in_an_address(app: Flask, text: str) -> None:
    browser = app.test_client()
    assert browser.get("/sign-in", query_string={"next": text}).status_code == 422
    answer = send(browser, "/sign-in", seen_on="/sign-in", email=text, password="x")
    assert answer.status_code == 422
    assert "Fehler" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_where_a_text_belongs_is_as_if_nothing_had_been_sent(app: Flask) -> None:
    browser = app.test_client()
    fields = {"csrf_token": _token(browser), "email": (io.BytesIO(b"hello"), "a.txt")}
    kind = "multipart/form-data"
    for path in ("/sign-in/link", "/sign-in"):
        nothing = browser.post(path, data={"csrf_token": fields["csrf_token"]}, content_type=kind)
        answer = browser.post(path, data=dict(fields), content_type=kind)
        assert answer.status_code == nothing.status_code < 500
        fields["email"] = (io.BytesIO(b"hello"), "a.txt")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_letters_are_taken_in_the_same_way(app: Flask) -> None:
    answer = send(
        app.test_client(), "/sign-in", seen_on="/sign-in", email="e\u0301@x.org", password="x"
    )
    assert 'value="\u00e9@x.org"' in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_password_of_five_thousand_characters_is_only_a_wrong_one(app: Flask) -> None:
    with app.app_context(), transaction():
        factories.account(of=factories.organisation())
    answer = send(
        app.test_client(),
        "/sign-in",
        seen_on="/sign-in",
        email="nobody@example.org",
        password="x" * 5_000,
    )
    assert answer.status_code == 200
    assert "passen nicht zusammen" in answer.text
