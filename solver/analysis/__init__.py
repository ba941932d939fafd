"""Questions beside the plan: who else, why not, what would help, what to repair, how to split."""

from solver.analysis.candidates import Candidate, candidates
from solver.analysis.desk import Desk
from solver.analysis.events import Absent, Cancelled, Event, Overrun, Urgent
from solver.analysis.explain import Explanation, explain
from solver.analysis.feasible import FeasibleStart, feasible_starts
from solver.analysis.join import join, solve_part, solve_parts
from solver.analysis.part import Part, loosened
from solver.analysis.remedies import Remedy, apply, remedies
from solver.analysis.repair import Repair, repair
from solver.analysis.split import split
from solver.evaluation.standing import standing

__all__ = [
    "Absent",
    "Cancelled",
    "Candidate",
    "Desk",
    "Event",
    "Explanation",
    "FeasibleStart",
    "Overrun",
    "Part",
    "Remedy",
    "Repair",
    "Urgent",
    "apply",
    "candidates",
    "explain",
    "feasible_starts",
    "join",
    "loosened",
    "remedies",
    "repair",
    "solve_part",
    "solve_parts",
    "split",
    "standing",
]
