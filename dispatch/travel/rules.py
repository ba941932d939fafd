"""What is too far away to be believed without asking."""

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.errors import Refusal
from dispatch.travel.estimate import Point, kilometres


def require_near(point: Point, city: City, *, field: str = "latitude") -> None:
    """Refuse a place farther from the city than its policy says, with the question what is meant.

    Latitude and longitude in each other's column are the usual reason, and are named as such.
    """
    if _is_near(point, city):
        return
    far = round(kilometres(point, Point(*city.centre)))
    if _is_near(Point(point.longitude, point.latitude), city):
        raise Refusal(
            "coordinates-swapped",
            _l(
                "this place is %(far)d km from %(city)s; latitude and longitude seem to stand "
                "in each other's column",
                far=far,
                city=city.name,
            ),
            field=field,
        )
    raise Refusal(
        "far-away",
        _l(
            "this place is %(far)d km from %(city)s; is it meant? Then import the file with "
            "--far-away, otherwise correct latitude and longitude",
            far=far,
            city=city.name,
        ),
        field=field,
    )


def _is_near(point: Point, city: City) -> bool:
    if not -90 <= point.latitude <= 90:
        return False
    return kilometres(point, Point(*city.centre)) <= city.policies.far_away_km
