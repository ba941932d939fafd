"""The network of one working day: stops, vehicles between them, walks from stop to stop."""

import io
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """Arrays by number of stop and by connection; times are seconds since midnight.

    A connection is a vehicle's way from one stop to the next. `walks` are rows of (from, to,
    seconds); from a stop to itself they are the time a change takes, and without such a row
    nobody can change there.
    """

    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    departs: Whole
    arrives: Whole
    departure_stops: Whole
    arrival_stops: Whole
    trips: Whole
    boards: Flags
    alights: Flags
    walks: Whole

    def packed(self) -> bytes:
        """Return the network as bytes to keep."""
        written = io.BytesIO()
        np.savez_compressed(written, **{one.name: getattr(self, one.name) for one in fields(self)})
        return written.getvalue()

    @classmethod
    def unpacked(cls, kept: bytes) -> "Network":
        """Return the network that was kept."""
        with np.load(io.BytesIO(kept), allow_pickle=False) as read:
            return cls(**{one.name: read[one.name] for one in fields(cls)})
