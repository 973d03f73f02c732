"""The receipt a candidate takes home, and the public check of its code."""

import base64
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import OKPKey
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy.orm import Session

from examapp.delivery.attempts import close_part
from examapp.delivery.hand_in_document import letters
from examapp.delivery.hand_in_receipt import ReceiptAnswer
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind
from examapp.delivery.option_order import option_order
from examapp.endorsements.signing import make_key
from examapp.registration.models import Registration
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PART_TWO
from question_bank.rule_documents import canonical_json
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.writing import change, write
from tests.personas import Client, Personas
from tests.tampering import tamper

ESSAY = "El bebé duerme.\n\n#let x = 1 *not markup* <b>"


@pytest.fixture
def handed_in(app: Flask, db: Session, part: AttemptPart, at: datetime) -> AttemptPart:
    """Part One: the first question answered, the second answered and cleared again; handed in after an hour."""
    make_key(app.config["EXAMAPP"])
    changes = (
        change("TF-0001", "b"),
        change("TF-0002", "a"),
        change("TF-0002", ""),
        change("TF-0003", "x", EventKind.NOTE),
    )
    write(db, part, *changes, at=at)
    close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at + timedelta(hours=1))
    db.commit()
    return part


@pytest.fixture
def essays(db: Session, handed_in: AttemptPart, sitting: Registration, at: datetime) -> AttemptPart:
    """Part Two: the second vignette chosen and written, the third written without being chosen."""
    part = factories.started_part(db, at + timedelta(hours=1), sitting, PART_TWO)
    part.lease_holder = "tab"
    changes = (change("RFV-0002", "1", EventKind.CHOOSE), change("RFV-0002", ESSAY), change("RFV-0003", "Unread."))
    write(db, part, *changes, at=at + timedelta(hours=1))
    close_part(db, part, closed_by=ClosedBy.DEADLINE, at=at + timedelta(hours=4))
    db.commit()
    return part


@pytest.fixture
def signed_in(client: Client, sitting: Registration) -> Client:
    client.sign_in_as(sitting.candidate)
    return client


def address(part: AttemptPart, rest: str) -> str:
    return f"/exam/{part.attempt.registration.code}/parts/{part.part}/{rest}"


def code_of(client: Client, part: AttemptPart) -> str:
    return str(json.loads(client.get(address(part, "receipt.json")).data)["receipt"]["hand_in_code"])


def test_the_page_after_handing_in_shows_the_code_and_the_receipt(signed_in: Client, handed_in: AttemptPart) -> None:
    page = signed_in.get(address(handed_in, "handed-in")).text
    assert code_of(signed_in, handed_in) in page
    assert "receipt.pdf" in page


def test_the_receipt_holds_numbers_and_letters_and_nothing_of_the_exam(
    signed_in: Client, handed_in: AttemptPart
) -> None:
    text = signed_in.get(address(handed_in, "receipt.json")).text
    assert json.loads(text)["receipt"]["answers"] == [
        {"question": 1, "answer": "B"}, *({"question": n, "answer": ""} for n in (2, 3, 4)),
    ]  # fmt: skip
    assert "TF-" not in text and "family" not in text


def test_letters_are_those_the_candidate_saw(
    signed_in: Client, db: Session, handed_in: AttemptPart, sitting: Registration
) -> None:
    sitting.administration.shuffle_options = True
    item = sealed_document(db, handed_in.attempt.form_sha256).part_one[0]
    letter = "ABCD"[option_order(sitting.code, item).index("b")]
    receipt = json.loads(signed_in.get(address(handed_in, "receipt.json")).data)["receipt"]
    assert receipt["answers"][0] == {"question": 1, "answer": letter}


def test_essays_are_the_candidates_own_words(signed_in: Client, essays: AttemptPart) -> None:
    receipt = json.loads(signed_in.get(address(essays, "receipt.json")).data)["receipt"]
    assert receipt["answers"] == [
        {"essay": 1, "chosen": False, "text": ""},
        {"essay": 2, "chosen": True, "text": ESSAY},
        {"essay": 3, "chosen": False, "text": "Unread."},
    ]


