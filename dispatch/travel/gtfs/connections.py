"""From the stops of trips to connections in order of departure."""

from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.travel.gtfs.calls import Calls
from dispatch.travel.gtfs.stops import Stops
from dispatch.travel.gtfs.trips import Repeated
from dispatch.travel.network import Network


def network_of(
    calls: Calls,
    repeated: Mapping[int, Sequence[Repeated]],
    stops: Stops,
    walks: Sequence[tuple[int, int, int]],
) -> Network:
    """Return the network of the day; a trip given by its frequency runs once for each time."""
    follows = np.flatnonzero(calls.trip[1:] == calls.trip[:-1])
    plain = follows[~np.isin(calls.trip[follows], list(repeated))]
    count = int(calls.trip.max(initial=0)) + 1
    pieces = [(plain, np.zeros(len(plain), dtype=np.int32), calls.trip[plain])]
    for trip, times in repeated.items():
        own = follows[calls.trip[follows] == trip]
        if not len(own):
            continue
        for start in (at for each in times for at in range(each.first, each.last, each.headway)):
            moved = np.full(len(own), start - calls.departs[own[0]], dtype=np.int32)
            pieces.append((own, moved, np.full(len(own), count, dtype=np.int32)))
            count += 1
    own, moved, trips = (np.concatenate(columns) for columns in zip(*pieces, strict=True))
    departs = calls.departs[own] + moved
    order = np.argsort(departs, kind="stable")
    own = own[order]
    return Network(
        latitudes=stops.latitudes,
        longitudes=stops.longitudes,
        departs=departs[order],
        arrives=calls.arrives[own + 1] + moved[order],
        departure_stops=calls.stop[own],
        arrival_stops=calls.stop[own + 1],
        trips=trips[order],
        boards=calls.boards[own],
        alights=calls.alights[own + 1],
        walks=np.array(sorted(walks), dtype=np.int32).reshape(len(walks), 3),
    )
