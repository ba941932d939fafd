"""Reading a private calendar gives way to whoever asks for a page meanwhile."""

import os
import subprocess
import sys

import pytest

from dispatch.busy.reading import AFTER_EVERYBODY, AFTER_PAGES
from tests.dispatch.engine.processes import until


@pytest.mark.parametrize("nice", [AFTER_PAGES, AFTER_EVERYBODY])
def test_reading_a_calendar_gives_way_to_pages_and_more_so_where_nobody_waits(nice: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    question = [sys.executable, "-m", "dispatch.busy.child", str(nice)]
    with subprocess.Popen(question, stdin=subprocess.PIPE) as child:
        until(lambda: os.getpriority(os.PRIO_PROCESS, child.pid) == min(19, own + nice))
        child.kill()
