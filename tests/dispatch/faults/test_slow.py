"""Those who send slowly keep nobody waiting; with a slow database nothing piles up."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.settings import Settings
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.faults.serving import pages_of
from tests.dispatch.faults.wire import wire_to

SLOW_ONES = 40
"""More than there are threads."""
PEOPLE, MOST_SECONDS = 20, 5
ANSWERED_WITHIN_SECONDS = 10
HALF = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nemail="


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("begun", [b"GET /sign-in HTTP/1.1\r\nHost: x\r\nAcc", HALF])
def test_forty_who_send_half_a_request_hold_no_thread(settings: Settings, begun: bytes) -> None:
    with pages_of(settings) as pages, ExitStack() as connections:
        place = urlsplit(pages.address)
        for _ in range(SLOW_ONES):
            slow = socket.create_connection((str(place.hostname), int(place.port or 0)))
            connections.enter_context(slow).sendall(begun)
        answer = requests.get(f"{pages.address}/sign-in", timeout=ANSWERED_WITHIN_SECONDS)
        assert answer.status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_300_ms_away_makes_pages_slow_and_nothing_else(settings: Settings) -> None:
    with wire_to(settings.database_url) as wire:
        app = create_app(settings.model_copy(update={"database_url": wire.url}))
        with app.app_context(), transaction():
            asks = factories.account(of=factories.organisation())
        browsers = [sign_in(app, asks) for _ in range(PEOPLE)]

        def look(browser: FlaskClient) -> tuple[int, float]:
            begun = monotonic()
            return browser.get("/requests").status_code, monotonic() - begun

        wire.delay_seconds = 0.3
        with ThreadPoolExecutor(PEOPLE) as people:
            answers = list(people.map(look, browsers))
        assert {status for status, _seconds in answers} == {200}
        assert max(seconds for _status, seconds in answers) <= MOST_SECONDS
        wire.delay_seconds = 0
        assert look(browsers[0])[1] <= 1
        with app.app_context():
            db.engine.dispose()
