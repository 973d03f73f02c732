"""Pass records: the same facts in every format, and nothing a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import jsonschema
import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.models import Outcome
from examapp.registration.models import Administration
from examapp.reporting.pass_records import documents, exchange, sheets
from examapp.reporting.pass_records.rows import PassRecord, page_of_pass_records, pass_records
from tests.conftest import MORNING
from tests.personas import Client

DENVER = ZoneInfo("America/Denver")


@pytest.fixture
def records(db: Session) -> list[PassRecord]:
    return pass_records(db)


def test_no_shows_and_voids_are_among_them_without_scores(records: list[PassRecord]) -> None:
    absent = [record for record in records if record.outcome in (Outcome.NO_SHOW, Outcome.VOID)]
    assert len(absent) == 2
    assert all(record.parts == [] and record.scoring_run is None for record in absent)


def test_they_can_be_asked_for_by_administration_outcome_and_number(db: Session, records: list[PassRecord]) -> None:
    passed = pass_records(db, outcome=Outcome.PASS)
    assert {record.number for record in passed} == {r.number for r in records if r.outcome is Outcome.PASS}
    assert pass_records(db, number=records[3].number) == [records[3]]
    assert pass_records(db, administration_id=0) == []


def test_csv_and_xlsx_say_the_same(records: list[PassRecord]) -> None:
    rows = list(csv.reader(io.StringIO(sheets.as_csv(records, DENVER).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(records, DENVER))).active
    assert sheet is not None
    assert rows == [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == len(records) + 1


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_name_that_looks_like_a_formula_is_only_text(records: list[PassRecord], name: str) -> None:
    hostile = [replace(records[0], candidate=name)]
    row = next(csv.DictReader(io.StringIO(sheets.as_csv(hostile, DENVER).decode("utf-8-sig"))))
    assert row["candidate"] == f"'{name}"
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(hostile, DENVER))).active
    assert sheet is not None
    assert sheet["D2"].data_type == "s"


def test_json_follows_its_schema(records: list[PassRecord]) -> None:
    document = json.loads(exchange.as_json(records, generated_at=MORNING))
    jsonschema.validate(document, exchange.schema(), format_checker=jsonschema.FormatChecker())
    assert len(document["records"]) == 24


def test_the_schema_refuses_a_number_where_exact_marks_belong(records: list[PassRecord]) -> None:
    document = exchange.as_document([r for r in records if r.parts][:1], generated_at=MORNING)
    document["records"][0]["parts"][0]["raw"] = 48.0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, exchange.schema())


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_document_names_the_candidate_the_result_and_how_to_check_it(
    records: list[PassRecord], locale: str
) -> None:
    record = next(record for record in records if record.outcome is Outcome.PASS)
    pdf = documents.record_pdf(
        record, locale=locale, zone=DENVER, verify_url="https://exam.example.org/verify", at=MORNING
    )
    reader = PdfReader(io.BytesIO(pdf))
    text = reader.pages[0].extract_text()
    for fact in (record.candidate, record.number, record.verification_code, "https://exam.example.org/verify"):
        assert fact in text
    assert "'/Marked': True" in str(reader.root_object["/MarkInfo"])


def test_the_list_of_an_administration_has_everybody(db: Session, records: list[PassRecord]) -> None:
    pdf = documents.administration_pdf(records, administration="Past", locale="en", zone=DENVER, at=MORNING)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert all(record.number in text for record in records)


@pytest.mark.parametrize(
    ("form", "beginning"), [("csv", b"\xef\xbb\xbfrecord"), ("xlsx", b"PK"), ("json", b"{"), ("pdf", b"%PDF")]
)
def test_an_administrator_exports_every_format(
    client: Client, someone: Callable[[str], User], form: str, beginning: bytes
) -> None:
    client.sign_in_as(someone("admin"))
    response = client.get(f"/pass-records/export.{form}")
    assert response.status_code == 200
    assert response.data.startswith(beginning)
    assert f".{form}" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("mailbox", ["candidate", "author", "rater", "proctor"])
@pytest.mark.parametrize("path", ["/pass-records", "/pass-records/export.csv", "/reports"])
def test_nobody_else_sees_them(client: Client, someone: Callable[[str], User], mailbox: str, path: str) -> None:
    client.sign_in_as(someone(mailbox))
    assert client.get(path).status_code == 403


def test_a_candidate_gets_the_document_of_their_own_record_only(
    client: Client, someone: Callable[[str], User], records: list[PassRecord]
) -> None:
    client.sign_in_as(someone("adela.romero"))
    documents_of = {record.candidate: f"/pass-records/{record.number}.pdf" for record in records}
    assert client.get(documents_of["Adela Romero"]).data.startswith(b"%PDF")
    assert client.get(documents_of["Jerome Atencio"]).status_code == 404


def test_an_unknown_record_or_format_is_not_found(client: Client, someone: Callable[[str], User]) -> None:
    client.sign_in_as(someone("admin"))
    assert client.get("/pass-records/WX-1999-000001.pdf").status_code == 404
    assert client.get("/pass-records/export.docx").status_code == 404


def test_a_filter_that_is_not_understood_shows_all(client: Client, someone: Callable[[str], User]) -> None:
    client.sign_in_as(someone("admin"))
    page = client.get("/pass-records?outcome=nonsense&administration=abc")
    assert page.status_code == 200
    assert "24 records" in page.text


def test_an_administration_without_results_says_what_will_come(
    client: Client, someone: Callable[[str], User], db: Session
) -> None:
    client.sign_in_as(someone("admin"))
    current = db.query(Administration).order_by(Administration.opens_at.desc()).first()
    assert current is not None
    assert "No pass records here" in client.get(f"/pass-records?administration={current.id}").text
    assert client.get(f"/reports/{current.id}").status_code == 404


def test_a_page_of_records_is_a_part_of_them_in_the_same_order(db: Session, records: list[PassRecord]) -> None:
    first = page_of_pass_records(db, 1, size=10)
    second = page_of_pass_records(db, 2, size=10)
    assert first.rows + second.rows == records[:20]
    assert (first.total, first.pages) == (len(records), 3)
    assert page_of_pass_records(db, 99, outcome=Outcome.PASS).rows == pass_records(db, outcome=Outcome.PASS)
