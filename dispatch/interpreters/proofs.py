"""Files that prove qualifications: what they may be, where they lie, who reads them."""

import secrets
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch import whole_files
from dispatch.database import db, lock, not_there
from dispatch.errors import Refusal
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.settings import active

MOST_BYTES = 8_000_000
"""A photograph of a page taken with a telephone."""

BEGINS: dict[bytes, str] = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "jpg",
    b"\x89PNG\r\n\x1a\n": "png",
}
"""How a file of each kind begins; what it calls itself is not believed."""


def kind_of(content: bytes) -> str:
    """Return which kind of file it is: pdf, jpg or png.

    Raises `Refusal` (field proof) for an empty file, another kind, or one that is too large.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    for begin, kind in BEGINS.items():
        if content.startswith(begin):
            return kind
    raise Refusal(
        "proof-of-no-kind",
        _l("This is neither a PDF nor a JPEG or PNG picture; choose a file of one of these."),
        field="proof",
    )


def too_large() -> Refusal:
    """Return the refusal of a file that is too large."""
    return Refusal(
        "proof-too-large",
        _l(
            "The file is larger than %(most)d MB; photograph it smaller, or make a PDF of it.",
            most=MOST_BYTES // 1_000_000,
        ),
        field="proof",
    )


def of_person(interpreter: Interpreter, qualification_id: int) -> HeldQualification:
    """Return one of somebody's qualifications; 404 for any other."""
    for held in interpreter.qualifications:
        if held.id == qualification_id:
            return held
    raise not_there()


def keep(
    actor: Actor, interpreter_id: int, qualification_id: int, content: bytes, *, now: datetime
) -> Path | None:
    """Keep what proves a qualification, and return the file it takes the place of, if any.

    The file is written before the row points to it, so that no row points to nothing. The caller
    removes the earlier one once this holds.
    """
    kind = kind_of(content)
    held = of_person(lock(Interpreter, interpreter_id), qualification_id)
    before = path_of(held)
    held.proof_file, held.proof_given_at = f"{secrets.token_hex(16)}.{kind}", now
    db.session.flush()
    whole_files.write(active().proofs / held.proof_file, content)
    ledger.record(
        actor,
        "interpreter.proof",
        Concerning(interpreter=interpreter_id),
        now=now,
        fields=["proof_file"],
    )
    return before


def path_of(held: HeldQualification) -> Path | None:
    """Return where the proof of a qualification lies; None if none was given."""
    return active().proofs / held.proof_file if held.proof_file else None
