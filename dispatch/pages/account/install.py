"""What a telephone needs to keep Dragoman among its programs, and to work without a connection."""

from flask import current_app, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from dispatch import settings
from dispatch.pages.account import blueprint
from dispatch.web.policy import public

COLOUR = "#2044aa"
SIZES = (192, 512)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Say how it is called and looks among the telephone's programs (W3C, Web App Manifest)."""
    city = settings.active().city
    pictures = [
        {
            "src": url_for("static", filename=f"icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
    answer = jsonify(
        id="/",
        name=f"Dragoman {city.name}",
        short_name="Dragoman",
        lang=str(get_locale()),
        start_url="/",
        scope="/",
        display="standalone",
        theme_color=COLOUR,
        background_color="#ffffff",
        icons=pictures,
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/service-worker.js")
@public
def service_worker() -> ResponseReturnValue:
    """Send the script from the top, so that it may serve every page."""
    return current_app.send_static_file("service-worker.js")
