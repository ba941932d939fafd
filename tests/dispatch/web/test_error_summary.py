"""What is wrong in a form is listed on top in the order in which it stands on the page."""

import re

import pytest
from flask import Flask

from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in

ERROR = re.compile(r'id="([\w-]+)-error"')
LINK = re.compile(r'<li><a href="#([\w-]+?)(?:-0)?">')


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_summary_goes_through_the_page_from_top_to_bottom(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
    browser = sign_in(app, caseworker)
    page = send(browser, "/requests/new", seen_on="/requests/new", duration="0", setting="x").text
    listed = LINK.findall(page)
    shown = [one for one in ERROR.findall(page) if one in listed]
    assert len(listed) >= 4
    assert listed == shown
