"""Whether a text says what it must in every case: it and the delivered one are written, compared.

Pure: the cases are made up from what the two texts ask about, not taken from anybody's messages.
Each fact is a sign that stands in no text, so that it is found again wherever it is shown.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from jinja2 import FunctionLoader, StrictUndefined, Template, nodes
from jinja2.sandbox import SandboxedEnvironment

from dispatch.messaging import wording
from dispatch.messaging.wording import OF_LOOPS, OF_TEXTS, Fields, Source, taken_in

ALL_CASES = 1000
"""So many cases are all written; of more, each two facts against all the others."""
MOST_CASES = 2000
MOST_ENTRIES = 3
LONGEST = 200
FIRST_SIGN = 0xE000  # private use: in no text
Facts = dict[str, object]


@dataclass(frozen=True)
class Sign:
    """A fact that is given; `length` is how many characters it has, 0 where nobody counts."""

    length: int = 0


@dataclass
class _Asked:
    """What two texts ask about their facts, by the fact's name."""

    tested: set[str] = field(default_factory=set)
    values: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))
    lengths: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def read(self, tree: nodes.Template) -> None:
        """Take up what one text asks."""
        for kind in (nodes.If, nodes.CondExpr, nodes.For):
            for asking in tree.find_all(kind):
                test = getattr(asking, "test", None)  # a list has one only where it leaves out
                self.tested |= _names(test) if test is not None else set()
        for joined in tree.find_all((nodes.And, nodes.Or, nodes.Not)):
            self.tested |= _names(joined)
        for compared in tree.find_all(nodes.Compare):
            self._compare(compared)
        self._read_numbers_and_keys(tree)

    def _read_numbers_and_keys(self, tree: nodes.Template) -> None:
        for found in tree.find_all((nodes.Add, nodes.Sub)):
            for name in _names(found):
                self.values[name] |= {1, 2, 3}
        for looked_up in tree.find_all(nodes.Getitem):
            if isinstance(looked_up.node, nodes.Dict) and (name := _name(looked_up.arg)):
                keys = {
                    one.key.value
                    for one in looked_up.node.items
                    if isinstance(one.key, nodes.Const)
                }
                self.values[name] |= keys

    def _compare(self, found: nodes.Compare) -> None:
        sides = [found.expr, *(one.expr for one in found.ops)]
        constants = {one.value for side in sides for one in _constants(side)}
        for side in sides:
            numbers = {one for one in constants if type(one) is int}
            around = {near for one in numbers for near in (one - 1, one, one + 1) if near >= 0}
            if isinstance(side, nodes.Filter) and side.name == "length":
                if side.node is not None and (name := _name(side.node)):
                    self.lengths[name] |= {one for one in around if 0 < one <= LONGEST}
            elif name := _name(side):
                self.tested.add(name)
                self.values[name] |= (constants - numbers) | around

    def choices(self, name: str) -> list[object]:
        """Return what a fact may be, so that each condition is met and not met."""
        lengths = [Sign(one) for one in sorted(self.lengths[name])]
        values = sorted(self.values[name], key=repr)
        is_number = any(type(one) is int for one in values)
        signs: list[object] = [] if is_number else [*(lengths or [Sign()])]
        return [*signs, *values, *([""] if name in self.tested and not is_number else [])]


def require_shown(text: str, fields: Fields, source: Source) -> None:
    """Raise `Refusal` that names the field that is lost, and in which case.

    A case the delivered text cannot be written in is none that happens; where only the new one
    cannot, the delivered one is sent.
    """
    environment = SandboxedEnvironment(loader=FunctionLoader(source), undefined=StrictUndefined)
    ours, theirs = environment.from_string(fields.delivered), environment.from_string(text)
    asked, own = _Asked(), _Asked()
    for tree in (*_trees(fields.delivered, source), *_trees(text, source)):
        asked.read(tree)
    own.read(environment.parse(text))
    names = sorted(fields.known)
    choices = {one: asked.choices(one) for one in names}

    def is_lost(name: str, case: dict[str, object]) -> bool:
        facts = _facts(case, names)
        wanted, got = _written(ours, facts), _written(theirs, facts)
        return wanted is not None and got is not None and not _is_shown(name, facts, wanted, got)

    for case in itertools.islice(_cases(choices), MOST_CASES):
        for name in sorted(fields.required):
            if is_lost(name, case):
                about = (own.tested | set(own.lengths)) - {name}
                matter = [
                    one
                    for one in names
                    if one in about
                    and not all(is_lost(name, case | {one: other}) for other in choices[one])
                ]
                raise wording.lost(name, ", ".join(_said(one, case[one]) for one in matter))


def _said(name: str, chosen: object) -> str:
    if isinstance(chosen, Sign):
        if chosen.length:
            return _("%(name)s has %(number)d characters", name=name, number=chosen.length)
        return _("%(name)s is given", name=name)
    return (
        _("%(name)s is %(value)s", name=name, value=chosen)
        if chosen
        else _("%(name)s is empty", name=name)
    )


def _is_shown(name: str, facts: Facts, wanted: str, got: str) -> bool:
    each = facts.get("each")
    entries = each if isinstance(each, list) else []
    for value in (one.get(name) for one in (facts, *entries)):
        if isinstance(value, str) and value and ord(value[0]) >= FIRST_SIGN:
            shown = value if value in wanted else value[0]
            if shown in wanted and shown not in got:
                return False
    return True


def _cases(choices: dict[str, list[object]]) -> Iterator[dict[str, object]]:
    count = 1
    for some in choices.values():
        count *= len(some)
    if count <= ALL_CASES:
        for values in itertools.product(*choices.values()):
            yield dict(zip(choices, values, strict=True))
        return
    bases = [{name: some[end] for name, some in choices.items()} for end in (0, -1)]
    yield from bases
    open_ones = [name for name, some in choices.items() if len(some) > 1]
    for several in (1, 2):
        for base, names in itertools.product(bases, itertools.combinations(open_ones, several)):
            for values in itertools.product(*(choices[one] for one in names)):
                yield base | dict(zip(names, values, strict=True))


def _facts(case: dict[str, object], names: list[str]) -> Facts:
    def entry(index: int) -> Facts:
        return {name: _value(case[name], at * (MOST_ENTRIES + 1) + index)
                for at, name in enumerate(names)}  # fmt: skip

    facts = entry(0)
    if "each" in case:
        number = case.get("number")
        count = min(number, MOST_ENTRIES) if isinstance(number, int) else 2
        facts["each"] = [entry(1 + index) for index in range(count)]
    return facts


def _value(chosen: object, sign: int) -> object:
    if not isinstance(chosen, Sign):
        return chosen
    one = chr(FIRST_SIGN + sign)
    return one * chosen.length if chosen.length else f"{one}/{one}"


def _written(template: Template, facts: Facts) -> str | None:
    try:
        return template.render(facts)
    except Exception:  # made-up facts, and whatever somebody wrote
        return None


def _trees(text: str, source: Source) -> Iterator[nodes.Template]:
    tree = SandboxedEnvironment().parse(text)
    yield tree
    for path in taken_in(tree):
        yield from _trees(source(path), source)


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and node.attr not in OF_TEXTS | OF_LOOPS:
        return node.attr
    return ""


def _names(node: nodes.Node) -> set[str]:
    inside = (node, *node.find_all((nodes.Name, nodes.Getattr)))
    return {name for one in inside if (name := _name(one))}


def _constants(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Const):
        yield node
    elif isinstance(node, (nodes.List, nodes.Tuple)):
        yield from (one for one in node.items if isinstance(one, nodes.Const))
