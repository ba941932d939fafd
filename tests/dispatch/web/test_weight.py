"""What goes over the line for a page, compressed: the first time, and once one has the rest."""

import gzip
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.app import STATIC
from dispatch.database import db, transaction
from tests.dispatch.web import stage
from tests.dispatch.web.test_own_language import speak_in_the_city

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
COLD, WARM = 150_000, 30_000
COLD_BOARD, WARM_BOARD = 200_000, 50_000
BOARDS = frozenset({"coordinator.day", "coordinator.day_map"})
LINKED = re.compile(
    r'<(?:link rel="(?:stylesheet|icon|manifest)"|script|img)[^>]*(?:href|src)="([^"]+)"'
)
FACE = re.compile(
    r"font-family: '([^']+)'.*?font-weight: ([^;]+);.*?url\(\./([^)]+)\).*?unicode-range: ([^;]+);",
    re.DOTALL,
)
TAG, OWN_SCRIPTS = re.compile(r"<[^>]*>"), {"de": ("latin-",), "el": ("latin-", "greek-")}
OF_THE_DEVICE = re.compile(r'<span class="tongue__own".*?</span>', re.DOTALL)
"""What is set in the type of the device: names of languages in all scripts there are."""
FIRA = "files/fira-sans-"
AS_A_BROWSER = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("locale", ["de", "el"])
def test_every_page_is_light(app: Flask, frozen_clock: object, locale: str) -> None:
    everything = stage.build(app)
    with app.app_context(), transaction():
        db.session.execute(sa.update(Account).values(locale=locale))
    speak_in_the_city(locale)
    faces = FACE.findall((STATIC / "vendor/vendor.css").read_text("utf-8"))
    known: dict[str, int] = {}
    over, seen = [], 0
    for name, browser in everything.browsers.items():
        for rule, path in everything.paths("GET"):
            answer = browser.get(path, headers={**AS_A_BROWSER, "Accept-Language": locale})
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            warm = len(answer.data)
            page = gzip.decompress(answer.data).decode() if answer.content_encoding else answer.text
            if "<html" not in page:
                continue
            assert f'<html lang="{locale}"' in page
            cold = warm + sum(_weight(browser, at, known) for at in LINKED.findall(page))
            cold += sum(
                (STATIC / "vendor" / font).stat().st_size for font in _fonts(page, locale, faces)
            )
            most = (COLD_BOARD, WARM_BOARD) if rule.endpoint in BOARDS else (COLD, WARM)
            seen += 1
            if cold > most[0] or warm > most[1]:
                over.append(f"{name} {path}: {cold} cold, {warm} warm")
    assert seen > 100
    assert over == []


def _fonts(page: str, locale: str, faces: list[tuple[str, str, str, str]]) -> set[str]:
    """The files of type for the letters of a page: of its own scripts all weights, else the first.

    Of two faces that have a letter a browser takes the one named last.
    """
    wanted = "Fira Sans of two" if locale == "el" else "Fira Sans"
    fonts = set()
    for letter in map(ord, set(TAG.sub("", OF_THE_DEVICE.sub("", page)))):
        files = [
            file for name, _weight, file, held in faces if name == wanted and _has(held, letter)
        ]
        if files:
            script = files[-1][: -len("400-normal.woff2")]
            every = [file for file in files if file[: -len("400-normal.woff2")] == script]
            fonts.update(every if script.removeprefix(FIRA) in OWN_SCRIPTS[locale] else every[:1])
    return fonts


def _has(ranges: str, letter: int) -> bool:
    for each in ranges.split(","):
        first, _dash, last = each.strip().removeprefix("U+").partition("-")
        if int(first, 16) <= letter <= int(last or first, 16):
            return True
    return False


def _weight(browser: FlaskClient, address: str, known: dict[str, int]) -> int:
    if address not in known:
        known[address] = len(browser.get(address, headers=AS_A_BROWSER).data)
    return known[address]
