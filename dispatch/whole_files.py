"""Files that are whole or not there, whatever happens while they are written."""

import os
import tempfile
from pathlib import Path


def write(file: Path, content: bytes, *, to_the_disk: bool = True) -> None:
    """Put a file in its place in one step; what was there before stays as long as it is not whole.

    Only the owner of the installation may read it. It is on the disk when this returns, unless
    losing it in a power cut does no harm. Raises `OSError` where there is no room; then nothing of
    it is left.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes a file of mode 0600 in the same folder, so that putting it there is one step.
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as part:
            part.write(content)
            part.flush()
            if to_the_disk:
                os.fsync(part.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
