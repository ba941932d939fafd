"""All methods by name. A peer's package is only loaded in the process that runs it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from bench.solver.answer import Answer, Call, Method
from bench.solver.day import Day

SEATS = "two people at once (seats tried one by one); start grid"


def _peer(module: str) -> ModuleType:
    return import_module(f"bench.solver.{module}")


def _method(
    name: str, module: str, lacks: str = "", function: str = "run", **more: object
) -> Method:
    def run(day: Day, call: Call) -> Answer:
        answer: Answer = getattr(_peer(module), function)(day, call)
        return answer

    def prepare() -> None:
        getattr(_peer(module), "prepare", lambda: None)()

    return Method(name, run, lacks, prepare=prepare, **more)  # type: ignore[arg-type]


OURS = _method("Dragoman", "ours")
PEERS = (
    _method("greedy", "peers.greedy", "second thoughts; no bound", seeded=False),
    _method("VROOM, fast", "peers.vroom", f"{SEATS}; fees; no bound", "fast", seeded=False),
    _method(
        "VROOM",
        "peers.vroom",
        f"{SEATS}; fees; no bound; on a region it does not keep its time limit",
        seeded=False,
        most_requests=400,
    ),
    _method(
        "PyVRP",
        "peers.pyvrp",
        f"{SEATS}; fees; skills but as one load for each set of people; no bound",
        most_requests=400,
    ),
    _method("OR-Tools routing", "peers.routing", f"{SEATS}; no bound", seeded=False),
    _method("Timefold", "peers.timefold", "no bound"),
)
BY_NAME = {method.name: method for method in (OURS, *PEERS)}
