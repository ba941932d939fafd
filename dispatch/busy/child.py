"""The process of its own in which a private calendar is fetched and read.

Whatever a calendar does to whoever reads it, it does it here: five seconds of CPU and 200 MB are
all there is, and the parent ends what takes longer than that in any way (`reading.py`).
"""

import os
import resource
import sys

CPU_SECONDS = 5  # the 5,000 entries that are kept at most take three
MEMORY_OCTETS = 200 * 1024 * 1024


def main() -> None:
    """Read the question from standard input, write the answer to standard output, as JSON.

    The one argument says how nice to others it is.
    """
    os.nice(int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from dispatch.busy.inside import answer  # within the limits, as everything it brings

    sys.stdout.write(answer(sys.stdin.read()))


if __name__ == "__main__":
    main()