def test_the_signature_can_be_checked_with_the_public_key_alone(signed_in: Client, essays: AttemptPart) -> None:
    document: dict[str, Any] = json.loads(signed_in.get(address(essays, "receipt.json")).data)
    key = OKPKey.import_key(json.loads(signed_in.get("/verify/key.json").data)["keys"][0])
    header, signature = document["signature"].split("..")

    def check(receipt: object) -> None:
        payload = base64.urlsafe_b64encode(canonical_json(receipt).encode()).rstrip(b"=").decode()
        jws.deserialize_compact(f"{header}.{payload}.{signature}", key, algorithms=["Ed25519"])

    check(document["receipt"])
    with pytest.raises(Exception, match="signature"):
        check({**document["receipt"], "answers": []})


def test_the_pdf_says_the_same(signed_in: Client, essays: AttemptPart) -> None:
    response = signed_in.get(address(essays, "receipt.pdf"))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{code_of(signed_in, essays)}.pdf"'
    for part in ("Lucía Baca", code_of(signed_in, essays), "El bebé duerme.", "#let x = 1 *not markup* <b>", "Unread."):
        assert part in text


def test_the_letters_of_many_questions_are_read_down_the_columns() -> None:
    rows = letters([ReceiptAnswer(number, "B") for number in range(1, 13)])
    assert rows[0] == ["1", "B", "4", "B", "7", "B", "10", "B", "", ""]
    assert [row[0] for row in rows] == ["1", "2", "3"]


def test_while_the_part_is_open_there_is_no_receipt(signed_in: Client, part: AttemptPart) -> None:
    assert signed_in.get(address(part, "receipt.json")).status_code == 302


def test_a_receipt_is_its_candidates_alone(client: Client, handed_in: AttemptPart, personas: Personas) -> None:
    for user, status in ((personas.candidate(), 404), (personas.administrator(), 403)):
        client.sign_in_as(user)
        assert client.get(address(handed_in, "receipt.pdf")).status_code == status


def test_anybody_with_the_code_sees_what_it_proves_and_no_name(
    app: Flask, signed_in: Client, handed_in: AttemptPart, sitting: Registration
) -> None:
    code = code_of(signed_in, handed_in)
    page = FlaskClient(app).get("/verify-hand-in", query_string={"code": code.lower()}).text
    assert "the log is intact" in page
    assert handed_in.chain in page and sitting.code in page
    assert sitting.candidate.name not in page


@pytest.mark.parametrize("code", ["", "R-7K2MQX-1-0000-0000-0000-0000", "x" * 60, "R" * 500])
def test_another_code_proves_nothing(app: Flask, handed_in: AttemptPart, code: str) -> None:
    response = FlaskClient(app).get("/verify-hand-in", query_string={"code": code})
    assert response.status_code == 200
    assert handed_in.chain not in response.text and "the log is intact" not in response.text


def test_a_changed_log_is_said(app: Flask, db: Session, signed_in: Client, handed_in: AttemptPart) -> None:
    code = code_of(signed_in, handed_in)
    tamper(db, "UPDATE response_event SET value = 'c' WHERE seq = 1")
    page = FlaskClient(app).get("/verify-hand-in", query_string={"code": code}).text
    assert "The log has been changed" in page


def test_codes_cannot_be_tried_by_the_hundred(app: Flask, rate_limits: None) -> None:
    statuses = [FlaskClient(app).get("/verify-hand-in?code=R-1").status_code for _ in range(31)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible_and_fit(
    page_of: Callable[..., Page], handed_in: AttemptPart, sitting: Registration, width: int
) -> None:
    page = page_of(sitting.candidate, width=width)
    page.goto(address(handed_in, "handed-in"))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Check it").click()
    expect(page.get_by_text("Genuine, and the log is intact")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
