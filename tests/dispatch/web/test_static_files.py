"""Static files are small on the way and fetched once."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from dispatch.app import STATIC
from dispatch.web.static_files import address_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_file_a_page_names_is_compressed_and_kept_for_a_year(app: Flask) -> None:
    browser = app.test_client()
    page = browser.get("/sign-in").text
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(named) > 5
    for address in named:
        answer = browser.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if not address.endswith(".png"):  # a picture that is small already
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert gzip.decompress(answer.data) == browser.get(address).data


def test_a_changed_file_has_another_address(app: Flask, tmp_path: Path) -> None:
    assert app.static_url_path == address_of(STATIC)
    (tmp_path / "a.css").write_text("a {}")
    before = address_of(tmp_path)
    (tmp_path / "a.css").write_text("b {}")
    assert address_of(tmp_path) != before
    assert app.test_client().get("/static/0123456789abcdef/layout.css").status_code == 404
