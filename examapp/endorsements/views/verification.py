"""Whether a document is genuine: open to everybody who holds one, and silent to everybody else."""

from flask import current_app, jsonify, render_template, request
from werkzeug.wrappers.response import Response

from examapp.db import db_session
from examapp.endorsements.forms import VerifyForm
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.endorsements.signing import Signer, same_code
from examapp.endorsements.views.routes import bp
from examapp.endorsements.written_examinations import record_numbered, record_that_replaced
from examapp.extensions import limiter
from examapp.security import public


@bp.get("/verify")
@public
@limiter.limit("30 per minute")
def verify() -> str:
    form = VerifyForm(request.args)
    asked = "number" in request.args and "code" in request.args
    record = matching_record(form) if asked and form.validate() else None
    signer = Signer(current_app.config["EXAMAPP"])
    return render_template(
        "endorsements/verify.html",
        form=form,
        asked=asked and not form.errors,
        record=record,
        genuine=signer.verify(record) if record else False,
        replaced_by=record_that_replaced(db_session(), record) if record else None,
        key_id=signer.key_id if signer.path.exists() else None,
    )


@bp.get("/verify/key.json")
@public
def public_key() -> Response:
    """The public key, for those who check signatures with a program of their own."""
    return jsonify({"keys": [Signer(current_app.config["EXAMAPP"]).public_key]})


def matching_record(form: VerifyForm) -> WrittenExaminationRecord | None:
    """The record, only to somebody who holds its code: a wrong code and a wrong number look alike."""
    record = record_numbered(db_session(), form.number.data.strip().upper())
    return record if record and same_code(form.code.data, record) else None
