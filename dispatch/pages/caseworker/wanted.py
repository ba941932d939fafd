"""What is filled in so far, as far as it decides who could come."""

from dispatch.pages.caseworker.forms import AskForm
from dispatch.pages.caseworker.naming import named_of_ours
from dispatch.pages.caseworker.wishes_form import wishes
from dispatch.planning.advice.imagined import Wanted
from dispatch.requests import rules
from dispatch.requests.ways import require_ways
from dispatch.sites.models import Site
from dispatch.web.forms import whole

COUNTED_WISHES = ("ways", "level_required", "accepts_varieties", "decides_on_rights", "is_signed")
"""They decide who could come at all."""


def wanted_of(form: AskForm, tag: str, site: Site) -> Wanted:
    """Return what is filled in so far; raises `Refusal` where it cannot be asked for."""
    minutes, count = whole(form.duration.data), form.interpreter_count.data or 1
    rules.require_duration(minutes)
    rules.require_count(count)
    wished = wishes(form, None)
    require_ways(wished["ways"])
    people = named_of_ours(tag)
    return Wanted(
        language=tag,
        site=site,
        duration_minutes=minutes,
        interpreter_count=count,
        gender_required=form.gender_required.data or None,
        qualification_required=form.qualification_required.data or None,
        setting=form.setting.data or "",
        without=frozenset(people.excluded),
        only_of=frozenset(people.wished) if people.only and people.wished else None,
        **{name: wished[name] for name in COUNTED_WISHES},
    )
