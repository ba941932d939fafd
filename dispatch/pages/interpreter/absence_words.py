"""What is told of an absence once it is saved: what became of which assignment."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from flask_babel import gettext as _
from flask_security import current_user

from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of
from dispatch.web.formats import apart, language_of_reader, local_datetime, local_time


def what_was_done(
    decided: Sequence[AbsenceJob], interpreter: Interpreter
) -> Iterator[tuple[str, str]]:
    """Return a level and a sentence for each kind of decision, naming its assignments."""
    say = _to_office if current_user.role == Role.COORDINATOR else _to_oneself
    order = list(Resolution)
    by_kind = sorted(decided, key=lambda one: order.index(Resolution(one.resolution)))
    for kind, jobs in groupby(by_kind, key=lambda one: Resolution(one.resolution)):
        which = "; ".join(_which(one) for one in jobs)
        yield "info", say[kind](which, apart(interpreter.name))


def _which(job: AbsenceJob) -> str:
    one = job.assignment
    zone_name = one.interpretation_request.time_zone
    span = f"{local_datetime(one.starts_at, zone_name)}–{local_time(one.ends_at, zone_name)}"
    return f"{span}, {name_of(one.language, language_of_reader())}"


Sentence = Callable[[str, str], str]
_to_oneself: dict[Resolution, Sentence] = {
    Resolution.REPLACE: lambda which, _name: _(
        "You are off: %(which)s. The office and those who asked know it; please do not come.",
        which=which,
    ),
    Resolution.ASK: lambda which, _name: _(
        "Stays yours until the office has decided: %(which)s.", which=which
    ),
    Resolution.KEEP: lambda which, _name: _(
        "Stays yours, in spite of the absence: %(which)s.", which=which
    ),
}
_to_office: dict[Resolution, Sentence] = {
    Resolution.REPLACE: lambda which, name: _(
        "%(name)s is off: %(which)s. %(name)s and those who asked are told; somebody else is to "
        "be found.",
        name=name,
        which=which,
    ),
    Resolution.ASK: lambda which, name: _(
        "Stays until %(name)s, who is asked now, has answered: %(which)s.", name=name, which=which
    ),
    Resolution.KEEP: lambda which, name: _(
        "Stays with %(name)s, in spite of the absence: %(which)s.", name=name, which=which
    ),
    Resolution.CANCEL: lambda which, _name: _(
        "The request is cancelled, and everyone concerned is told: %(which)s.", which=which
    ),
}
