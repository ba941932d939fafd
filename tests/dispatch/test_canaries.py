"""What was said of a client stays where it belongs: words nobody else uses are looked for."""

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.planning.proposals import service as planning
from dispatch.settings import Settings
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.faults import asking
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage
from tests.factories import NOW
from tests.planning_days import TUESDAY
from tests.windows import deliver_messages

pytestmark = pytest.mark.usefixtures("frozen_clock")
OWN = "interpretation_requests"
OF_THE_CLIENT = ("case_reference", "note", "contact", "room", "cost_centre")
ON_SITE = ("note", "contact", "room")
"""What whoever goes there has to know; the rest is the organisation's alone."""
WORDS = {name: f"<i>Kanarienvogel-{name.replace('_', '-')}" for name in OF_THE_CLIENT}
REFUSED = "Kanarienvogel-refused"
MARKUP = "<i>"
"""Written into every field and name; no page may hand it on as it is."""


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything any logger says, the finest included."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    root, ear, before = logging.getLogger(), Ear(), logging.getLogger().level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield said
    root.setLevel(before)
    root.removeHandler(ear)


def test_what_was_said_of_a_client_stands_in_its_own_table_and_on_its_own_pages_only(
    app: Flask, settings: Settings, tmp_path: Path, logged: list[str]
) -> None:
    everything = stage.build(app)
    request_id = ask(everything)
    go_through(app, request_id)
    deliver_messages(app)
    assert tables_with_canaries(app) == {OWN}
    assert files_with_canaries(settings.sink_dir) == set()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or "sqlite" in path.name or not has_canary(path.read_bytes())
    assert not [line for line in logged if has_canary(line.encode())]
    assert pages_with_canaries(everything, request_id) == set()


def ask(everything: Stage) -> int:
    """Ask on the page with the words, and send a form with one that is refused."""
    browser, app = everything.browsers["caseworker"], everything.app
    hidden = dict(asking.HIDDEN.findall(browser.get(asking.PAGE).text.split("<main")[1]))
    with app.app_context():
        site_id = db.session.scalar(sa.text("SELECT min(id) FROM sites"))
    form = hidden | WORDS | {
        "language": "ro", "site": str(site_id), "day": "2027-03-02", "start": "18:00",
        "duration": "60", "setting": "school", "interpreter_count": "1", "is_urgent": "y",
    }  # fmt: skip
    refused = browser.post(asking.PAGE, data=form | {"day": "2020-01-01", "note": REFUSED})
    assert refused.status_code == 422
    taken = browser.post(asking.PAGE, data=form)
    found = asking.NUMBER.search(taken.location or "")
    assert found, taken.text
    return int(found.group(1))


def go_through(app: Flask, request_id: int) -> None:
    """Plan it, ask somebody, and confirm them."""
    with app.app_context():
        made = planning.compute(TUESDAY, now=NOW)
        with transaction():
            planning.store(SYSTEM, made, now=NOW)
            nour = factories.interpreter(name=f"{MARKUP}Nour", hours=(7, 22))
            offer = offers.make(SYSTEM, request_id, nour.id, now=NOW)
        with transaction():
            offers.accept(SYSTEM, offer.id, via=Via.PAGE, now=NOW)


def has_canary(octets: bytes) -> bool:
    return b"kanarienvogel" in octets.lower()


def tables_with_canaries(app: Flask) -> set[str]:
    """Look into every table there is, the engine's own included."""
    with app.app_context():
        looked = sa.inspect(db.engine)
        schemas = [None, "dbos"] if db.engine.dialect.name == "postgresql" else [None]
        names = [(one, name) for one in schemas for name in looked.get_table_names(one)]
        assert len(names) > 35, "the engine's tables are among them"
        return {
            name
            for schema, name in names
            if has_canary(repr(_rows(f'"{schema}"."{name}"' if schema else f'"{name}"')).encode())
        }


def _rows(table: str) -> list[object]:
    return [tuple(row) for row in db.session.execute(sa.text(f"SELECT * FROM {table}"))]


def files_with_canaries(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if has_canary(path.read_bytes())}


def pages_with_canaries(everything: Stage, request_id: int) -> set[str]:
    """Return the pages on which somebody reads a word that is not theirs."""
    found = set()
    with everything.app.app_context():
        nour = db.session.scalars(
            sa.select(Account).where(Account.role == Role.INTERPRETER).order_by(Account.id.desc())
        ).first()
        assert nour
    browsers: dict[str, FlaskClient] = everything.browsers | {
        "who comes": sign_in(everything.app, nour)
    }
    here = Stage(everything.app, everything.values | {"request_id": request_id}, browsers)
    for name, browser in browsers.items():
        for _rule, path in here.paths("GET"):
            text = _words_of(browser.get(path).data)
            assert MARKUP not in text, f"{name}: {path}"
            read = {word for word in OF_THE_CLIENT if WORDS[word][3:] in text}
            found |= {f"{name} reads {word} on {path}" for word in read - _may_read(name)}
    return found


def _words_of(octets: bytes) -> str:
    """Return what can be read of a page or file; a workbook is looked into."""
    if octets[:2] != b"PK":
        return octets.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(octets)) as workbook:
        return "".join(
            workbook.read(name).decode("utf-8", "replace") for name in workbook.namelist()
        )


def _may_read(name: str) -> set[str]:
    if name == "caseworker":
        return set(OF_THE_CLIENT)
    return set(ON_SITE) if name in {"who comes", "coordinator"} else set()
