"""A folder that shows what would go out: one .eml per mail, one .json per SMS."""

import json
from pathlib import Path

from dispatch import whole_files
from dispatch.messaging.models import Message


def keep_mail(folder: Path, message: Message, octets: bytes) -> str:
    """Write the mail as it would be sent and return the file's name."""
    return _write(folder, message, "eml", octets)


def keep_sms(folder: Path, message: Message) -> str:
    """Write recipient and text of the SMS and return the file's name."""
    content = {
        "message": message.id,
        "name": message.name,
        "to": message.recipient,
        "body": message.body,
        "attempt": message.attempts,
        "perhaps_repeated": message.perhaps_repeated,
    }
    return _write(folder, message, "json", json.dumps(content, ensure_ascii=False).encode())


def _write(folder: Path, message: Message, ending: str, content: bytes) -> str:
    """Write at once or not at all; every hand-over is a file of its own, so repeats show."""
    handed_over = message.handed_over_at or message.queued_at
    stamp = handed_over.strftime("%Y%m%dT%H%M%S.%fZ")
    name = f"{stamp}-{message.id:06d}-{message.attempts}-{message.name}.{ending}"
    whole_files.write(folder / name, content, to_the_disk=False)
    return name
