"""What carriers do wrong, drawn once for each recipient, and what they took and when."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic, time

BUSY_SECONDS = 2.0
"""How long a carrier that asks to slow down wants to be left alone (Retry-After)."""

GRACE_SECONDS = 1.0
"""So long a mail may be under way after its server said that it is busy."""


class Fault(StrEnum):
    """What happens to the first hand-over of a message; after it the carrier behaves."""

    NONE = "none"
    ERROR = "500"
    HANG = "hang"
    RESET = "reset"
    CUT = "accepted then cut"
    HTML = "200 with HTML"
    SLOW = "slow after DATA"


FAULTS = tuple(one for one in Fault if one is not Fault.NONE)


@dataclass(frozen=True)
class Taken:
    """A message that a carrier has: to whom, which one, from when to when it came (since 1970)."""

    recipient: str
    key: str
    began_at: float
    at: float


@dataclass
class Carriers:
    """What both carriers share: how they fail, and what they took.

    `share` of the recipients meet a fault, but those whose address begins as `spared` says.
    `busy_at` are the instants, in seconds from the start, from which on everybody is asked to wait;
    `busy_after` so many messages each carrier asks once more.
    `early` are the calls within that time, until it is known when they were claimed: `impatient`
    counts those claimed after our database said that the way is closed (`knows`), `under_way` the
    others. `stubborn` called the mail server then, which names no time, a second and more after it
    had said so.
    """

    seed: int = 0
    share: float = 0.02
    busy_at: Collection[float] = ()
    busy_after: int = 0
    faults: Sequence[Fault] = FAULTS
    spared: tuple[str, ...] = ("urgent", "+4915232")
    taken: list[Taken] = field(default_factory=list)
    met: dict[str, Fault] = field(default_factory=dict)
    told_to_wait: int = 0
    early: list[tuple[str, float, float]] = field(default_factory=list)
    impatient: int = 0
    under_way: int = 0
    stubborn: int = 0
    began: float = field(default_factory=monotonic)
    _told: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _known: dict[str, float] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Count the time from now."""
        self.began = monotonic()

    def asks_to_wait(self, carrier: str, key: str = "") -> bool:
        """Tell whether this call is told to come back later; note whoever came too early.

        `key` is the message, where it is known before it is taken.
        """
        now = monotonic()
        with self._lock:
            since = self._told[carrier]
            if since and now < since + BUSY_SECONDS:
                if key:
                    until = time() + since + BUSY_SECONDS - now
                    self.early.append((key, self._known.get(carrier, until), until))
                elif now > since + GRACE_SECONDS:
                    self.stubborn += 1
                return True
            elapsed = now - self.began
            due = any(at <= elapsed < at + BUSY_SECONDS / 2 for at in self.busy_at)
            if 0 < self.busy_after <= len(self.taken) and carrier not in self._asked:
                self._asked.add(carrier)
                due = True
            if due and not since:
                self._told[carrier] = now
                self.told_to_wait += 1
                return True
            if not due and since:
                self._told[carrier] = 0.0
                self._known.pop(carrier, None)
        return False

    def knows(self, carrier: str) -> None:
        """Note that by now our database says that this carrier is to be left alone."""
        with self._lock:
            if self._told[carrier]:
                self._known.setdefault(carrier, time())

    def look_at_early(self, claimed_at: Callable[[str], float]) -> None:
        """Tell apart who called early because they were under way, and who was claimed too early.

        Whoever was claimed once more since, when the time was over, is taken to have been under
        way: that claim hides the one that called.
        """
        with self._lock:
            early, self.early = self.early, []
        for key, known_at, until in early:
            too_early = known_at < claimed_at(key) < until
            self.impatient += too_early
            self.under_way += not too_early

    def fault_of(self, recipient: str) -> Fault:
        """Return what becomes of the first hand-over to somebody, and of no later one."""
        with self._lock:
            if recipient in self.met or recipient.startswith(self.spared):
                return Fault.NONE
            chance = random.Random(f"{self.seed}:{recipient}")
            self.met[recipient] = (
                chance.choice(self.faults) if chance.random() < self.share else Fault.NONE
            )
            return self.met[recipient]

    def take(self, recipient: str, key: str, began_at: float) -> None:
        """Note that a carrier has a message now."""
        with self._lock:
            self.taken.append(Taken(recipient, key, began_at, time()))
