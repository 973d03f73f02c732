"""Whether this server can do its work, for load balancers and monitoring."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from examapp.db import get_database
from examapp.schema import current_revision, newest_revision
from examapp.security import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 when the database answers and is at the newest migration, else 503 with the reason."""
    try:
        with get_database().reader.connect() as connection:
            revision = current_revision(connection)
    except SQLAlchemyError:
        return jsonify(status="unavailable", reason="The database does not answer."), 503
    if revision != newest_revision():
        reason = "The database is not at the newest migration. Run: flask --app wsgi setup"
        return jsonify(status="unavailable", reason=reason), 503
    return jsonify(status="ok")
