"""Whoever waits to write waits for those who were there before, and for nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from dispatch.database import db, transaction
from dispatch.organisations.models import Organisation
from dispatch.turns import Turns
from tests import factories
from tests.dispatch.engine.test_engine import until

LONG = 20.0
PEOPLE, TIMES = 16, 20


def test_who_has_just_had_a_turn_comes_after_those_who_waited() -> None:
    turns, order = Turns(), list[str]()

    def take(who: str) -> None:
        assert turns.acquire(timeout=LONG)
        order.append(who)
        turns.release()

    assert turns.acquire(timeout=LONG)
    waiting = []
    for number, who in enumerate(("first", "second", "third")):
        waiting.append(threading.Thread(target=take, args=(who,)))
        waiting[-1].start()
        until(lambda number=number: turns.waiting == number + 1)  # type: ignore[misc]
    turns.release()
    take("once more")
    for thread in waiting:
        thread.join()
    assert order == ["first", "second", "third", "once more"]


def test_whoever_gives_up_is_not_called_and_the_next_one_is() -> None:
    turns = Turns()
    assert turns.acquire(timeout=LONG)
    with ThreadPoolExecutor(2) as others:
        assert not others.submit(turns.acquire, timeout=0.01).result()
        patient = others.submit(turns.acquire, timeout=LONG)
        until(lambda: turns.waiting == 1)
        turns.release()
        assert patient.result()
    assert turns.waiting == 0


def test_a_thread_takes_its_turn_as_often_as_it_likes_and_ends_it_as_often() -> None:
    turns = Turns()
    for _ in range(2):
        assert turns.acquire(timeout=LONG)
    turns.release()
    with ThreadPoolExecutor(1) as others:
        assert not others.submit(turns.acquire, timeout=0.01).result()
        turns.release()
        assert others.submit(turns.acquire, timeout=LONG).result()
        with pytest.raises(RuntimeError):
            turns.release()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_sixteen_who_write_without_a_pause_each_waits_for_the_others_once(app: Flask) -> None:
    written: list[int] = []
    waited_for: list[int] = []
    together = threading.Barrier(PEOPLE)

    def write(person: int) -> None:
        together.wait()
        for number in range(TIMES):
            before = len(written)
            with app.app_context(), transaction():
                waited_for.append(len(written) - before)
                written.append(person)
                factories.organisation(f"Schule {person}-{number}")

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(write, range(PEOPLE)))
    with app.app_context():
        assert db.session.query(Organisation).count() == PEOPLE * TIMES
    assert max(waited_for) < 2 * PEOPLE, "those who came a moment before it queued among them"
