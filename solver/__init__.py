"""Dragoman's solver: who interprets where, with proof, reasons and prices.

A library of its own: no web, no database, no network. Ask with a `Problem`, get a `Plan`.
"""

from solver.checker.check import check
from solver.checker.check_map import Finding
from solver.method.solving import Progress, solve
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
from solver.question.commitments import Commitment
from solver.question.errors import Fault, ProblemError
from solver.question.people import (
    Break,
    Busy,
    Interpreter,
    Limits,
    Qualification,
    WorkDay,
    WorkedWeek,
    WorkingLanguage,
)
from solver.question.problem import Problem
from solver.question.requests import (
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
from solver.question.travel import Place, Profile, Travel
from solver.question.value import Interval
from solver.question.weights import Level, Term, WeightedTerm, Weights
from solver.questions.candidates import Candidate, candidates
from solver.questions.desk import Desk
from solver.questions.events import Absent, Cancelled, Event, Overrun, Urgent
from solver.questions.explain import Explanation, explain
from solver.questions.feasible import FeasibleStart, feasible_starts
from solver.questions.join import join, solve_part, solve_parts
from solver.questions.part import Part, loosened
from solver.questions.remedies import Remedy, apply, remedies
from solver.questions.repair import Repair, repair
from solver.questions.split import split
from solver.questions.standing import standing

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
    "standing",
]
