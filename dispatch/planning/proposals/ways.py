"""The way of somebody in a plan that the office decides on before they are asked."""

from collections.abc import Mapping, Sequence

import solver
from dispatch.interpreters.models import Interpreter
from dispatch.offers.long_ways import LongWay, between
from dispatch.planning.proposals.rules import items_of
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site
from dispatch.travel.times import TravelTimes


class Ways:
    """The ways of one plan; `talks` are its requests by id, `times` what is known of travel."""

    def __init__(
        self, plan: solver.Plan, talks: Mapping[int, InterpretationRequest], times: TravelTimes
    ) -> None:
        self.talks, self.times = talks, times
        self.days = {
            (int(stop.request), int(route.interpreter)): route.stops
            for route in plan.routes
            for stop in route.stops
        }
        self.proposed = {(one.request_id, one.interpreter_id) for one in items_of(plan)}

    def long_way(self, who: Interpreter, talk: InterpretationRequest, way: str) -> LongWay | None:
        """Return the way beyond the cap: from home, from where they are before, or onward.

        Onward only to what is agreed already: what is proposed for later is asked later, and looks
        back at this. Of who is not proposed for the talk only the way from home is known.
        """
        stops = self.days.get((talk.id, who.id), ())
        number = next((n for n, one in enumerate(stops) if one.request == str(talk.id)), 0)
        agreed = [
            one
            for one in stops[number + 1 :][:1]
            if (int(one.request), who.id) not in self.proposed
        ]
        before, after = self._site(stops[:number][-1:]), self._site(agreed)
        return between(who, talk.site, way, before, after, self.times)

    def _site(self, stops: Sequence[solver.plan.Stop]) -> Site | None:
        """Return where somebody is at this one stop, if there is one and they travel to it."""
        for one in stops:
            if one.way == solver.problem.Way.ON_SITE:
                return self.talks[int(one.request)].site
        return None
