from flask import Blueprint

bp = Blueprint("proctoring", __name__)
