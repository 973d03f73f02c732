"""What proves a part that is handed in: the candidate's receipt, and the check of its code, open to everybody."""

import json
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale, get_timezone
from werkzeug.wrappers.response import Response as AnyResponse

from examapp.clock import now
from examapp.db import db_session
from examapp.delivery.forms import VerifyHandInForm
from examapp.delivery.hand_in import verify
from examapp.delivery.hand_in_document import receipt_pdf
from examapp.delivery.hand_in_receipt import HandInReceipt, receipt_of
from examapp.delivery.views.loading import content_for, own_registration, part_progress, settled_progress
from examapp.delivery.views.routes import bp
from examapp.endorsements.signing import Signer
from examapp.extensions import limiter
from examapp.policies import Right
from examapp.security import public, requires


@bp.get("/exam/<code>/parts/<part>/receipt.<any(pdf, json):form>")
@requires(Right.SIT_EXAM)
def hand_in_receipt(code: str, part: str, form: str) -> AnyResponse:
    mine = part_progress(settled_progress(own_registration(code), now()), part)
    signer = Signer(current_app.config["EXAMAPP"])
    receipt = receipt_of(db_session(), mine.part, content_for(mine.part), signer) if mine.part else None
    if receipt is None:
        return redirect(url_for("delivery.examination", code=code))
    content = as_json(receipt, signer) if form == "json" else as_pdf(receipt, signer)
    disposition = f'attachment; filename="{receipt.code}.{form}"'
    return Response(content, content_type=f"application/{form}", headers={"Content-Disposition": disposition})


@bp.get("/verify-hand-in")
@public
@limiter.limit("30 per minute")
def verify_hand_in() -> str:
    form = VerifyHandInForm(request.args)
    asked = "code" in request.args and form.validate()
    signer = Signer(current_app.config["EXAMAPP"])
    verdict = verify(db_session(), form.code.data, signer) if asked else None
    return render_template("delivery/verify_hand_in.html", form=form, asked=asked, verdict=verdict)


def as_json(receipt: HandInReceipt, signer: Signer) -> bytes:
    document = {"receipt": receipt.content, "signature": receipt.signature(signer)}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def as_pdf(receipt: HandInReceipt, signer: Signer) -> bytes:
    return receipt_pdf(
        receipt,
        signer,
        locale=str(get_locale()),
        zone=ZoneInfo(str(get_timezone())),
        verify_url=url_for("delivery.verify_hand_in", _external=True),
        at=now(),
    )
