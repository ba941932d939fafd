"""Workers as processes of their own, to be stopped and killed by tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.settings import ROOT, Settings

WORKER = "from dispatch import worker; from dispatch.settings import Settings; "
RUN = "worker.run(Settings())"


def start_worker(settings: Settings, before: str = "") -> subprocess.Popen[bytes]:
    """Start a worker on the installation of the test; `before` is code it runs first."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{WORKER}\n{before}\n{RUN}"],
        cwd=ROOT,
        env=os.environ
        | {
            "DRAGOMAN_DATABASE_URL": settings.database_url,
            "DRAGOMAN_SECRET_KEY_FILE": str(settings.secret_key_file),
            "DRAGOMAN_SINK_DIR": str(settings.sink_dir),
        },
    )


@contextmanager
def working(settings: Settings, before: str = "", count: int = 1) -> Iterator[None]:
    """Have so many workers at work, and stop them gracefully at the end."""
    workers = [start_worker(settings, before) for _ in range(count)]
    try:
        yield
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(timeout=30) for worker in workers] == [0] * count


def files(folder: Path, pattern: str = "*.eml") -> list[str]:
    """Return the names of what lies in the folder, oldest first."""
    return sorted(path.name for path in folder.glob(pattern))


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come true; fail when it takes longer."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)
