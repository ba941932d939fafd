"""What a request says as it stands, to be changed a little."""

from datetime import datetime

from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest


def as_it_is(one: InterpretationRequest) -> RequestDetails:
    """Return the details a person would find filled in."""
    return RequestDetails(
        language=one.language,
        site_id=one.site_id,
        wall_start=datetime.fromisoformat(one.wall_start),
        duration_minutes=one.duration_minutes,
        setting=one.setting,
        interpreter_count=one.interpreter_count,
        case_reference=one.case_reference,
        note=one.note,
        contact=one.contact,
        room=one.room,
        cost_centre=one.cost_centre,
        gender_required=one.gender_required,
        qualification_required=one.qualification_required,
    )
