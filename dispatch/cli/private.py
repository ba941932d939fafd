"""Keeping what an installation stores to its owner."""

import os
from pathlib import Path


def keep_private(instance: Path) -> None:
    """Let nobody but the owner read what an installation keeps, also what is made later."""
    os.umask(0o077)
    if instance.is_dir():
        for path in (instance, *instance.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
