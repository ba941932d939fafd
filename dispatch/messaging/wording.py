"""Whether a text that somebody writes for a message may stand: what it says, and by what means.

Pure: the delivered text and the written one in, a named refusal out. A text is a template of few
means (fields, conditions, lists); it can reach nothing but what the message may say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from dispatch.errors import Refusal
from dispatch.messaging import unreadable

MOST_CHARACTERS = 5000
DEEPEST_LOOP = 2
MEANS: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.List,
    nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.If,
    nodes.For, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Sub, nodes.Add,
    nodes.CondExpr, nodes.Filter, nodes.Call, nodes.Keyword, nodes.Include, nodes.FromImport,
    nodes.Assign, nodes.Concat,
)  # fmt: skip
FILTERS = frozenset({"default", "first", "join", "last", "length", "list", "map", "trim", "unique"})
OWN_NAMES = frozenset({"loop"})
OF_LOOPS = frozenset({"first", "index", "last", "length"})
OF_TEXTS = frozenset({"split", "rsplit"})
MUST_STAY = frozenset(
    {
        "answer_by", "code", "day", "link", "office", "phone", "short_answer_by", "short_day",
        "start", "imprint_name", "imprint_address", "imprint_contact", "yes_code", "no_code",
    }
)  # fmt: skip
"""Fields a text keeps if the delivered one has them: when, where, whom to call, who writes."""
Source = Callable[[str], str]
"""Tells the delivered text at a path such as offer/body.de.txt."""
_environment = SandboxedEnvironment()
_environment.globals.clear()  # else `range` and its like would count as known


@dataclass(frozen=True)
class Fields:
    """What a text may name, and what of it must not be missing."""

    known: frozenset[str]
    required: frozenset[str]
    delivered: str


def fields_of(path: str, siblings: list[str], source: Source) -> Fields:
    """Return the fields of the text at a path; `siblings` are all texts of the same message."""
    known: set[str] = set()
    for one in siblings:
        known |= _said(source(one), source)
    text = source(path)
    return Fields(frozenset(known), frozenset(_said(text, source) & MUST_STAY), text)


def require_one_line(text: str) -> None:
    """Raise `Refusal` for a subject of several lines: mail programs show one."""
    if "\n" in text.strip():
        raise _refused("text-lines", _l("The subject of a mail is one line."))


def require_may_stand(text: str, fields: Fields, source: Source) -> None:
    """Raise `Refusal` (field text) that names what is wrong and what would be right."""
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise _refused(
            "text-length",
            _l("Write a text of 1 to %(most)d characters.", most=MOST_CHARACTERS),
        )
    try:
        tree = _environment.parse(text)
    except TemplateSyntaxError as wrong:
        raise _refused("text-unreadable", unreadable.why(text, wrong.lineno)) from wrong
    _require_means(tree, 0)
    _require_own_names(tree, fields)
    said = _said(text, source)
    if unknown := sorted(said - fields.known - OF_LOOPS):
        raise _refused(
            "text-field-unknown",
            _l(
                "There is no field %(name)s in this message; it has: %(known)s.",
                name=unknown[0],
                known=", ".join(sorted(fields.known)),
            ),
        )
    if missing := sorted(fields.required - said):
        raise _refused(
            "text-field-missing",
            _l(
                "The field %(name)s is missing; without it people do not know what to do. "
                "Write {{ %(name)s }} where it belongs.",
                name=missing[0],
            ),
        )


def _require_means(node: nodes.Node, loops: int) -> None:
    """Refuse everything a text needs not do, and lists within lists within lists."""
    loops += isinstance(node, nodes.For)
    if not isinstance(node, MEANS) or loops > DEEPEST_LOOP or not _is_allowed(node):
        raise _refused(
            "text-means",
            _l(
                "Line %(line)d does something a text may not do; use fields, conditions and lists "
                "only, as the delivered text does.",
                line=getattr(node, "lineno", 1) or 1,
            ),
        )
    for child in node.iter_child_nodes():
        _require_means(child, loops)


def _require_own_names(tree: nodes.Template, fields: Fields) -> None:
    """Refuse to call anything by a field's name; what the delivered text sets may be set so."""
    delivered = _environment.parse(fields.delivered)
    kinds = (nodes.Assign, nodes.FromImport)
    as_delivered = list(delivered.find_all(kinds))
    for found in tree.find_all((*kinds, nodes.For)):
        if isinstance(found, nodes.For):
            is_apart = not {one.name for one in _named(found)} & fields.known
        else:
            is_apart = found in as_delivered
        if not is_apart:
            raise _refused(
                "text-name-taken",
                _l(
                    "Line %(line)d gives something a name. A name says only what the message "
                    "says; write the field itself where it belongs.",
                    line=found.lineno,
                ),
            )


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    if isinstance(node, nodes.Call):
        called = node.node
        is_of_text = isinstance(called, nodes.Getattr) and called.attr in OF_TEXTS
        return isinstance(called, nodes.Name) or is_of_text
    if isinstance(node, (nodes.Include, nodes.FromImport)):
        path = node.template
        return isinstance(path, nodes.Const) and str(path.value).startswith("shared/")
    if isinstance(node, nodes.Getattr):
        return not node.attr.startswith("_")
    return True


def _said(text: str, source: Source) -> set[str]:
    """Return every field a text names, with those of the texts it takes in."""
    tree = _environment.parse(text)
    found = meta.find_undeclared_variables(tree) - OWN_NAMES
    found |= {one.attr for one in tree.find_all(nodes.Getattr)} - OF_TEXTS
    names = {one.name for each in tree.find_all(nodes.For) for one in _named(each)}
    for path in taken_in(tree):  # what it takes in may call an entry as the list here does
        found |= _said(source(path), source) - names
    return found


def _named(loop: nodes.For) -> Iterator[nodes.Name]:
    """Return what a list calls each of its entries."""
    target = loop.target
    return iter([target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name))


def taken_in(tree: nodes.Template) -> Iterator[str]:
    """Return the paths of the texts a text takes in."""
    for path in meta.find_referenced_templates(tree):
        if path is not None and path.startswith("shared/"):
            yield path


def _refused(code: str, text: object) -> Refusal:
    return Refusal(code, text, field="text")


def lost(name: str, case: str) -> Refusal:
    """Return the refusal for a text that shows a field not in every case; "" is any case."""
    if not case:
        text = _l("The field %(name)s is never shown. Write {{ %(name)s }} where it is.", name=name)
    else:
        text = _l(
            "The field %(name)s is not shown in this case: %(case)s. Write {{ %(name)s }} outside "
            "of the condition, or in both branches.",
            name=name,
            case=case,
        )
    return _refused("text-field-lost", text)


def unwritable() -> Refusal:
    """Return the refusal for a text that fails with the facts of a real message."""
    return _refused(
        "text-unwritable",
        _l(
            "With the facts of a real message it cannot be written. Write each field as the "
            "delivered text does."
        ),
    )
