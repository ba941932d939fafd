"""What a proposal's page shows: who would go and why, who moves, what stays open and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

import solver
import solver.analysis
from dispatch import settings
from dispatch.attendance import queries as attendance
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import NOT_LISTED
from dispatch.offers.barring import declined, starts_refused
from dispatch.offers.long_ways import remark
from dispatch.planning.advice import nobody, wording
from dispatch.planning.advice.barring import bars
from dispatch.planning.advice.wishing import wishes_met
from dispatch.planning.proposals import figures, queries, since, wholes
from dispatch.planning.proposals.figures import Figure, Goal
from dispatch.planning.proposals.lines import Lines, lines_of, shares
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import Item, Move, Proof, items_of, moves_of, proof_of
from dispatch.planning.proposals.service import plan_of, problem_of
from dispatch.planning.proposals.since import Since, World
from dispatch.planning.proposals.ways import Ways
from dispatch.planning.proposals.wholes import NoLonger
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.named import people_of, requests_of
from dispatch.planning.snapshot.places import Origins
from dispatch.requests.models import InterpretationRequest
from dispatch.travel.estimate import Point
from dispatch.travel.queries import travel_times
from dispatch.travel.times import Source, named
from dispatch.web.formats import duration, local_time
from dispatch.web.paging import BEGINNING, Turn

MOST_OTHERS = 3


@dataclass(frozen=True)
class Line:
    """One interpreter who would go: when, why, at what price, and who else could at which."""

    interpretation_request: InterpretationRequest
    interpreter: Interpreter
    time: str
    way: str
    why: str
    price: str
    others: list[str]
    others_count: int
    since: Since


@dataclass(frozen=True)
class Moved:
    """A confirmed interpreter who would be taken off a request, and who would come instead."""

    interpretation_request: InterpretationRequest
    interpreter: Interpreter
    instead: str


@dataclass(frozen=True)
class Unfilled:
    """One request nobody can be found for, why nobody, and what it would need."""

    interpretation_request: InterpretationRequest
    sentence: str
    needs: str


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as people read it.

    `beside` are open requests of its days it leaves aside, because it mends only what fell out,
    `left_aside` those because a round was asking several for them.
    """

    proposal: Proposal
    beside: int
    proof: Proof
    seconds: str
    status_sentence: str
    whole: Lines
    lines: list[Line]
    moved: list[Moved]
    price_of_moving: str
    unfilled: list[Unfilled]
    figures: list[Figure]
    goals: list[Goal]
    log: list[tuple[str, str]]
    no_longer: list[NoLonger]
    left_aside: Collection[InterpretationRequest]

    @property
    def can_be_adopted(self) -> bool:
        """Whether something of it is left; what moves people holds as a whole or not at all."""
        able = self.whole.adoptable
        return bool(able) and (not self.moved or able == self.whole.count)

    @property
    def is_spent(self) -> bool:
        """Whether it moves people, was not adopted, and cannot be as a line does not hold."""
        return bool(self.moved and self.no_longer) and self.proposal.adopted_at is None


