from flask import Blueprint

bp = Blueprint("endorsements", __name__)
