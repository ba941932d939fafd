"""A process that does the background work until it is told to stop."""

import signal
import threading

from sqlalchemy.orm import configure_mappers

from dispatch import schema as schema  # every room's tables
from dispatch.engine import work
from dispatch.installation import assemble
from dispatch.settings import Settings


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what has begun is finished first, within eight seconds."""
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    app = assemble(settings)
    # Before any thread: a class that one declares while another uses tables breaks both, for good.
    configure_mappers()
    work.run(app)
    told_to_stop.wait()
    work.end()
