"""What it was measured with, as far as others need it to compare."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import psutil

PACKAGES = ("ortools", "numpy", "numba", "pyvroom", "pyvrp", "timefold")


def described() -> str:
    """Return processors, memory and versions in one line."""
    memory_gb = round(psutil.virtual_memory().total / 1024**3)
    parts = [f"{os.cpu_count()} CPUs", f"{memory_gb} GB", f"Python {platform.python_version()}"]
    return ", ".join([*parts, *(found for name in PACKAGES for found in _version(name))])


def load() -> str:
    """Say how many processes wanted the processors in the last quarter of an hour."""
    return f"{os.getloadavg()[2]:.1f}"


def _version(name: str) -> list[str]:
    try:
        return [f"{name} {version(name)}"]
    except PackageNotFoundError:
        return []
