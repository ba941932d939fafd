"""What people do in a browser: the pages they look at, the form they send."""

import re
import threading
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from requests.cookies import RequestsCookieJar

from bench.load.driving import Call
from bench.load.town import Town
from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db
from dispatch.requests.models import InterpretationRequest

HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')


def mix(town: Town) -> list[Call]:
    """Return twenty looks in the mix: start 30 %, list 40 %, one request 25 %, search 5 %."""
    asks = [town.signed_in(Role.CASEWORKER, number) for number in range(4)]
    office = town.signed_in(Role.COORDINATOR)
    with town.app.app_context():
        ids = list(
            db.session.scalars(
                sa.select(InterpretationRequest.id)
                .order_by(InterpretationRequest.starts_at.desc())
                .limit(5)
            )
        )
        db.session.remove()
    here = town.address
    lists = ["/requests", "/requests?show=past", "/requests?show=open", "/messages"]
    paths = [
        *["/"] * 6,
        *(lists * 2),
        *(f"/requests/{id_}" for id_ in ids),
        "/requests?q=klinik",
    ]
    calls = []
    for number, path in enumerate(paths):
        for_office = path.startswith(("/messages", "/requests/", "/requests?show=open"))
        browser = office if for_office or number % 2 else asks[number % len(asks)]
        calls.append(look_at(browser, here + path))
    return calls


def look_at(browser: requests.Session, address: str) -> Call:
    """Return how to look at a page."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return caller("GET", address, {"Cookie": cookies})


def caller(method: str, address: str, headers: Mapping[str, str], body: str | None = None) -> Call:
    """Return how to ask for an address as often as wanted; each thread keeps its connection."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path

    def call() -> int:
        for _attempt in range(2):  # a connection nobody used for long was closed meanwhile
            connection = _connection(parts.netloc)
            try:
                connection.request(method, path, body, dict(headers))
                answer = connection.getresponse()
                answer.read()
                return answer.status
            except (OSError, HTTPException):
                connection.close()
        return 0

    return call


_kept = threading.local()


def _connection(place: str) -> HTTPConnection:
    kept: dict[str, HTTPConnection] = _kept.__dict__
    if place not in kept:
        kept[place] = HTTPConnection(place, timeout=60)
    return kept[place]


def asking(town: Town, count: int) -> list[Call]:
    """Return how so many people ask, each once, forty days ahead and later."""
    browser, page = town.signed_in(Role.CASEWORKER), f"{town.address}/requests/new"
    with town.app.app_context():
        site = db.session.scalar(sa.text("SELECT min(id) FROM sites"))
        db.session.remove()
    day, cookies = (clock.now() + timedelta(days=40)).date(), browser.cookies.copy()

    def ask(number: int) -> Call:
        form = dict(HIDDEN.findall(browser.get(page).text)) | {
            "language": "ro", "site": str(site), "day": f"{day + timedelta(days=number // 12)}",
            "start": f"{8 + number % 12:02}:00", "duration": "45", "setting": "school",
            "interpreter_count": "1",
        }  # fmt: skip
        return lambda: post(page, form, cookies)

    return [ask(number) for number in range(count)]


def post(address: str, form: dict[str, str], cookies: RequestsCookieJar) -> int:
    try:
        return requests.post(
            address, data=form, cookies=cookies, timeout=60, allow_redirects=False
        ).status_code
    except requests.RequestException:
        return 0
