"""Where a redirect may lead."""

import pytest

from dispatch.web.urls import local_target


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
