"""The texts of messages as the city writes them: changing one, going back, previews, history."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, make_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from markupsafe import Markup

from dispatch.database import db, not_there
from dispatch.errors import Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import proving, rendering, sampling, texting, wording
from dispatch.messaging.html import paragraphs_of
from dispatch.messaging.imprint import with_imprint
from dispatch.messaging.models import Message, MessageText
from dispatch.messaging.rendering import TEMPLATES
from dispatch.web.formats import without_isolates

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PARTS = ("subject", "body", "sms")


@dataclass(frozen=True)
class Text:
    """One part of a message in one language; `delivered` is what it was when it came to the city.

    `written` is what the city wrote instead, None where it has not.
    """

    path: str
    delivered: str
    written: str | None

    @property
    def current(self) -> str:
        """What is sent."""
        return self.delivered if self.written is None else self.written


@dataclass(frozen=True)
class Preview:
    """How a text reads with the facts of a message that was really written.

    `is_invented`: with facts made up in this language, since none was written in it.
    `segments` and `alphabet` are those of an SMS, 0 and "" for a mail. `page` is how the HTML part
    of a mail shows its text.
    """

    text: str
    page: Markup | None = None
    segments: int = 0
    alphabet: str = ""
    is_invented: bool = False


def names() -> list[str]:
    """Return the names of all messages, and of what they share, in order."""
    return sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())


def of_message(name: str, locale: str) -> list[Text]:
    """Return the texts of a message in a language; raises `NotFound` for a message nobody sends."""
    if name not in names():
        raise not_there()
    found = sorted((TEMPLATES / name).glob(f"*.{locale}.txt"))
    parts = [one for one in found if name == "shared" or one.name.split(".")[0] in PARTS]
    written = rendering.written()
    paths = [f"{name}/{one.name}" for one in parts]
    return [Text(path, delivered(path), written.get(path)) for path in paths]


def find(path: str) -> Text:
    """Return one text; raises `NotFound` where there is none at this path."""
    name, _, file = path.partition("/")
    locale = file.split(".")[1] if file.count(".") == 2 else ""
    for one in of_message(name, locale):
        if one.path == path:
            return one
    raise not_there()


def delivered(path: str) -> str:
    """Return the text that came with the program."""
    return (TEMPLATES / path).read_text(encoding="utf-8").rstrip("\n")


def changed() -> frozenset[str]:
    """Return the names of the messages of which the city has written something itself."""
    return frozenset(path.partition("/")[0] for path in rendering.written())


def fields(path: str) -> wording.Fields:
    """Return what a text may name, and what it must."""
    name, _, file = path.partition("/")
    # each part that several messages share has fields of its own, in every language the same
    same = f"{file.partition('.')[0]}.*" if name == "shared" else "*"
    folder = sorted((TEMPLATES / name).glob(f"{same}.txt"))
    return wording.fields_of(path, [f"{name}/{one.name}" for one in folder], delivered)


def change(actor: Actor, path: str, text: str, *, now: datetime) -> None:
    """Have a text read otherwise from now on; raises `Refusal` for one that may not stand."""
    found = find(path)
    wanted = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    if wanted == found.current:
        return
    _require_may_stand(path, wanted)
    _try(path, wanted)
    _keep(actor, path, None if wanted == found.delivered else wanted, now)


def restore(actor: Actor, path: str, *, now: datetime) -> None:
    """Have the delivered text be sent again; nothing happens where it is."""
    if find(path).written is not None:
        _keep(actor, path, None, now)


def history(path: str) -> Sequence[MessageText]:
    """Return what a text was changed to, newest first."""
    query = sa.select(MessageText).where(MessageText.path == path)
    return db.session.scalars(query.order_by(MessageText.id.desc())).all()


def preview(path: str, text: str, say: Callable[[str], str] = str) -> Preview | None:
    """Return how a text reads with real facts, or made-up ones where none was written yet.

    `say` says what a field means, else it is its name. None where made-up facts do not fit it.
    Raises `Refusal` for a text that may not stand, or cannot be written with real facts.
    """
    _require_may_stand(path, text)
    found = _try(path, text)
    return found if found is not None else _made_up(path, text, say)


def _made_up(path: str, text: str, say: Callable[[str], str]) -> Preview | None:
    name, _part, locale = _parts(path)
    if name == "shared":
        return None
    every = [one.path for one in of_message(name, locale)]
    names = {one for each in every for one in fields(each).known}
    facts = sampling.invented(names, locale, lambda field: f"‹{say(field)}›")
    try:
        return _shown(path, text, facts, is_invented=True)
    except Refusal:  # what was made up does not fit; the text may still be right
        return None


def _require_may_stand(path: str, text: str) -> None:
    wanted = fields(path)
    if _parts(path)[1] == "subject":
        wording.require_one_line(text)
    wording.require_may_stand(text, wanted, delivered)
    proving.require_shown(text, wanted, delivered)


def _try(path: str, text: str) -> Preview | None:
    name, _part, locale = _parts(path)
    sample, is_invented = _sample(name, locale)
    if sample is None:
        return None
    return _shown(path, text, sampling.with_stand_ins(sample), is_invented=is_invented)


def _shown(path: str, text: str, facts: dict[str, Any], *, is_invented: bool) -> Preview:
    _name, part, locale = _parts(path)
    try:
        written = rendering.trial(text, facts)
    except rendering.TemplateFault as fault:
        raise wording.unwritable() from fault
    if part == "body":
        whole = with_imprint(written, locale)
        return Preview(whole, paragraphs_of(whole), is_invented=is_invented)
    if part != "sms":
        return Preview(written, is_invented=is_invented)
    given = make_dataclass("Facts", facts)(**facts)
    short = texting.write_short(lambda some: _by_sms(text, some), given)
    alphabet = "GSM-7" if texting.is_gsm(short) else "UCS-2"
    return Preview(
        short, segments=texting.segments(short), alphabet=alphabet, is_invented=is_invented
    )


def _by_sms(text: str, facts: "DataclassInstance") -> str:
    return without_isolates(rendering.trial(text, asdict(facts)))


def examples(name: str, locale: str) -> dict[str, str]:
    """Return what fields of a message say, for example, in a language; none where none is known."""
    facts, _is_invented = _sample(name, locale)
    return sampling.shown(facts or {})


def _sample(name: str, locale: str) -> tuple[dict[str, Any] | None, bool]:
    """Return the facts of the last message of a name in this language.

    Where there is none in it, those of another, with what people read there made up in this one;
    the second tells so.
    """
    query = (
        sa.select(Message.facts, Message.locale)
        .where(Message.name == name, Message.facts.is_not(None))
        .order_by((Message.locale == locale).desc(), Message.id.desc())
    )
    found = db.session.execute(query.limit(1)).one_or_none()
    if found is None or found.locale == locale:
        return (found.facts if found else None), False
    return sampling.in_language(found.facts, locale), True


def _parts(path: str) -> tuple[str, str, str]:
    name, _, file = path.partition("/")
    part, locale, _txt = file.split(".")
    return name, part, locale


def _keep(actor: Actor, path: str, text: str | None, now: datetime) -> None:
    row = MessageText(path=path, text=text, written_at=now, account_id=actor.account_id)
    db.session.add(row)
    db.session.flush()
    rendering.forget_written()
    kind = "text.restored" if text is None else "text.changed"
    ledger.record(actor, kind, Concerning(), now=now, fields=[path])
