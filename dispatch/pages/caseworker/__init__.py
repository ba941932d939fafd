"""Pages of those who ask for interpreters; the coordinator reads some of them too."""

from flask import Blueprint

blueprint = Blueprint("caseworker", __name__)
