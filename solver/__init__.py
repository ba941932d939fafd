"""Dragoman's solver: who interprets where, with proof, reasons and prices.

A library of its own: no web, no database, no network. Ask with a `Problem`, get a `Plan`.
"""

from solver.commitments import Commitment
from solver.errors import Fault, ProblemError
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
from solver.travel import Place, Profile, Travel
from solver.value import Interval
from solver.weights import Level, Term, WeightedTerm, Weights

__all__ = [
    "Break",
    "Busy",
    "Change",
    "Commitment",
    "ContinuityCondition",
    "ExcludedCondition",
    "Fault",
    "GenderCondition",
    "Handover",
    "Interpreter",
    "Interval",
    "LanguageChoice",
    "Level",
    "LevelCondition",
    "LevelValue",
    "Limits",
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
    "Violation",
    "Way",
    "WayChoice",
    "WeightedTerm",
    "Weights",
    "WorkDay",
    "WorkedWeek",
    "WorkingLanguage",
    "solve",
]
