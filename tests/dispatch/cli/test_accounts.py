"""Accounts from the command line are asked the same as on the pages."""

import pytest

from dispatch.accounts import service
from dispatch.app import create_app
from dispatch.settings import Settings
from tests.browsing import send, sign_in
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADD = ("user", "add", "--role", "coordinator", "kim@example.org")


@pytest.mark.parametrize("typed", ["ein Schlüssel für alle", "ein Schlu\u0308ssel fu\u0308r alle"])
def test_a_password_with_umlauts_opens_the_page_however_they_are_written(
    dragoman: Dragoman, installation: Settings, typed: str
) -> None:
    added = dragoman(*ADD, "--name", "Kim", "--password", typed)
    assert (added.code, added.err) == (0, "")
    answer = send(
        create_app(installation).test_client(),
        "/sign-in",
        seen_on="/sign-in",
        email="kim@example.org",
        password="ein Schlüssel für alle",
    )
    assert answer.status_code == 302


def test_a_language_the_city_does_not_offer_is_refused_as_in_a_file(dragoman: Dragoman) -> None:
    refused = dragoman(*ADD, "--name", "Kim", "--locale", "el")
    assert refused.code == 1
    assert refused.err == "Pages and messages do not speak “el” here; write one of: de, en.\n"


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_the_page_would_not_take_is_refused(dragoman: Dragoman, password: str) -> None:
    refused = dragoman(*ADD, "--name", "Kim", "--password", password)
    assert refused.code == 1
    assert refused.err == (f"A password has 12 to 1000 characters; this one has {len(password)}.\n")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Kim\nBcc: x@example.org", "write it on one line."),
        ("x" * 300, "The text has 300 characters and may have 120; shorten it."),
        ("\u202e", "The name is missing; write it."),
    ],
)
def test_a_name_is_one_line_that_can_be_seen(dragoman: Dragoman, name: str, sentence: str) -> None:
    for refused in (
        dragoman(*ADD, "--name", name),
        dragoman("organisation", "add", name),
    ):
        assert refused.code == 1
        assert sentence in refused.err


def test_how_an_organisation_is_served_is_noted_in_the_words_of_the_help(
    dragoman: Dragoman,
) -> None:
    assert dragoman("organisation", "add", "Schule").code == 0
    noted = dragoman("organisation", "agree", "--strategy", "cascade", "--in-writing", "Schule")
    assert (noted.code, noted.out, noted.err) == (0, "Schule: cascade.\n", "")
    refused = dragoman("organisation", "agree", "--strategy", "direct", "--by-itself", "Schule")
    assert (refused.code, "cannot begin by itself" in refused.err) == (1, True)


def test_an_organisation_is_found_by_its_name_in_either_form(dragoman: Dragoman) -> None:
    assert dragoman("organisation", "add", "Beho\u0308rde").code == 0
    member = dragoman(
        "user", "add", "--role=caseworker", "--organisation=Behörde", "--name=Kim", "k@example.org"
    )
    assert (member.code, member.err) == (0, "")


def test_whoever_is_shut_out_gets_no_link_that_could_not_let_them_in(dragoman: Dragoman) -> None:
    assert dragoman(*ADD, "--name", "Kim").code == 0
    assert dragoman("user", "disable", "kim@example.org").code == 0
    refused = dragoman("sign-in-link", "kim@example.org")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "kim@example.org is shut out; let them in first: dragoman user enable kim@example.org\n"
    )
    assert dragoman("user", "enable", "kim@example.org").code == 0
    assert "/sign-in/link/" in dragoman("sign-in-link", "kim@example.org").out


def test_an_interpreter_is_taken_into_the_pool_and_not_added_as_an_account(
    dragoman: Dragoman,
) -> None:
    add = ("user", "add", "--role", "interpreter", "--name", "Mira", "mira@example.org")
    refused = dragoman(*add)
    assert (refused.code, refused.out) == (1, "")
    assert "dragoman interpreters import FILE" in refused.err
    assert dragoman("sign-in-link", "mira@example.org").code == 1


def test_where_somebody_is_signed_in_is_listed_and_ended(
    dragoman: Dragoman, installation: Settings
) -> None:
    app = create_app(installation)
    assert dragoman(*ADD, "--name", "Kim").code == 0
    nowhere = dragoman("user", "sessions", "kim@example.org")
    assert (nowhere.code, nowhere.out) == (0, "kim@example.org is signed in nowhere.\n")
    with app.app_context():
        kim = service.require("kim@example.org")
    browser = sign_in(app, kim)
    assert dragoman("user", "sessions", "kim@example.org").out.count("signed in since") == 1
    ended = dragoman("user", "sessions", "--end", "kim@example.org")
    assert ended.out.endswith("Signed out kim@example.org everywhere.\n")
    assert browser.get("/account/sessions").status_code == 302
