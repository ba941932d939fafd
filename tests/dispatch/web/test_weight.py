"""What goes over the line for a page, compressed: the first time, and once one has the rest."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.app import STATIC
from tests.dispatch.web import stage

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
FONTS = "vendor/files/fira-sans-latin-[456]00-normal.woff2"
"""What a page in German or English needs of the type: three weights of Latin letters."""
AS_A_BROWSER = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}


def test_every_page_is_light(app: Flask, frozen_clock: object) -> None:
    everything = stage.build(app)
    fonts = sum(font.stat().st_size for font in STATIC.glob(FONTS))
    known: dict[str, int] = {}
    over, seen = [], 0
    for name, browser in everything.browsers.items():
        for rule, path in everything.paths("GET"):
            answer = browser.get(path, headers=AS_A_BROWSER)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            warm = len(answer.data)
            page = gzip.decompress(answer.data).decode() if answer.content_encoding else answer.text
            cold = warm + fonts + sum(_weight(browser, at, known) for at in LINKED.findall(page))
            most = (COLD_BOARD, WARM_BOARD) if rule.endpoint in BOARDS else (COLD, WARM)
            seen += 1
            if cold > most[0] or warm > most[1]:
                over.append(f"{name} {path}: {cold} cold, {warm} warm")
    assert seen > 100
    assert over == []


def _weight(browser: FlaskClient, address: str, known: dict[str, int]) -> int:
    if address not in known:
        known[address] = len(browser.get(address, headers=AS_A_BROWSER).data)
    return known[address]
