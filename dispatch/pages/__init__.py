"""Pages: each lives with the person who reads it, with its form, what it reads, its words."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    """Yield the routes of every page there is: a new page is a new file and nothing else."""
    found = set()
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        blueprint = getattr(import_module(module.name), "blueprint", None)
        if isinstance(blueprint, Blueprint) and blueprint not in found:
            found.add(blueprint)
    yield from sorted(found, key=lambda blueprint: blueprint.name)
