"""A link pressed eight times at the same moment has one effect, and nobody reads an error."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.assignments.models import Confirmation
from dispatch.attendance import day_before
from dispatch.database import db
from dispatch.ledger.models import Change
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from tests.browsing import TOKEN
from tests.dispatch.web import stage

pytestmark = [pytest.mark.usefixtures("frozen_clock"), pytest.mark.exhaustive]
AT_ONCE = 8


def pressed(app: Flask, page: str, *buttons: str) -> list[int]:
    """Press the buttons of a page in turn from as many browsers, all at the same moment."""
    browsers = [app.test_client() for _ in range(AT_ONCE)]
    tokens = [TOKEN.search(one.get(page).text).group(1) for one in browsers]  # type: ignore[union-attr]
    together = Barrier(AT_ONCE)

    def press(number: int) -> int:
        together.wait()
        path = buttons[number % len(buttons)]
        return browsers[number].post(path, data={"csrf_token": tokens[number]}).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(press, range(AT_ONCE)))


@pytest.mark.parametrize("answers", [("accept",), ("decline",), ("accept", "decline")])
def test_changed_terms_are_answered_once(app: Flask, answers: tuple[str, ...]) -> None:
    token = stage.build(app).values["terms_token"]
    with app.app_context():
        told_before, done_before = _told(), _done()
    statuses = pressed(app, f"/c/{token}", *(f"/c/{token}/{answer}" for answer in answers))
    assert set(statuses) == {302}
    with app.app_context():
        said = db.session.scalars(
            sa.select(Confirmation).where(Confirmation.token_hash.is_not(None))
        ).all()
        assert Counter(one.answer for one in said)[None] == len(said) - 1
        told = _told() - told_before
        assert told
        assert max(told.values()) == 1, told
        answered = [kind for kind in (_done() - done_before).elements() if "assignment" in kind]
        assert len(answered) == len(set(answered)), answered


def test_the_day_before_is_confirmed_once(app: Flask) -> None:
    stage.build(app)
    page = f"/d/{stage.DAY_BEFORE}"
    with app.app_context():
        before = _done()
    assert set(pressed(app, page, page)) == {302}
    with app.app_context():
        assert day_before.by_token(stage.DAY_BEFORE).day_before_confirmed_at
        assert _done() - before == Counter({"assignment.day-before": 1})


def _told() -> Counter[tuple[str, str, str]]:
    rows = db.session.execute(
        # what was taken back of a message of several is a settled one of its own
        sa.select(Message.name, Message.recipient, Message.channel).where(
            Message.state != MessageState.SETTLED
        )
    )
    return Counter((row.name, row.recipient, row.channel) for row in rows)


def _done() -> Counter[str]:
    return Counter(db.session.scalars(sa.select(Change.kind)))
