"""The key that signs sessions, in a file of its own."""

import os
import secrets
import tempfile
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

SHORTEST = 32


def read(file: Path) -> str:
    """Return the key in a file that only its owner reads; made once.

    Raises `Refusal` for a file that holds no key: with an empty one anybody signs sessions.
    """
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(48))
    key = file.read_text(encoding="utf-8").strip()
    if len(key) < SHORTEST:
        raise Refusal(
            "secret-key-too-short",
            _l(
                "The file %(name)s holds no key of at least %(least)d characters; remove it, "
                "and the next start makes a new one.",
                name=file.name,
                least=SHORTEST,
            ),
        )
    return key


def _write_once(file: Path, text: str) -> None:
    """Write a file that is whole from the beginning; of two at once the first one's stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(text)
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
