"""Pages of the coordinator: the day, planning it, whom to ask, what went out."""

from flask import Blueprint

blueprint = Blueprint("coordinator", __name__)
