"""Every route is guarded, and what is foreign does not exist."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.requests.models import InterpretationRequest
from dispatch.web import policy
from dispatch.web.headers import CONTENT_SECURITY_POLICY
from tests import cast, factories
from tests.browsing import sign_in

pytestmark = pytest.mark.usefixtures("frozen_clock")
OPEN_TO_ALL = {
    "account.choose_language",
    "account.manifest",  # what a telephone installs: says nothing of anybody
    "account.service_worker",
    "account.send_link",
    "account.show_link",
    "account.use_link",
    "interpreter.answer_by_link",
    "interpreter.answer_terms_by_link",
    "interpreter.answer_terms_together",
    "interpreter.answer_together",
    "interpreter.changed_terms",
    "interpreter.ask_day_before",
    "interpreter.ask_withdraw_by_link",
    "interpreter.cannot_come_by_link",
    "interpreter.confirm_by_link",
    "interpreter.offer",
    "interpreter.offers_together",
    "interpreter.terms_together",
    "interpreter.withdraw_by_link",
    "security.login",
    "feed.calendar",  # the address is the key
    "provider.receipt",  # signed by the SMS provider
    "provider.received",
    "provider.reported_by_seven",
    "health.healthz",
    "health.readyz",
    "static",
}


def test_every_route_has_a_policy_and_only_known_ones_are_open(app: Flask) -> None:
    policies = {
        rule.endpoint: policy.policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules()
    }
    assert None not in policies.values()
    anonymous = {endpoint for endpoint, found in policies.items() if found and found.public}
    assert anonymous <= OPEN_TO_ALL | {"security.static"}


def test_a_route_without_a_policy_stops_the_start(app: Flask) -> None:
    bare = Flask("bare")
    policy.guard(bare, {"static": policy.PUBLIC})
    bare.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(policy.RouteWithoutPolicy, match="forgotten"):
        policy.require_policies(bare)


def test_without_signing_in_every_page_leads_to_the_sign_in(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/requests", "/requests/new", "/day", "/plan", "/offers", "/messages"):
        answer = client.get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in"), path


COORDINATOR_ONLY = ("/day", "/plan", "/messages")
ROLES_WITHOUT = (Role.CASEWORKER, Role.INTERPRETER, Role.AUDITOR)


@pytest.mark.parametrize("role", ROLES_WITHOUT)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_the_coordinators_is_nobody_elses(app: Flask, role: str) -> None:
    with app.app_context(), transaction():
        account = factories.account(role, of=factories.organisation())
    client = sign_in(app, account)
    for path in COORDINATOR_ONLY:
        assert client.get(path, follow_redirects=True).status_code == 403, path


def test_a_foreign_request_is_not_there(app: Flask) -> None:
    with app.app_context():
        people = cast.assemble()
        with transaction():
            request_id = factories.asked(by=people.caseworker, case_reference="CANARY").id
    accounts = {"mate": people.team_mate, "stranger": people.stranger}
    clients = {name: sign_in(app, account) for name, account in accounts.items()}
    own = clients["mate"].get(f"/requests/{request_id}")
    assert own.status_code == 200
    assert "CANARY" in own.text
    for path in (f"/requests/{request_id}", f"/requests/{request_id}/cancel"):
        answer = clients["stranger"].get(path)
        assert answer.status_code == 404
        assert "CANARY" not in answer.text


def test_the_coordinator_does_not_see_the_case_reference(app: Flask) -> None:
    with app.app_context():
        people = cast.assemble()
        with transaction():
            request_id = factories.asked(by=people.caseworker, case_reference="CANARY").id
    client = sign_in(app, people.coordinator)
    assert "CANARY" not in client.get(f"/requests/{request_id}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_answer_carries_the_headers_that_protect_it(app: Flask) -> None:
    answer = app.test_client().get("/sign-in")
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_forbids_frames_foreign_sources_and_inline_scripts() -> None:
    allowed = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert allowed["default-src"] == allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == allowed["form-action"] == "'self'"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_without_its_token_changes_nothing(app: Flask) -> None:
    with app.app_context(), transaction():
        account: Account = factories.account(of=factories.organisation())
    client: FlaskClient = sign_in(app, account)
    answer = client.post("/requests/new", data={"language": "ro"})
    assert (answer.status_code, answer.location) == (302, "/requests/new")
    with app.app_context():
        assert db.session.query(InterpretationRequest).count() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_megabytes_are_refused_in_plain_words(app: Flask) -> None:
    with app.app_context(), transaction():
        account = factories.account(of=factories.organisation())
    client = sign_in(app, account)
    answer = client.post("/requests/new", data={"note": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "one megabyte is the most" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_refused_stands_in_the_log_without_what_was_in_the_address(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context(), transaction():
        account = factories.account(Role.INTERPRETER)
    sign_in(app, account).get("/messages?q=CANARY")
    refused = [one.getMessage() for one in caplog.records if one.name == policy.__name__]
    assert refused == [f"coordinator.messages refused to account {account.id}, interpreter"]
    assert "CANARY" not in caplog.text
