"""What commands print is read by people: names of languages and states, never their codes."""

import re

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.availability.rules import Way
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.rules import RequestState
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-03-01T08:00Z"
CODES = re.compile(r"\b(kmr|apc|und|[a-z]+_[a-z_]+)\b")
"""Tags that are no words, and states, ways or settings as they are stored."""


def test_no_command_prints_a_code_for_what_has_a_name(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR).email
        asked, other = factories.asked("kmr", by=kim), factories.asked("kmr", by=kim)
        waits = factories.asked("apc", by=kim)
        waits.state, waits.needs_review = RequestState.IN_REVIEW, True
        mira = factories.interpreter("kmr")
        coming = factories.coming(asked, mira)
        ada = factories.interpreter("kmr", name="Ada")
        offers.make(SYSTEM, other.id, ada.id, now=factories.NOW)
        number, unsure, number_of = asked.reference, other.reference, str(coming.id)
        email, who, site = kim.email, mira.account.email, asked.site.register_number
        assert coming.way == Way.ON_SITE
    add = ("--site", site, "--day", "2027-03-16", "--start", "10:00", "--setting", "job_centre")
    tuesday = ("--from", "2027-03-02", "--until", "2027-03-02")
    commands: tuple[tuple[str, ...], ...] = (
        ("requests", "add", "--as", email, "--language", "kmr", *add),
        ("requests", "list", "--as", email),
        ("requests", "show", number, "--as", office),
        ("requests", "show", unsure, "--as", email),
        ("drafts", "keep", "Amt", "--as", email, "--language", "kmr"),
        ("drafts", "show", "Amt", "--as", email),
        ("series", "ask", number, "--as", email, "--first", "2027-03-09", "--count", "2"),
        ("offers", "show", number),
        ("offers", "show", unsure),
        ("offers", "candidates", unsure),
        ("offers", "help", unsure),
        ("offers", "rescue", number),
        ("offers", "long-ways"),
        ("interpreters", "show", who),
        ("interpreters", "absent", who, *tuesday),
        ("interpreters", "conditions", who),
        ("day", "late", number_of, "--as", who, "--minutes", "10"),
    )
    said = {}
    for command in commands:
        done = dragoman(*command, DRAGOMAN_NOW=NOW)
        said[command[:3]] = [*CODES.findall(done.out.replace(email, "") + done.err)]
    assert {command: found for command, found in said.items() if found} == {}
    missing = ("no-show", number_of, "--as", office, "--of", "client")
    done = dragoman("day", *missing, DRAGOMAN_NOW="2027-03-02T09:30Z")
    assert done.out == "Written down: the client did not come.\n"
