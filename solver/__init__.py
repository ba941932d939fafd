"""Dragoman's solver: who interprets where, with proof, reasons and prices.

A library of its own: no web, no database, no network. Ask with a `Problem`, get a `Plan`.
"""

from solver.candidates import Candidate, candidates
from solver.check import check
from solver.check_map import Finding
from solver.commitments import Commitment
from solver.desk import Desk
from solver.errors import Fault, ProblemError
from solver.events import Absent, Cancelled, Event, Overrun, Urgent
from solver.explain import Explanation, explain
from solver.feasible import FeasibleStart, feasible_starts
from solver.join import join, solve_part, solve_parts
from solver.part import Part, loosened
from solver.people import (
    Break,
    Busy,
    Interpreter,
    Limits,
    Qualification,
    WorkDay,
    WorkedWeek,
    WorkingLanguage,
)
from solver.plan import (
    Change,
    LevelValue,
    Plan,
    Reason,
    Route,
    RuleCount,
    Status,
    Stop,
    StoppedBy,
    TermAmount,
    Unassigned,
    Violation,
)
from solver.problem import Problem
from solver.remedies import Remedy, apply, remedies
from solver.repair import Repair, repair
from solver.requests import (
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    Handover,
    LanguageChoice,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
    Request,
    Way,
    WayChoice,
)
from solver.solving import Progress, solve
from solver.split import split
from solver.travel import Place, Profile, Travel
from solver.value import Interval
from solver.weights import Level, Term, WeightedTerm, Weights

__all__ = [
    "Absent",
    "Break",
    "Busy",
    "Cancelled",
    "Candidate",
    "Change",
    "Commitment",
    "ContinuityCondition",
    "Desk",
    "Event",
    "ExcludedCondition",
    "Explanation",
    "Fault",
    "FeasibleStart",
    "Finding",
    "GenderCondition",
    "Handover",
    "Interpreter",
    "Interval",
    "LanguageChoice",
    "Level",
    "LevelCondition",
    "LevelValue",
    "Limits",
    "Overrun",
    "Part",
    "Place",
    "Plan",
    "PreferredCondition",
    "Problem",
    "ProblemError",
    "Profile",
    "Progress",
    "Qualification",
    "QualificationCondition",
    "Reason",
    "Remedy",
    "Repair",
    "Request",
    "Route",
    "RuleCount",
    "Status",
    "Stop",
    "StoppedBy",
    "Term",
    "TermAmount",
    "Travel",
    "Unassigned",
    "Urgent",
    "Violation",
    "Way",
    "WayChoice",
    "WeightedTerm",
    "Weights",
    "WorkDay",
    "WorkedWeek",
    "WorkingLanguage",
    "apply",
    "candidates",
    "check",
    "explain",
    "feasible_starts",
    "join",
    "loosened",
    "remedies",
    "repair",
    "solve",
    "solve_part",
    "solve_parts",
    "split",
]
