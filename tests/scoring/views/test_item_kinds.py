"""A part with every kind of item is scored with part marks, and every page about it speaks the candidate's letters."""

import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from examapp.delivery.option_order import option_orders
from examapp.endorsements.signing import make_key
from examapp.registration.models import Registration
from examapp.scoring.models import PartScore
from examapp.scoring.runs import explain, verify_run
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PART_ONE
from tests import factories
from tests.personas import Client, Personas
from tests.scoring.exam import Exam, answer


@pytest.fixture
def exam(db: Session, personas: Personas, at: datetime) -> Exam:
    form = factories.form_of_every_kind(db, at)
    given = factories.administration(db, at, personas.administrator(), form_sha256=form.sha256, shuffle_options=True)
    return Exam(db, personas, at, given)


@pytest.fixture
def sitting(exam: Exam) -> Registration:
    """Best answer and words right, one of two keys, true or false wrong, one line of three right."""
    sitting = exam.registered(exam.personas.candidate(name="Lucía Baca"), code="R-KINDS1", parts=[PART_ONE])
    answers = ("b", "a", "b", "1:b,3:d", " Dar y  RECIBIR")
    exam.write(sitting, PART_ONE, *(answer(f"TF-{place:04}", value) for place, value in enumerate(answers, start=1)))
    return sitting


def test_marks_are_shares_of_one_mark_and_computed_again_the_same(
    exam: Exam, db: Session, sitting: Registration
) -> None:
    run = exam.score()
    rows = explain(db, run, sitting)
    assert rows is not None
    assert [mark.mark for mark in rows.marks] == [Decimal(mark) for mark in ("1", "0.5", "0", "0.3333", "1")]
    score = db.get_one(PartScore, (run.id, sitting.id, PART_ONE))
    assert (score.raw, score.maximum, score.percent) == (Decimal("2.8333"), Decimal(5), Decimal("56.67"))
    assert verify_run(db, exam.administration, run) == []


def test_the_explanation_says_answer_key_and_rule_in_words(exam: Exam, client: Client, sitting: Registration) -> None:
    exam.score()
    client.sign_in_as(exam.chief)
    page = client.get(f"/scoring/{exam.administration.id}/runs/1/registrations/{sitting.code}").text
    for words in ("A, C", "1 B, 3 D", "1 B, 2 A, 3 B", "Part marks", " Dar y  RECIBIR", "Serve and return / Dar y"):
        assert words in page
    assert page.count("Part marks") == 2


def test_replay_and_receipt_have_the_letters_that_the_candidate_saw(
    exam: Exam, client: Client, db: Session, sitting: Registration, app: Flask
) -> None:
    orders = option_orders(sitting.code, sealed_document(db, exam.administration.form_sha256).part_one)
    letter = {option: "ABCD"[place] for place, option in enumerate(orders["TF-0004"])}
    assert letter != {"a": "A", "b": "B", "c": "C", "d": "D"} and orders["TF-0003"] == ["a", "b"]
    lines = f"1 {letter['b']}, 3 {letter['d']}"
    client.sign_in_as(exam.chief)
    assert lines in client.get(f"/replays/{sitting.code}/part_one").text
    client.sign_in_as(sitting.candidate)
    make_key(app.config["EXAMAPP"])
    receipt = f"/exam/{sitting.code}/parts/part_one/receipt"
    document = json.loads(client.get(f"{receipt}.json").data)
    pdf = PdfReader(io.BytesIO(client.get(f"{receipt}.pdf").data)).pages[0].extract_text()
    assert {lines, "Dar y RECIBIR"} <= {" ".join(line.split()[1:]) for line in pdf.splitlines()}
    assert [entry["answer"] for entry in document["receipt"]["answers"]][2:] == ["B", lines, " Dar y  RECIBIR"]
