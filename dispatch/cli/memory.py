"""How a process that serves for months keeps its memory."""

import ctypes
import gc
from contextlib import suppress

ARENA_MAX = -8
"""M_ARENA_MAX of glibc's mallopt(3)."""
ARENAS = 2
SEARCHED_AFTER = (10_000, 20, 20)
"""After so many new objects, and of those searches after so many, the older ones too."""


def share_heaps() -> None:
    """Have all threads of this process share two heaps; to be called before they start.

    glibc gives nearly every thread a heap of its own, and each keeps what it once needed: forty
    threads hold several times the memory that is in use. Elsewhere nothing is changed.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(ARENA_MAX, ARENAS)


def keep_what_is_there() -> None:
    """Have the search for garbage pass by all that this process made at its start and keeps.

    To be called when it is ready and before it serves: a search through half a million objects
    that are never garbage makes everybody who waits wait longer, several times a minute. One full
    day read at once is a hundred thousand objects: to search after each 700, as Python does at
    first, takes a third of the time that is needed for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED_AFTER)


def give_back() -> None:
    """Give what is free in the middle of the heaps back to the operating system; milliseconds.

    glibc gives back the ends of its heaps only: after a busy hour a twentieth of the process is
    free and belongs to it all the same. Elsewhere nothing is done.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
