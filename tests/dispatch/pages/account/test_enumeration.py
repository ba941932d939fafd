"""Nobody finds out which accounts there are: the words are the same, and so is the work."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import argon2.low_level
import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts import service
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from tests.browsing import TOKEN
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
PASSWORD = "correct horse battery staple"


@dataclass
class Work:
    """What an answer costs: statements of the database, and hashes, which are made to be slow."""

    statements: list[str] = field(default_factory=list)
    hashes: int = 0


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """What was done since the last look."""
    done = Work()

    def counted(name: str) -> None:
        real = getattr(argon2.low_level, name)

        def count(*arguments: Any, **options: Any) -> Any:
            done.hashes += 1
            return real(*arguments, **options)

        monkeypatch.setattr(argon2.low_level, name, count)

    counted("hash_secret")
    counted("verify_secret")
    with app.app_context():
        engine = db.engine

    def keep(*about: Any) -> None:
        done.statements.append(str(about[2]).split(" WHERE ")[0])

    sa.event.listen(engine, "before_cursor_execute", keep)
    yield done
    sa.event.remove(engine, "before_cursor_execute", keep)


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Somebody with a password, without one, shut out, and nobody."""
    with app.app_context(), transaction():
        for name, password in (("kim", PASSWORD), ("link", None), ("gone", PASSWORD)):
            service.add(
                SYSTEM,
                email=f"{name}@example.org",
                name=name,
                role="coordinator",
                organisation=None,
                password=password,
                now=NOW,
            )
        service.disable(SYSTEM, "gone@example.org", now=NOW)
    return [f"{name}@example.org" for name in ("kim", "link", "gone", "nobody")]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link"])
def test_a_wrong_password_costs_the_same_work_whether_or_not_there_is_an_account(
    app: Flask, addresses: list[str], work: Work, path: str
) -> None:
    costs = {}
    for email in addresses:
        browser = app.test_client()
        token = TOKEN.search(browser.get("/sign-in").text)
        assert token
        work.statements.clear()
        work.hashes = 0
        form = {"csrf_token": token.group(1), "email": email, "password": "wrong guess"}
        answer = browser.post(path, data=form)
        costs[email] = (answer.status_code, work.hashes, list(work.statements))
    assert len({str(cost) for cost in costs.values()}) == 1, costs
    assert costs["nobody@example.org"][1] == (1 if path == "/sign-in" else 0)
