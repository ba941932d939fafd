"""Every route with every role: who is let in, what is foreign, what looking changes."""

import pytest
from flask import Flask

from dispatch.web import policy
from dispatch.web.headers import CONTENT_SECURITY_POLICY, MAY_BE_KEPT
from tests.conftest import FrozenClock
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
FOREIGN = ("stranger", "strange lead", "strange interpreter", "auditor", "administrator")
HEADS = ("caseworker", "coordinator", "interpreter")
DONE = range(200, 400)
UNREADY = "health.readyz"
"""Answers 503 where no worker watches, as in these tests."""


@pytest.fixture
def everything(app: Flask, frozen_clock: FrozenClock) -> Stage:
    return stage.build(app)


def test_looking_changes_nothing_whoever_looks(everything: Stage) -> None:
    before = everything.rows()
    for name, browser in everything.browsers.items():
        for rule, path in everything.paths("GET"):
            if rule.endpoint == UNREADY:
                continue
            assert browser.get(path).status_code < 500, (name, path)
            if name in HEADS:
                assert browser.head(path).status_code < 500, (name, path)
    assert everything.rows() == before


def test_nobody_gets_further_than_the_sign_in(everything: Stage) -> None:
    nobody = everything.browsers["nobody"]
    for rule, path in everything.paths("GET"):
        found = policy.policy_of(everything.app, rule.endpoint)
        assert found
        answer = nobody.get(path)
        led = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert led is not found.public, path


def test_every_role_is_let_in_where_its_policy_says_and_nowhere_else(everything: Stage) -> None:
    roles = {"caseworker", "coordinator", "interpreter", "auditor", "administrator"}
    for name in roles:
        for rule, path in everything.paths("GET"):
            if rule.endpoint == UNREADY:
                continue
            found = policy.policy_of(everything.app, rule.endpoint)
            assert found
            status = everything.browsers[name].get(path).status_code
            assert (status in DONE) is found.admits(name), (name, path, status)


def test_what_is_foreign_is_not_there_to_see_or_to_change(everything: Stage) -> None:
    before = everything.rows()
    for name in FOREIGN:
        browser = everything.browsers[name]
        for rule, path in everything.paths("GET", with_id=True):
            if not _public(everything, rule.endpoint):
                answer = browser.get(path)
                assert answer.status_code == _refused(everything, rule.endpoint, name), path
                assert "CANARY" not in answer.text
        for rule, path in everything.paths("POST", with_id=True):
            if not _public(everything, rule.endpoint):
                status = everything.post(browser, path)
                assert status == _refused(everything, rule.endpoint, name), (name, path)
    assert everything.rows() == before


def test_what_does_not_exist_is_not_there_for_those_who_see_all(everything: Stage) -> None:
    absent = {name: 987_654 for name in everything.values if name.endswith("_id")}
    nothing = Stage(everything.app, everything.values | absent, everything.browsers)
    for name in ("coordinator", "caseworker", "interpreter"):
        for rule, path in nothing.paths("GET", with_id=True):
            if "987654" in path:
                status = nothing.browsers[name].get(path).status_code
                assert status == _refused(everything, rule.endpoint, name), path


def test_a_number_no_row_has_and_a_day_nobody_plans_are_nothing(everything: Stage) -> None:
    coordinator = everything.browsers["coordinator"]
    for path in ("/requests/", "/assignments/", "/proposals/", "/messages/"):
        for number in ("-1", "0", str(2**31), "9" * 30, "²", "1.5"):
            assert coordinator.get(path + number).status_code == 404, path + number
    for path in ("/plan", "/day"):
        for day in ("0001-01-01", "9999-12-31", "2027-02-30", "tomorrow"):
            assert coordinator.get(f"{path}/{day}").status_code == 404, (path, day)
            assert coordinator.get(f"{path}?day={day}").status_code == 302, (path, day)


def test_a_way_that_is_neither_offer_nor_assign_is_nothing(everything: Stage) -> None:
    values, before = everything.values, everything.rows()
    path = f"/requests/{values['request_id']}/candidates/{values['interpreter_id']}/perhaps"
    assert everything.post(everything.browsers["coordinator"], path) == 404
    assert everything.rows() == before


def test_every_answer_of_every_route_carries_the_headers(everything: Stage) -> None:
    for name in ("nobody", "coordinator", "interpreter"):
        for rule, path in everything.paths("GET"):
            headers = everything.browsers[name].get(path).headers
            assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "same-origin", path
            if rule.endpoint not in MAY_BE_KEPT:
                assert headers["Cache-Control"] == "no-store", path
    for path, data in (("/nothing-here", None), ("/sign-in", {"email": "x" * 2_000_000})):
        answer = everything.browsers["nobody"].open(
            path, method="POST" if data else "GET", data=data
        )
        assert answer.status_code in {404, 413}
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["Cache-Control"] == "no-store"


def _public(everything: Stage, endpoint: str) -> bool:
    found = policy.policy_of(everything.app, endpoint)
    return found is not None and found.public


def _refused(everything: Stage, endpoint: str, name: str) -> int:
    """Return 404 where the role may look but this thing is foreign, else 403."""
    role = {
        "stranger": "caseworker",
        "strange lead": "organisation_lead",
        "strange interpreter": "interpreter",
    }.get(name, name)
    found = policy.policy_of(everything.app, endpoint)
    return 404 if found and found.admits(role) else 403
