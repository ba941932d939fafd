"""Pages for everybody: signing in and out, the language, the first page."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
