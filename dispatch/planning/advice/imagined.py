"""What somebody is about to ask for, as a request that nobody has asked for yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.requests import ways
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.sites.models import Site


@dataclass(frozen=True)
class Wanted:
    """What is known of a request while it is being filled in.

    `without` are interpreters who must not come, `only_of` the ones of whom one has to; by id.
    """

    language: str
    site: Site
    duration_minutes: int
    interpreter_count: int = 1
    gender_required: str | None = None
    qualification_required: str | None = None
    ways: tuple[str, ...] = ways.ONLY_ON_SITE
    setting: str = ""
    level_required: int | None = None
    decides_on_rights: bool = False
    is_signed: bool = False
    accepts_varieties: bool = False
    without: frozenset[int] = frozenset()
    only_of: frozenset[int] | None = None

    def admits(self, interpreter: str) -> bool:
        """Whether somebody (by the solver's id) may come, as far as people are named."""
        who = int(interpreter)
        return who not in self.without and (self.only_of is None or who in self.only_of)


def imagined(
    wanted: Wanted, starts_at: datetime, latest_start_at: datetime, id_: int
) -> InterpretationRequest:
    """Return a request for a start between the two instants, to be looked at and never stored.

    `id_` is one that no row has (below 1).
    """
    return InterpretationRequest(
        id=id_,
        reference="",
        language=wanted.language,
        site=wanted.site,
        starts_at=starts_at,
        latest_start_at=latest_start_at,
        ends_at=latest_start_at + timedelta(minutes=wanted.duration_minutes),
        time_zone=wanted.site.time_zone,
        duration_minutes=wanted.duration_minutes,
        interpreter_count=wanted.interpreter_count,
        priority=2,
        gender_required=wanted.gender_required,
        qualification_required=wanted.qualification_required,
        ways=ways.written(wanted.ways),
        setting=wanted.setting,
        level_required=wanted.level_required,
        decides_on_rights=wanted.decides_on_rights,
        is_signed=wanted.is_signed,
        accepts_varieties=wanted.accepts_varieties,
        case_reference="",
        state=RequestState.OPEN,
        version=1,
    )
