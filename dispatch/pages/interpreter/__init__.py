"""Pages of interpreters: what they are asked, and where they go."""

from flask import Blueprint

blueprint = Blueprint("interpreter", __name__)
