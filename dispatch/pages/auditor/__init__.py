"""Pages of the auditor: the record, and whether it is whole."""

from flask import Blueprint

blueprint = Blueprint("auditor", __name__)
