"""Several processes that serve the pages of one port."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from dispatch.settings import Settings
from tests.dispatch.engine.processes import until
from tests.dispatch.faults import asking
from tests.dispatch.faults.asking import Record
from tests.dispatch.faults.serving import Pages, Window, lives, pages_of

pytestmark = pytest.mark.usefixtures("frozen_clock")
PEOPLE = 4


def answers(pages: Pages) -> bool:
    return Window(pages.address).get("/healthz").status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_process_that_dies_is_missed_by_nobody_and_soon_there_again(
    app: Flask, settings: Settings
) -> None:
    account, wanted = asking.set_up(app)
    record = Record()
    with (
        pages_of(settings, "--processes=3") as pages,
        ThreadPoolExecutor(PEOPLE) as pool,
    ):
        until(lambda: len(pages.others()) == 2)
        before = pages.others()
        people = [
            pool.submit(
                asking.ask,
                pages.browser(app, account),
                wanted | {"start": f"{8 + 2 * number:02}:00"},
                record,
                pages.wait,
                times=4,
            )
            for number in range(PEOPLE)
        ]
        until(lambda: len(record.taken) >= PEOPLE)
        os.kill(before[0], signal.SIGKILL)
        for one in people:
            one.result()
        until(lambda: len(pages.others()) == 2 and before[0] not in pages.others())
        there = pages.others()
        pages.tell_to_stop()
        assert pages.ended() == 0
        assert not any(map(lives, there))
    assert set(record.others) <= {0}, record.others
    assert len(record.taken) == record.forms == PEOPLE * 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_without_the_first_process_the_others_end_and_the_port_is_free(settings: Settings) -> None:
    with pages_of(settings, "--processes=2") as pages:
        until(lambda: len(pages.others()) == 1)
        (other,) = pages.others()
        pages.kill()
        until(lambda: not lives(other))
        pages.start()
        assert answers(pages)
