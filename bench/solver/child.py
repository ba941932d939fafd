"""Runs one function in a process of its own: `python -m bench.solver.child module:name {..} file`.

The arguments are JSON; what the function returns is written to the file as JSON.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def main(function: str, arguments: str, result: str) -> None:
    """Call the function and write down what it returns."""
    module, _, name = function.partition(":")
    found = getattr(import_module(module), name)(**json.loads(arguments))
    Path(result).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
