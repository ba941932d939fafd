"""Calls a function in a process that is killed when it takes too long, and sees what it holds."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

MEGABYTE = 1024 * 1024
LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function returned, or in one line why it did not.

    Memory is the most that all its processes held together.
    """

    found: Any
    failure: str
    memory_mb: float


def call(function: str, arguments: dict[str, Any], deadline_s: float) -> Outcome:
    """Call `module:name` with JSON-able arguments in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.json")
        command = [sys.executable, "-m", "bench.solver.child", function, json.dumps(arguments)]
        failure, memory_mb = _watch([*command, str(result)], deadline_s)
        found = None if failure else json.loads(result.read_text())
    return Outcome(found, failure, memory_mb)


def cpu_s() -> float:
    """Return the processor seconds of this process and of those it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _watch(command: Sequence[str], deadline_s: float) -> tuple[str, float]:
    """Return why the process failed (empty if it did not) and the most memory it held."""
    with tempfile.TemporaryFile() as errors:
        started = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        until, memory_mb = monotonic() + deadline_s, 0.0
        while started.poll() is None:
            memory_mb = max(memory_mb, _memory_mb(started.pid))
            if monotonic() > until:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait()
                return f"killed after {deadline_s:.0f} s", memory_mb
            sleep(LOOK_EVERY_S)
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
    last = lines[-1][:200] if lines else "no message"
    return (f"failed: {last}" if started.returncode else ""), memory_mb


def _memory_mb(pid: int) -> float:
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return float(sum(each.memory_info().rss for each in family) / MEGABYTE)
    except psutil.Error:
        return 0.0
