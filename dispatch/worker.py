"""A process that does the background work until it is told to stop."""

import signal
import threading

from dispatch import engine
from dispatch.app import create_app
from dispatch.settings import Settings


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what has begun is finished first (at most 10 seconds)."""
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    engine.run(create_app(settings))
    told_to_stop.wait()
    engine.stop()
