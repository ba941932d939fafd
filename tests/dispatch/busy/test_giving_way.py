"""Reading a private calendar gives way to whoever asks for a page meanwhile."""

import os
import subprocess
import sys

from dispatch.busy.child import AFTER_EVERYBODY
from tests.dispatch.engine.processes import until


def test_reading_a_calendar_gives_way_to_everybody_else() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with subprocess.Popen([sys.executable, "-m", "dispatch.busy.child"], stdin=subprocess.PIPE) as (
        child
    ):
        expected = min(19, own + AFTER_EVERYBODY)
        until(lambda: os.getpriority(os.PRIO_PROCESS, child.pid) == expected)
        child.kill()
