"""Histories: every event has words in every language, and each reader only what is theirs."""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TypeGuard

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning, Reasons
from dispatch.messaging.rules import NEEDS_A_PERSON
from dispatch.offers.rules import NEVER_ASKED, OfferState
from dispatch.pages import history
from dispatch.pages.auditor.record import ABOUT
from dispatch.requests.states import RequestState
from dispatch.series.models import Series, SeriesDate
from dispatch.settings import ROOT
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

RECORDING = {"record", "record_each", "_record", "_note", "_write", "let_go", "_let_go"}
STATES: dict[str, Iterable[StrEnum]] = {
    "assignment": AssignmentState,
    "message": NEEDS_A_PERSON,
    "offer": set(OfferState) - NEVER_ASKED,
    "request": RequestState,
}


def test_every_event_that_is_written_down_has_words() -> None:
    assert set(_kinds()) - set(history.KINDS) == set()
    assert {kind.split(".")[0] for kind in history.KINDS} == set(ABOUT)
    assert not {kind for kind in history.INTERPRETER_SEES if "approv" in kind}


def _kinds() -> Iterator[str]:
    """Every text like `request.changed` in code that writes to the record, whatever the verb."""
    abouts = {kind.split(".")[0] for kind in history.KINDS}
    for path in (ROOT / "dispatch").rglob("*.py"):
        if path.is_relative_to(ROOT / "dispatch" / "pages") or "ledger" not in path.read_text():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _named(node.func) in RECORDING:
                yield from (text for text in _texts(node.args) if _is_kind(text))
            elif isinstance(node, ast.JoinedStr) and _begins(node) in STATES:
                yield from _of_every_state(_begins(node))
            elif isinstance(node, ast.Constant) and _is_kind(node.value):
                about = node.value.split(".")[0]
                yield from [node.value] if about in abouts else []


def _named(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(arguments: list[ast.expr]) -> list[object]:
    return [one.value for one in arguments if isinstance(one, ast.Constant)]


def _is_kind(text: object) -> TypeGuard[str]:
    if not isinstance(text, str) or text.count(".") != 1:
        return False
    return all(part and set(part) <= set(_LETTERS) for part in text.split("."))


_LETTERS = "abcdefghijklmnopqrstuvwxyz_-"


def _begins(node: ast.JoinedStr) -> str:
    first = node.values[0]
    text = first.value if isinstance(first, ast.Constant) else ""
    return text[:-1] if isinstance(text, str) and text.endswith(".") else ""


def _of_every_state(about: str) -> Iterator[str]:
    return (f"{about}.{state}" for state in STATES[about])


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_organisation_reads_of_its_series_what_is_named_and_nothing_else(app: Flask) -> None:
    with app.app_context(), transaction():
        asks = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR, name="Dana Beispiel")
        series = Series(
            organisation_id=asks.organisation_id, account_id=asks.id, rhythm="weekly", every=1,
            asked_at=NOW,
        )  # fmt: skip
        series.dates.append(SeriesDate(number=1, interpretation_request=factories.asked(by=asks)))
        db.session.add(series)
        db.session.flush()
        told = Concerning(organisation=asks.organisation_id, series=series.id)
        ledger.record(asks.actor, "series.asked", told, now=NOW)
        ledger.record(office.actor, "planning.begun", told, now=NOW, reasons=Reasons(told="SECRET"))
        path = f"/series/{series.id}"
    assert "Planning was begun" in sign_in(app, office).get(path).text
    page = sign_in(app, asks).get(path).text
    assert "Asked for" in page
    assert "Planning was begun" not in page
    assert "SECRET" not in page


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_interpreter_reads_nothing_about_what_plans_may_do_with_them(app: Flask) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR, name="Dana Beispiel")
        coming = factories.coming(factories.asked(), factories.interpreter(name="Mira"))
        assignments.pin(office.actor, coming.id, pinned=True, now=NOW)
        mira = coming.interpreter.account
    assert "Pinned" not in sign_in(app, mira).get("/me").text
