"""Dragoman's solver: who interprets where, with proof, reasons and prices.

A library of its own: no web, no database, no network. Ask with a `Problem`, get a `Plan`.
"""

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
from solver.checker.check import check
from solver.checker.check_map import Finding
from solver.evaluation.standing import standing
from solver.method.solving import Progress, solve
from solver.plan import (
    Change,
    LevelValue,
    Plan,
    Reason,
    Route,
    RuleCode,
    RuleCount,
    Status,
    Stop,
    StoppedBy,
    TermAmount,
    Unassigned,
    Violation,
)
from solver.problem.commitments import Commitment
from solver.problem.errors import Fault, ProblemError
from solver.problem.people import (
    Break,
    Busy,
    Interpreter,
    Limits,
    Qualification,
    Tariff,
    WorkDay,
    WorkedWeek,
    WorkingLanguage,
)
from solver.problem.problem import Problem
from solver.problem.requests import (
    AnyCondition,
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
from solver.problem.travel import Place, Profile, Travel
from solver.problem.value import Interval
from solver.problem.weights import Level, Term, WeightedTerm, Weights

__all__ = [
    "Absent",
    "AnyCondition",
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
    "RuleCode",
    "RuleCount",
    "Status",
    "Stop",
    "StoppedBy",
    "Tariff",
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
    "standing",
]
