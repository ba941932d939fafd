"""One stage of levels after the other: insert, price, choose, improve, prove."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from random import Random
from time import monotonic

import numpy as np

from solver.method.effort import Effort
from solver.method.found import Found, columns_of, found_nothing
from solver.method.limits import Limits
from solver.method.master.lagrange import Lagrange
from solver.method.master.pool import Pool
from solver.method.master.relaxation import Relaxation, Relaxed
from solver.method.model.stages import Stage, all_weights, stages_of
from solver.method.pricing.pricing import Pricing
from solver.method.primal.annealing import Annealing
from solver.method.primal.choice import Infeasible
from solver.method.primal.diving import Diver
from solver.method.primal.improving import Improver
from solver.method.primal.incumbent import Chooser, Incumbent
from solver.method.proof.prover import WHOLE, Prover
from solver.plan import StoppedBy

ROOT_SHARE = 0.5
FIRST_ROUNDS, FEW_ROUNDS, FIRST_SHARE = 400, 100, 0.2
MORE_ROUNDS, MORE_SHARE, LAST_ROUNDS = 2000, 0.5, 10_000
MANY_STARTS = 3.0
SMALL, FASTER = 60, 40
Seen = Callable[[int, int, int | None], None]


class Staged:
    """One stage of levels after the other, each by column generation."""

    def __init__(
        self, pool: Pool, pricing: Pricing, limits: Limits, seen: Seen, effort: Effort
    ) -> None:
        self.pool, self.pricing = pool, pricing
        self.limits, self.seen, self.effort = limits, seen, effort
        self.random = Random(limits.seed)  # noqa: S311 - reproducible, not secret
        self.bounds: list[int | None] = []
        self.best: Incumbent | None = None
        self.known: dict[int, None] = {}
        everything = Lagrange(pool, pricing, all_weights(pool.rows))
        self.annealing = Annealing(Chooser(everything), pricing, limits)

    def shorten(self, seconds: float) -> None:
        """Use only so many seconds more."""
        self.limits = self.limits.shorter(seconds)
        self.annealing.limits = self.pricing.limits = self.limits

    def insert(self) -> Found | None:
        """Make a first plan by insertion; None if a row is broken."""
        self.annealing.insert()
        self.best = self.annealing.best()
        if self.best is not None:
            self.seen(0, self._values(self.best)[0], None)
        return self.known_days()

    def known_days(self) -> Found | None:
        """Return the best days so far, without bounds; None if none keep every row."""
        if self.best is None:
            return None
        values, stopped_by = self._values(self.best), self._stopped_by(proven=False)
        nothing = (None,) * self.pool.rows.instance.levels
        return Found(columns_of(self.pool, self.best.days), values, nothing, stopped_by)

    def _anneal(self, rounds: int, share: float) -> bool:
        """Ruin and recreate; say whether that made the best plan better.

        Small problems get as many rounds by machine code as without, so that their plan does not
        depend on what lies ready.
        """
        until = monotonic() + share * self.limits.left()
        faster = 1 if len(self.pool.rows.instance.asks) <= SMALL else FASTER
        self.annealing.improve(rounds, until, faster)
        found = self.annealing.best()
        self.known.update(dict.fromkeys(self.annealing.days))
        if found is None or (self.best and self._values(found) >= self._values(self.best)):
            return False
        self.best = found
        return True

    def _anneal_from(self, best: Incumbent, rounds: int) -> None:
        """Ruin and recreate, beginning with a plan."""
        columns = columns_of(self.pool, best.days)
        self.annealing.start_from({column.block: column.path for column in columns})
        share = MORE_SHARE if rounds < LAST_ROUNDS else 1.0
        self._anneal(rounds if self._provable() else 10**9, share)

    def run(self) -> Found:
        """Return the best days found, with bounds of the levels as far as it got."""
        rounds = FIRST_ROUNDS if self._roomy() else FEW_ROUNDS
        better = not self._settled_by_price() and self._anneal(rounds, FIRST_SHARE)
        if better and self.best is not None:
            self.seen(0, self._values(self.best)[0], None)
        rows, proven = self.pool.rows, True
        levels = rows.instance.levels
        for stage in stages_of(rows):
            bound = self._stage(stage, first=not self.bounds)
            if self.best is None:
                break
            values = self._values(self.best)
            count = len(stage.factors)
            self.bounds += [None] * count if bound is None else stage.bounds(values, bound)
            own = slice(stage.first, stage.first + count)
            proven = proven and self.bounds[own] == list(values[own])
            if self.limits.over():
                break
            for level in range(own.start, own.stop):
                rows.hold(level, values[level])
            self.pool.refresh()
        if self.best is None:
            return found_nothing(self.pool, self.limits)
        self.bounds += [None] * (levels - len(self.bounds))
        return Found(
            columns_of(self.pool, self.best.days),
            self._values(self.best),
            tuple(self.bounds),
            self._stopped_by(proven),
        )

    def _stopped_by(self, proven: bool) -> StoppedBy:
        if proven and len(self.bounds) == self.pool.rows.instance.levels:
            return StoppedBy.PROOF
        if self.limits.stop():
            return StoppedBy.ASKED
        return StoppedBy.TIME if self.limits.over() else StoppedBy.SEARCH

    def _values(self, best: Incumbent) -> tuple[int, ...]:
        own = self.pool.costs(best.days)
        count = len(best.options)
        total = own[count:].sum(axis=0) + best.options.astype(np.int64) @ own[:count]
        constant = np.array(self.pool.rows.constant, dtype=np.int64)
        return tuple(int(value) for value in constant + total)

    def _stage(self, stage: Stage, *, first: bool) -> float | None:
        """Make the best plan better in one stage; return the bound of its weighted sum, if any."""
        if self.limits.over():  # the first prices of many days take longer than a limit may wait
            return None
        weights = stage.weights(self.pool.rows.instance.levels)
        lagrange = Lagrange(self.pool, self.pricing, weights)
        relaxation = Relaxation(self.pool, lagrange, self.limits, self.known)
        self.known = relaxation.known
        self.known.update(dict.fromkeys(self.best.days if self.best else ()))
        diver = Diver(Chooser(lagrange), self.limits)
        floor = self._started(stage, relaxation) if first else -np.inf
        best = self._better_of(diver, None)
        if best is not None and best.value - stage.step + WHOLE < floor:
            return best.value
        root = None if self.limits.over() else self._root(relaxation, diver)
        if root is None:
            return floor if first else None
        if first and root.bound.value > relaxation.most_possible() + 0.5:
            raise Infeasible
        if self.limits.over():
            return max(floor, root.bound.value)
        best = self._better_of(diver, diver.dive(root, self.pool.rows.box()))
        wide = first and self._roomy()
        if wide and best is not None and best.value - stage.step >= root.bound.value:
            self._anneal_from(best, MORE_ROUNDS)
            best = self._better_of(diver, None)
        bound = self._closed(stage, relaxation, diver, root, best)
        left = np.inf if self.best is None or bound is None else self.best.value - bound
        if wide and self.best is not None and stage.step <= left < np.inf:
            self._anneal_from(self.best, LAST_ROUNDS)
        return None if bound is None else max(floor, bound)

    def _closed(
        self,
        stage: Stage,
        relaxation: Relaxation,
        diver: Diver,
        root: Relaxed,
        best: Incumbent | None,
    ) -> float | None:
        """Make the plan better by parts, then close the gap as far as it goes; return the bound."""
        if best is not None:
            self._tell(stage, best, root.bound.value)
            best = self._improved(stage, diver.chooser, root, best)
        elif not self._provable():
            return None
        prover = Prover(relaxation, diver, partial(self._tell, stage), stage.step)
        return self._proven(stage, prover, root, best)

    def _roomy(self) -> bool:
        """Say whether insertion has much to choose: wide windows, or who is sent at all."""
        return self.annealing.starts_a_slot() > MANY_STARTS or self.annealing.sweeps()

    def _settled_by_price(self) -> bool:
        """Say whether all days are listed and leave little to choose: then prices find them."""
        return self.pricing.listed is not None and not self._roomy()

    def _started(self, stage: Stage, relaxation: Relaxation) -> float:
        """Find first prices, unless insertion has met days enough; return the bound they give."""
        rounds = self.effort.rounds if self._provable() else self.effort.many_rounds
        met = self.best is not None and self._roomy() and self.pricing.listed is None
        start = relaxation.start(0 if met else rounds, 0 if met else self.effort.exact_rounds)
        if self.best is not None:
            self._tell(stage, self.best, start.value)
        return start.value

    def _root(self, relaxation: Relaxation, diver: Diver) -> Relaxed | None:
        """Solve the relaxation; where that is quick, with a plan made on the way."""
        early, box = None, self.pool.rows.box()
        if self._provable():
            early = relaxation.solve(box, rounds=self.effort.early_rounds)
            if self.limits.over():
                return early
            self._better_of(diver, diver.dive(early, box) if early else None)
        relaxation.limits = self.limits.part(ROOT_SHARE)
        root = relaxation.solve(box, cut=True)
        relaxation.limits = self.limits
        return root or early

    def _proven(
        self, stage: Stage, prover: Prover, root: Relaxed, best: Incumbent | None
    ) -> float | None:
        """Close the gap, or look for any plan at all; return the bound. Raises Infeasible."""
        if best is not None and not self._provable():
            return root.bound.value
        worst = prover.relaxation.most_possible() + stage.step
        nothing = Incumbent(worst, (), np.zeros(len(self.pool.most)))
        listed = self.pricing.listed
        found, bound = prover.prove(root, best or nothing)
        self.pricing.listed = listed
        if found is nothing:
            if bound > worst - stage.step:
                raise Infeasible
            return None
        self.best = found
        return bound

    def _provable(self) -> bool:
        return len(self.pool.rows.instance.asks) <= self.effort.prove_at_most

    def _better_of(self, diver: Diver, found: Incumbent | None) -> Incumbent | None:
        """Keep the better of what was found and what is known already."""
        if self.best is not None:
            again = diver.chooser.incumbent(self.best.days, self.best.options)
            found = again if found is None or again.value <= found.value else found
        self.best = found
        return found

    def _improved(
        self, stage: Stage, chooser: Chooser, root: Relaxed, best: Incumbent
    ) -> Incumbent:
        """Choose anew for some people at a time until that has failed often enough."""
        failed = 0

        def enough() -> bool:
            reached = best.value - stage.step < root.bound.value
            return reached or failed >= self._patience() or self.limits.over()

        improver = Improver(chooser, root.bound, self.limits, self.random, stage.step)
        with closing(improver.better(best)) as attempts:
            while not enough():
                found = next(attempts)
                failed = 0 if found.value < best.value else failed + 1
                best = self.best = found
                self._tell(stage, best, root.bound.value)
        return best

    def _patience(self) -> int:
        """Return how many failures end the improving: any number where no proof will follow.

        Where the days are listed, the proof begins with choosing from the most promising ones.
        """
        if self._settled_by_price():
            return 0
        return self.effort.tries if self._provable() else 10**9

    def _tell(self, stage: Stage, best: Incumbent, bound: float) -> None:
        if self.best is None:
            return
        values = self._values(best)
        self.seen(stage.first, values[stage.first], stage.bounds(values, bound)[0])
