"""Which page of a list an address asks for."""

from flask import request

from dispatch.web.forms import whole
from dispatch.web.paging import Turn


def turn() -> Turn:
    """Read `?after=` or `?before=`; what is no number of a row is the beginning."""
    return Turn(
        after=whole(request.args.get("after")) or None,
        before=whole(request.args.get("before")) or None,
    )
