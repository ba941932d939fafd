"""Lines of the log that come again and again while something is away, told once a minute."""

import logging
import threading
from typing import Final

MINUTE_SECONDS: Final = 60.0


class Repeated:
    """Writes of each kind of line the first, then how many there were in each minute, then the end.

    Whatever is of another kind is written at once: nothing new hides behind what is known.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._unsaid: dict[str, int] = {}
        self._lock = threading.Lock()

    def say(self, kind: str, line: str) -> None:
        """Write the line, unless one of its kind was written and has not ended."""
        with self._lock:
            is_first = kind not in self._unsaid
            self._unsaid[kind] = 0 if is_first else self._unsaid[kind] + 1
        if is_first:
            self._log.warning("%s", line)
            self._sum_up_in_a_minute(kind)

    def sum_up(self, kind: str) -> None:
        """Write how many there were since the last line; where there were none, that it ended."""
        with self._lock:
            more = self._unsaid.pop(kind, 0)
            if more:
                self._unsaid[kind] = 0
        if more:
            self._log.warning("%s: %d times more within a minute", kind, more)
            self._sum_up_in_a_minute(kind)
        else:
            self._log.warning("%s: not once within the last minute", kind)

    def _sum_up_in_a_minute(self, kind: str) -> None:
        timer = threading.Timer(MINUTE_SECONDS, self.sum_up, [kind])
        timer.daemon = True
        timer.start()
