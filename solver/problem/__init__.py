"""What is asked: the problem and its parts, and what is wrong with one."""

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
    "AnyCondition",
    "Break",
    "Busy",
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
    "Limits",
    "Place",
    "PreferredCondition",
    "Problem",
    "ProblemError",
    "Profile",
    "Qualification",
    "QualificationCondition",
    "Request",
    "Tariff",
    "Term",
    "Travel",
    "Way",
    "WayChoice",
    "WeightedTerm",
    "Weights",
    "WorkDay",
    "WorkedWeek",
    "WorkingLanguage",
]
