"""The result as a record: in the endorsement file, in every export, and on the page where anybody may check it."""

import csv
import io
import json
import re

from openpyxl import load_workbook
from pypdf import PdfReader

from tests.whole_line.cast import Cast
from tests.whole_line.registering import TITLE
from tests.whole_line.site import Site
from tests.whole_line.visitor import Visitor


def expect_in_file(administrator: Visitor, file: str) -> None:
    """The written examination is met by the record, and cannot be entered by hand."""
    administrator.visit(f"/files/{file}")
    row = administrator.page.locator("#written-examination").inner_text()
    assert "Met" in row
    assert "WX-" in row
    administrator.follow("Written examination")
    administrator.sees("Passed")


def export(cast: Cast) -> bytes:
    """The pass records in four formats, each with the candidate; the document of the record."""
    administrator, candidate = cast.administrator, cast.candidate
    administrator.visit("/reports")
    administrator.follow(TITLE)
    administrator.follow("Pass records")
    (row,) = csv.DictReader(io.StringIO(administrator.save_as("Export as CSV").decode("utf-8-sig")))
    assert (row["candidate"], row["email"], row["outcome"]) == (candidate.name, candidate.email, "pass")
    book = load_workbook(io.BytesIO(administrator.save_as("Export as Excel")))
    assert list(book["Pass records"].values)[1] == tuple(row.values())
    (record,) = json.loads(administrator.save_as("Export as JSON"))["records"]
    assert (record["number"], record["candidate"]) == (row["record"], candidate.name)
    assert candidate.name in text_of(administrator.save_as("Export as PDF"))
    return administrator.save_as(f"PDF of {candidate.name}")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def verify(site: Site, document: bytes, candidate: Visitor) -> None:
    """Somebody without an account compares the document with the register; a wrong digit is noticed."""
    text = text_of(document)
    number = re.search(r"WX-\d{4}-\d+", text)
    code = re.search(r"\b[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\b", text)
    assert number and code
    employer = site.visitor("An employer", "")
    employer.visit("/")
    employer.follow("Verify a result")
    check(employer, number[0], "AAAA-BBBB-CCCC")
    employer.sees("This number and this code do not belong together.")
    check(employer, number[0], code[0])
    employer.sees("Genuine", candidate.name, "Passed")


def check(employer: Visitor, number: str, code: str) -> None:
    employer.write({"Record number": number, "Verification code": code})
    employer.press("Check")
