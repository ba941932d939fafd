"""Pages of the administrator: how the installation is set up and stands, and who may sign in."""

from flask import Blueprint

blueprint = Blueprint("administrator", __name__)
