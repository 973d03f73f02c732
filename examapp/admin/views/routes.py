"""The Flask blueprint to which the pages of administration belong."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
