"""Judging a plan from the definitions alone."""

from solver.checker.check import check
from solver.checker.check_map import Finding, FindingCode

__all__ = [
    "Finding",
    "FindingCode",
    "check",
]
