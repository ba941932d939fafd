"""A lock that goes to whoever has waited longest."""

import threading
from collections import deque


class Turns:
    """Held by one thread at a time, as often as it takes it; the others come one after the other.

    Python's own locks go to whoever asks at the right moment: of sixteen threads that write without
    a pause, some wait for two hundred others instead of fifteen.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._holder: int | None = None
        self._times = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return len(self._waiting)

    def acquire(self, *, timeout: float) -> bool:
        """Wait for one's turn, so many seconds at most; tell whether it came."""
        own = threading.get_ident()
        with self._changing:
            if self._holder in {None, own}:
                self._holder, self._times = own, self._times + 1
                return True
            called = threading.Lock()
            called.acquire()
            place = own, called
            self._waiting.append(place)
        if called.acquire(timeout=timeout):
            return True
        with self._changing:
            if place not in self._waiting:  # called at the last moment
                return True
            self._waiting.remove(place)
            return False

    def release(self) -> None:
        """End one's turn and call whoever is next."""
        with self._changing:
            if self._holder != threading.get_ident():
                raise RuntimeError("this is not the turn of this thread")
            self._times -= 1
            if self._times:
                return
            self._holder = None
            if self._waiting:
                self._holder, called = self._waiting.popleft()
                self._times = 1
                called.release()
