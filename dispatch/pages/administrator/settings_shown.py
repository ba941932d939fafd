"""The settings in force, each with where it comes from; what is secret is not shown."""

import os
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dispatch.settings import PREFIX, Settings

NEVER_SHOWN = frozenset({"twilio_auth_token", "twilio_second_auth_token", "seven_api_key"})
WITH_A_PASSWORD = frozenset({"database_url", "smtp_url", "imap_url", "routing_url"})
HIDDEN = "•••"


class Source(StrEnum):
    """Where a setting comes from; the first of them that names it counts."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True)
class Setting:
    """One setting as it is in force; `value` is empty where it is not set."""

    name: str
    value: str
    source: Source


def settings_shown(settings: Settings) -> list[Setting]:
    """Return every setting in the order of its name."""
    in_file = _named_in_file(Path(str(settings.model_config.get("toml_file") or "")))
    names = {name.upper() for name in os.environ}
    return [
        Setting(
            f"{PREFIX}{name.upper()}",
            _shown(name, getattr(settings, name)),
            Source.ENVIRONMENT
            if f"{PREFIX}{name.upper()}" in names
            else Source.FILE
            if name in in_file
            else Source.DEFAULT,
        )
        for name in sorted(type(settings).model_fields)
    ]


def _named_in_file(file: Path) -> set[str]:
    if not file.is_file():
        return set()
    with file.open("rb") as opened:
        return set(tomllib.load(opened))


def _shown(name: str, value: Any) -> str:
    if value is None or value == ():
        return ""
    if name in NEVER_SHOWN:
        return HIDDEN
    text = value.name if name == "city" else str(value)
    return _without_password(text) if name in WITH_A_PASSWORD else text


def _without_password(text: str) -> str:
    """Return addresses without what stands between the colon and the at sign of each."""
    for part in text.split():
        password = urlsplit(part.rpartition("=")[2] if "=" in part else part).password
        if password:
            text = text.replace(f":{password}@", f":{HIDDEN}@")
    return re.sub(r"(password|token|key)=[^&\s]+", rf"\1={HIDDEN}", text)
