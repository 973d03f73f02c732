"""Pages: pass records in every format, and the report of an administration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_timezone

from examapp import clock
from examapp.accounts.models import User
from examapp.db import db_session
from examapp.endorsements.models import Outcome, WrittenExaminationRecord
from examapp.endorsements.written_examinations import record_numbered
from examapp.policies import Right, may_see_file
from examapp.registration.real import real_administration
from examapp.reporting.analysis import administration_report, latest_release, released_administrations
from examapp.reporting.pass_records import documents, exchange, sheets
from examapp.reporting.pass_records.rows import PassRecord, page_of_pass_records, pass_records
from examapp.reporting.views.routes import bp
from examapp.security import acting_user, public, requires
from examapp.shell import rule_text
from question_bank.exam_policy import policy_of
from question_bank.rule_documents import RuleDocument

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/reports")
@requires(Right.SEE_REPORTS)
def reports() -> ResponseReturnValue:
    return render_template("reporting/reports.html", released=released_administrations(db_session()))


@bp.get("/reports/<int:administration_id>")
@requires(Right.SEE_REPORTS)
def report(administration_id: int) -> ResponseReturnValue:
    session = db_session()
    administration = real_administration(session, administration_id) or abort(404)
    run = latest_release(session, administration.id) or abort(404)
    report = administration_report(session, run)
    return render_template(
        "reporting/report.html",
        administration=administration,
        run=run,
        report=report,
        areas=[(rule_text(title), percent) for title, percent in report.areas],
        dimensions=[(rule_text(title), percent) for title, percent in report.dimensions],
    )


@bp.get("/pass-records")
@requires(Right.KEEP_FILES)
def records() -> ResponseReturnValue:
    administration_id, outcome = chosen_filter()
    session = db_session()
    return render_template(
        "reporting/pass_records.html",
        found=page_of_pass_records(
            session, request.args.get("page", 1, type=int), administration_id=administration_id, outcome=outcome
        ),
        administrations=[entry.administration for entry in released_administrations(session)],
        administration_id=administration_id,
        outcome=outcome,
        outcomes=list(Outcome),
    )


@bp.get("/pass-records/export.<any(csv, xlsx, json, pdf):form>")
@requires(Right.KEEP_FILES)
def export(form: str) -> ResponseReturnValue:
    administration_id, outcome = chosen_filter()
    found = pass_records(db_session(), administration_id=administration_id, outcome=outcome)
    content, content_type = EXPORTS[form](found, reader_zone())
    return download(content, content_type, f"pass-records-{clock.now():%Y-%m-%d}.{form}")


@bp.get("/pass-records/<number>.pdf")
@requires(Right.KEEP_FILES, Right.SIT_EXAM)
def record_document(number: str) -> ResponseReturnValue:
    """One record as a document: for the office, and for the candidate whose it is."""
    found = record_numbered(db_session(), number)
    if found is None or not may_see_file(acting_user(), found.file):
        abort(404)
    # A replaced record has no document any more; the one in force has.
    in_force = pass_records(db_session(), number=number) or abort(404)
    content = documents.record_pdf(
        shown_to(acting_user(), found, in_force[0]),
        locale=str(get_locale()),
        zone=reader_zone(),
        verify_url=url_for("endorsements.verify", _external=True),
        at=clock.now(),
    )
    return download(content, "application/pdf", f"{number}.pdf")


def shown_to(reader: User, record: WrittenExaminationRecord, row: PassRecord) -> PassRecord:
    """The record as its reader may have it: no scores for a candidate whom the exam policy tells the decision only."""
    policy = policy_of(db_session().get_one(RuleDocument, record.policy_id))
    told_all = record.file.user_id != reader.id or policy.feedback.shows_parts
    return row if told_all else replace(row, parts=[])


@bp.get("/pass-records/schema.json")
@public
def schema() -> ResponseReturnValue:
    return jsonify(exchange.schema())


def chosen_filter() -> tuple[int | None, Outcome | None]:
    """The administration and outcome asked for; what is not understood is no filter."""
    wanted = request.args.get("outcome", "")
    return (
        request.args.get("administration", type=int),
        Outcome(wanted) if wanted in {outcome.value for outcome in Outcome} else None,
    )


def reader_zone() -> tzinfo:
    return ZoneInfo(str(get_timezone()))


def as_pdf(records: list[PassRecord], zone: tzinfo) -> tuple[bytes, str]:
    titles = sorted({record.administration for record in records})
    content = documents.administration_pdf(
        records, administration=", ".join(titles), locale=str(get_locale()), zone=zone, at=clock.now()
    )
    return content, "application/pdf"


EXPORTS: dict[str, Callable[[list[PassRecord], tzinfo], tuple[bytes, str]]] = {
    "csv": lambda records, zone: (sheets.as_csv(records, zone), "text/csv; charset=utf-8"),
    "xlsx": lambda records, zone: (sheets.as_xlsx(records, zone), XLSX),
    "json": lambda records, zone: (exchange.as_json(records, generated_at=clock.now()), "application/json"),
    "pdf": as_pdf,
}


def download(content: bytes, content_type: str, filename: str) -> Response:
    return Response(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )
