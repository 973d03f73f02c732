"""The Flask blueprint to which the pages of the question bank belong."""

from flask import Blueprint

bp = Blueprint("authoring", __name__)
