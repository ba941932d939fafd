"""The functions of `routes`, `placing` and `rounds` compiled by numba, from their own source.

What they read and write, `Slots` and `Work`, are about ninety arrays; handing them over from
function to function would take longer than most functions work, and minutes to compile. So the
source is rewritten first: all whole numbers lie in one array `whole`, all costs in one array
`costs`, all ways in one array `ways`, and `m.begin[k]` becomes `whole[whole[7] + k]`. Everything
else stays as it is, so that plain Python and machine code do the same, draw by draw.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from solver.method import machine
from solver.method.primal import placing, rounds, routes
from solver.method.primal.routes import Work
from solver.method.primal.slots import Slots

ENTRY = "anneal"
MODULES = (routes, placing, rounds)
HELD_IN = {"Slots": "m", "Work": "w"}
OF_SLOTS = (
    "hard soft rate soft_rate fixed soft_fixed share_hard share_soft team_hard team_soft rank"
)
OF_WORK = "hard soft key pick_cost sums"
COSTS = {f"m.{name}" for name in OF_SLOTS.split()} | {f"w.{name}" for name in OF_WORK.split()}
ARRAYS = ("whole", "costs", "ways")
WAYS = {"m.travel", "m.legs"}
FIELDS = [f"m.{name}" for name in Slots._fields] + [f"w.{name}" for name in Work._fields]
PLACE = {name: at for at, name in enumerate(FIELDS)}
Rounds = Callable[[int, float, float], None]


class Flat:
    """`Slots` and `Work` in three arrays; in `work` each field of `Work` is a part of them.

    `whole` begins with where each field lies, then how long each is.
    """

    def __init__(self, slots: Slots, work: Work) -> None:
        given: dict[str, Any] = dict(zip(FIELDS, (*slots, *work), strict=True))
        start = np.zeros(2 * len(FIELDS), dtype=np.int64)
        parts: dict[str, list[Any]] = {"whole": [start], "costs": [], "ways": []}
        filled = {"whole": len(start), "costs": 0, "ways": 0}
        for name, values in given.items():
            array, at = _array_of(name), PLACE[name]
            start[at], start[len(FIELDS) + at] = filled[array], len(values)
            filled[array] += len(values)
            parts[array].append(np.asarray(values))
        kinds = {"whole": np.int64, "costs": np.float64, "ways": np.int32}
        self.whole, self.costs, self.ways = (
            np.concatenate([np.zeros(0), *parts[array]]).astype(kind)
            for array, kind in kinds.items()
        )
        self.work = Work(*(self._part(name) for name in FIELDS if name.startswith("w.")))

    def _part(self, name: str) -> Any:
        low = int(self.whole[PLACE[name]])
        own = self.costs if name in COSTS else self.whole
        return own[low : low + int(self.whole[len(FIELDS) + PLACE[name]])]


class _Flattening(ast.NodeTransformer):
    """Rewrites the source: three arrays instead of `m` and `w`."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Turn m.begin[k] into whole[whole[place] + k]."""
        self.generic_visit(node)
        name = _field(node.value)
        if name is None:
            return node
        at = ast.BinOp(_number_at(PLACE[name]), ast.Add(), node.slice)
        return ast.Subscript(ast.Name(_array_of(name), ast.Load()), at, node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Hand over the three arrays; turn len(m.seeds) into whole[place of its length]."""
        name = _field(node.args[0]) if node.args else None
        if isinstance(node.func, ast.Name) and node.func.id == "len" and name is not None:
            return _number_at(len(FIELDS) + PLACE[name])
        self.generic_visit(node)
        held = [a for a in node.args if isinstance(a, ast.Name) and a.id in HELD_IN.values()]
        if held:
            three: list[ast.expr] = [
                ast.Name(name, ast.Load()) for name in ("whole", "costs", "ways")
            ]
            node.args = three + [argument for argument in node.args if argument not in held]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take the three arrays, without annotations."""
        self.generic_visit(node)
        rest = [a.arg for a in node.args.args if a.arg not in HELD_IN.values()]
        node.args.args = [ast.arg(name) for name in (*ARRAYS, *rest)]
        node.returns = None
        return node


def _field(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = f"{node.value.id}.{node.attr}"
        return name if name in PLACE else None
    return None


def _number_at(place: int) -> ast.expr:
    return ast.Subscript(ast.Name("whole", ast.Load()), ast.Constant(place), ast.Load())


def _array_of(name: str) -> str:
    if name in COSTS:
        return "costs"
    return "ways" if name in WAYS else "whole"


@cache
def _version() -> str:
    """Return what changes whenever any of the functions does: they are compiled into each other."""
    return machine.version(*(inspect.getsource(module) for module in MODULES), *FIELDS)


@cache
def _dispatcher() -> Any:
    """Return the entry, ready to be compiled on its first call."""
    from numba import njit  # half a second to import

    space: dict[str, Any] = {}
    for module in MODULES:
        tree = ast.parse(inspect.getsource(module))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        made = ast.Module([_Flattening().visit(node) for node in functions], [])
        code = compile(ast.fix_missing_locations(made), str(module.__file__), "exec")
        own = {**vars(module), **space}
        exec(code, own)  # noqa: S102 - our own source
        for name in (node.name for node in functions):
            function = own[name]
            function.__qualname__ = f"{name}_{_version()}"
            entry = name == ENTRY
            how: dict[str, Any] = {"no_cfunc_wrapper": True, "no_cpython_wrapper": not entry}
            own[name] = space[name] = njit(cache=entry, nogil=True, **how)(function)
    return space[ENTRY]


def stored() -> bool:
    """Say whether machine code lies ready from an earlier time."""
    return machine.stored(_dispatcher())


def compiled(flat: Flat) -> Rounds:
    """Return `rounds` on these arrays, compiled when it is called first."""
    entry = _dispatcher()

    def run(number: int, hot: float, cooling: float) -> None:
        entry(flat.whole, flat.costs, flat.ways, number, hot, cooling)

    return run


def making(slots: Slots, work: Work, seconds: float) -> machine.Making:
    """Begin to make machine code for arrays like these ready."""
    return machine.Making(stored, lambda: compiled(Flat(slots, work))(0, 1.0, 1.0), seconds)
