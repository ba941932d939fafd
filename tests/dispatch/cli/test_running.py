"""A demo is not deleted under the feet of whoever looks at it; links lead to what runs."""

import pytest
from flask import Flask

from dispatch import settings as active_settings
from dispatch.cli import running
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.settings import Settings
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(installation: Settings) -> Settings:
    active_settings.use(Settings())
    return installation


def test_a_running_demo_is_not_reset(dragoman: Dragoman, here: Settings) -> None:
    with running.at("http://127.0.0.1:9000"):
        refused = dragoman("demo", "--reset")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "The system is still running; stop it first, a demo with Ctrl-C.\n"
    assert running.database_file().exists()  # type: ignore[union-attr]


def test_a_demo_that_was_stopped_starts_over(dragoman: Dragoman, here: Settings) -> None:
    with running.at("http://127.0.0.1:9000"):
        pass
    done = dragoman("demo", "--reset")
    assert (done.code, done.err) == (0, "")
    assert not running.database_file().exists()  # type: ignore[union-attr]


def test_a_link_from_another_terminal_leads_to_the_port_of_what_runs(
    dragoman: Dragoman, here: Settings
) -> None:
    dragoman("user", "add", "--role=coordinator", "--name=Kim", "kim@example.org")
    with running.at("http://127.0.0.1:9000"):
        link = dragoman("sign-in-link", "kim@example.org").out
    assert link.startswith("http://127.0.0.1:9000/sign-in/link/")
    assert dragoman("sign-in-link", "kim@example.org").out.startswith("http://127.0.0.1:8000/")


def test_links_in_mails_of_a_command_lead_to_what_runs_at_whatever_port(
    app: Flask, dragoman: Dragoman, here: Settings
) -> None:
    with app.app_context(), transaction():
        asked, email = factories.asked(), factories.interpreter().account.email
        number = asked.reference
    with running.at("http://127.0.0.1:8010"):
        made = dragoman("offers", "make", number, email, DRAGOMAN_NOW="2027-03-01T08:00Z")
    assert made.code == 0
    with app.app_context():
        texts = "".join(one.body for one in db.session.query(Message).filter_by(about="offer:1"))
    assert "http://127.0.0.1:8010/o/" in texts
    assert "8000" not in texts
