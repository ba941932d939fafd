"""Dragoman's solver: who interprets where, with proof, reasons and prices.

A library of its own: no web, no database, no network. Ask with a `Problem`, get a `Plan`. Parts of
a problem are in `solver.problem`, parts of a plan in `solver.plan`, questions beside the plan in
`solver.analysis`.
"""

from solver.checker import Finding, check
from solver.method.solving import Progress, solve
from solver.plan import Plan, Status, StoppedBy
from solver.problem import Problem, ProblemError, Term

__all__ = [
    "Finding",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Status",
    "StoppedBy",
    "Term",
    "check",
    "solve",
]
