"""Where a redirect may lead."""

from typing import Any

import pytest
from flask import Flask, url_for

from dispatch.web.urls import address, local_target


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example",
        "javascript:alert(1)", "/day\r\nSet-Cookie: a=b", "///elsewhere.example", "elsewhere",
        "/\t/elsewhere.example", "/\t/[elsewhere",
    ],
)  # fmt: skip
def test_a_redirect_never_leads_away(wanted: str | None) -> None:
    assert local_target(wanted) == "/"


def test_a_page_of_our_own_is_fine() -> None:
    assert local_target("/day/2027-03-01?show=all") == "/day/2027-03-01?show=all"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_is_the_one_flask_writes_wherever_the_application_lies(app: Flask) -> None:
    pages: list[tuple[str, dict[str, Any]]] = [
        ("caseworker.requests", {}),
        ("caseworker.requests", {"q": "ü & 1", "show": "past"}),
        ("caseworker.requests", {"show": ["past", "open"]}),
        ("caseworker.request_page", {"request_id": 1}),
        ("caseworker.request_page", {"request_id": 2}),
        ("caseworker.request_page", {"request_id": 1, "again": True, "_anchor": "story"}),
    ]
    for root in ("/", "/dolmetschen", "/"):
        with app.test_request_context(base_url=f"http://localhost{root}"):
            for endpoint, values in pages * 2:
                assert address(endpoint, **values) == url_for(endpoint, **values)