class Reader:
    """One proposal with the people and requests it names, read once for many questions."""

    def __init__(self, proposal: Proposal, now: datetime) -> None:
        self.problem, self.plan = problem_of(proposal), plan_of(proposal)
        self.jobs = {one.id: one for one in self.problem.requests}
        self.requests = requests_of(one.id for one in self.problem.requests)
        self.people = people_of(one.id for one in self.problem.interpreters)
        self.names = {str(id_): one.name for id_, one in self.people.items()}
        self.times = travel_times(
            Point(place.latitude or 0.0, place.longitude or 0.0)
            for place in self.problem.travel.places
        )
        self.origins = Origins(self.problem, self.times)
        self.ways = Ways(self.plan, self.requests, self.times)
        self.world = _world(proposal, self.requests, now)
        self.said_no = declined([int(one.request) for one in self.plan.unassigned])
        windows = [id_ for id_, one in self.requests.items() if one.has_window]
        self.refused = starts_refused(windows) if windows else {}
        self.made_at = proposal.made_at
        self.desk = solver.analysis.Desk(self.problem, self.plan)

    def line(self, item: Item) -> Line:
        """Return what is said about one person proposed."""
        found = self.desk.able(str(item.request_id))
        own = next(one for one in found if one.interpreter == str(item.interpreter_id))
        others = [one for one in found if not one.assigned]
        job = self.jobs[str(item.request_id)]
        return Line(
            self.requests[item.request_id],
            self.people[item.interpreter_id],
            self.time(item),
            self.way(item),
            f"{self.why(item, len(others))} {self.no_before(item)}".strip(),
            self.price(own, job),
            [
                f"{self.names[one.interpreter]}: {self.price(one, job)}"
                for one in others[:MOST_OTHERS]
            ],
            len(others),
            self.world.since(item),
        )

    def price(self, one: solver.analysis.Candidate, job: solver.problem.Request) -> str:
        """Return what sending a person adds, and which wishes they meet."""
        person, talk = self.people[int(one.interpreter)], self.requests[int(job.id)]
        said = remark(self.ways.long_way(person, talk, one.way)) + wishes_met(job, person, talk)
        return wording.price(one, job, self.sources(one.interpreter, job.id), wishes=said)

    def time(self, item: Item) -> str:
        """Return from when to when the person would interpret, as the plan decided it."""
        begin = self.world.origin + timedelta(minutes=item.begin)
        one = self.requests[item.request_id]
        end = begin + timedelta(minutes=item.minutes)
        return f"{local_time(begin, one.time_zone)}–{local_time(end, one.time_zone)}"

    def why(self, item: Item, others: int) -> str:
        """Return why this person and this way are proposed."""
        job, chosen = self.jobs[str(item.request_id)], wording.why_chosen(others)
        if item.sharing is not None:
            chosen = shares(item.language, item.sharing, chosen)
        before = [one.way for one in job.ways]
        before = before[: before.index(solver.problem.Way(item.way))]
        if not before:
            return chosen
        wanted = job.model_copy(update={"ways": job.ways[: len(before)]})
        if self.desk.feasible_starts(wanted):
            return chosen
        return f"{chosen} {wording.nobody_by(before[0])}"

    def no_before(self, item: Item) -> str:
        """Return which other starts of the window the person said no to; empty where none."""
        zone_name = self.requests[item.request_id].time_zone
        begin = self.world.origin + timedelta(minutes=item.begin)
        refused = self.refused.get((item.request_id, item.interpreter_id), [])
        times = [local_time(at, zone_name) for at in refused if at != begin]
        return _("Has said no to %(times)s.", times=wording.listed(times)) if times else ""

    def way(self, item: Item) -> str:
        """Return how long the way there is and where that comes from."""
        by = "" if item.way == solver.problem.Way.ON_SITE else wording.way(item.way)
        if not item.travel_minutes:
            return by or duration(0)
        id_ = str(item.interpreter_id)
        stops = {str(item.request_id), *filter(None, [item.coming_from])}
        way = f"{duration(item.travel_minutes)} ({named(self.origins.among(id_, stops))})"
        return f"{by}, {way}" if by else way

    def sources(self, interpreter: str, request_id: str) -> list[Source]:
        """Return where the minutes of somebody's ways of the plan come from."""
        own = {
            stop.request
            for route in self.plan.routes
            if route.interpreter == interpreter
            for stop in route.stops
        }
        return self.origins.among(interpreter, own | {request_id})

    def moved(self, move: Move) -> Moved:
        """Return what is said about one person who would be asked to move."""
        return Moved(
            self.requests[move.request_id],
            self.people[move.interpreter_id],
            wording.listed(self.names[str(id_)] for id_ in move.instead),
        )

    def unfilled(self, one: solver.plan.Unassigned) -> Unfilled:
        """Return what is said about one request that stays open."""
        interpretation_request = self.requests[int(one.request)]
        if interpretation_request.language == NOT_LISTED:
            return Unfilled(interpretation_request, nobody.to_settle(interpretation_request), "")
        barred = bars(
            interpretation_request, one.reasons, self.people, self.said_no, now=self.made_at
        )
        return Unfilled(
            interpretation_request,
            nobody.why_nobody(
                one, barred, [self.names[id_] for id_ in nobody.on_it(self.problem, one.request)]
            ),
            wording.what_it_needs(self.desk.explain(one.request), self.names, barred),
        )


def proposal_page(proposal: Proposal, now: datetime, turn: Turn = BEGINNING) -> ProposalPage:
    """Read a stored proposal with the people and requests it names, and what holds of it by now.

    Of many lines those of one part, from the turn on.
    """
    reader = Reader(proposal, now)
    problem, plan = reader.problem, reader.plan
    whole = lines_of(items_of(plan), reader.world, turn)
    proof, moves = proof_of(problem, plan), moves_of(plan)
    return ProposalPage(
        proposal,
        queries.open_beside(proposal, reader.requests, now),
        proof,
        format_decimal(plan.seconds, "0.0", locale=get_locale()),
        figures.status_sentence(proof),
        whole,
        [reader.line(one.item) for one in whole.part.rows],
        [reader.moved(move) for move in moves],
        wholes.price_of_moving(proposal, plan, moves),
        [reader.unfilled(one) for one in plan.unassigned],
        figures.figures(problem, plan),
        figures.goals(problem, plan),
        list(figures.decision_log(proposal, problem, plan)),
        list(wholes.no_longer(whole, reader.requests, reader.people)),
        wholes.left_aside(proposal, plan),
    )


def _world(
    proposal: Proposal, requests: Mapping[int, InterpretationRequest], now: datetime
) -> World:
    released = {(one.request_id, one.interpreter_id) for one in moves_of(plan_of(proposal))}
    if proposal.repair is not None:  # whoever will not be there in time makes room
        missed = [one.assignment for one in attendance.missed_next(now)]
        released |= {(one.interpretation_request_id, one.interpreter_id) for one in missed}
    zone_name = settings.active().time_zone
    origin, after = Horizon(proposal.first_day, proposal.last_day, zone_name).bounds
    return World(
        requests,
        proposal.versions,
        {(request_id, interpreter_id) for request_id, interpreter_id in proposal.adopted_pairs},
        since.offers_of(requests),
        [
            hold
            for hold in since.holds_in(origin, after)
            if (hold.interpretation_request_id, hold.interpreter_id) not in released
        ],
        since.asked_at_once(requests),
        origin,
        now,
    )
