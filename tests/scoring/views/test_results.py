"""The candidate's letter, and what the home pages say is waiting."""

from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import OutboxMail, User
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.endorsements.signing import Signer, make_key
from examapp.registration.models import Registration
from examapp.scoring import release
from examapp.scoring.views import waiting
from question_bank.exam_policy import FeedbackDetail, default_exam_policy, save_exam_policy
from tests.personas import Client
from tests.scoring.exam import COMPETENT, Exam


@pytest.fixture
def failed(exam: Exam, app: Flask) -> Registration:
    return released(exam, app)


def released(exam: Exam, app: Flask) -> Registration:
    """A released result: Part Two passed, Part One not."""
    make_key(app.config["EXAMAPP"])
    sitting = exam.sat(exam.personas.candidate(name="Lucía Baca"), right=3)
    proposal = release.propose(exam.db, exam.scored(COMPETENT), by=exam.chief.id, at=exam.at)
    release.confirm(exam.db, proposal, by=exam.second.id, at=exam.at, signer=Signer(app.config["EXAMAPP"]))
    return sitting


def test_the_letter_tells_scores_areas_and_what_comes_next(client: Client, failed: Registration) -> None:
    client.sign_in_as(failed.candidate)
    assert failed.code in client.get("/results").text
    letter = client.get(f"/results/{failed.code}").text
    for words in (
        "Dear Lucía Baca",
        "3 of 5",
        "16 of 20",
        "Theoretical Foundations",
        "Insight",
        "Mar 14, 2028",
        "Part One",
    ):
        assert words in letter


AREAS = ("Theoretical Foundations", "Insight", "Below you find where you were strong")
PARTS = ("3 of 5", "16 of 20")


@pytest.mark.parametrize(
    ("detail", "shown", "hidden", "told"),
    [
        (FeedbackDetail.DECISION, (), PARTS + AREAS, "It tells the decision."),
        (FeedbackDetail.PARTS, PARTS, AREAS, "It tells the decision and what you reached in each part."),
        (FeedbackDetail.AREAS, PARTS + AREAS, (), "It tells the decision, and what you reached in each part and area."),
    ],
)
def test_letter_document_and_mail_tell_as_much_as_the_exam_policy_says(
    exam: Exam, app: Flask, client: Client, db: Session,
    detail: FeedbackDetail, shown: tuple[str, ...], hidden: tuple[str, ...], told: str,
) -> None:  # fmt: skip
    policy = default_exam_policy().model_copy(update={"feedback": detail})
    document = save_exam_policy(db, policy, effective_from=exam.at.date(), note="Decided.", by=None, at=exam.at)
    exam.administration.policy_id = document.id
    sitting = released(exam, app)
    client.sign_in_as(sitting.candidate)
    letter = client.get(f"/results/{sitting.code}").text
    assert all(words in letter for words in ("Not passed", "Mar 14, 2028", *shown))
    assert not any(words in letter for words in hidden)
    assert told in db.scalars(select(OutboxMail.body)).one()
    record = db.scalars(select(WrittenExaminationRecord)).one()
    pdf = PdfReader(BytesIO(client.get(f"/pass-records/{record.number}.pdf").data)).pages[0].extract_text()
    assert ("3 of 5" in pdf) is detail.shows_parts
    client.sign_in_as(exam.chief)
    office = PdfReader(BytesIO(client.get(f"/pass-records/{record.number}.pdf").data)).pages[0].extract_text()
    assert "3 of 5" in office


def test_the_letter_names_no_item_and_no_answer(client: Client, failed: Registration) -> None:
    client.sign_in_as(failed.candidate)
    letter = client.get(f"/results/{failed.code}").text
    assert not any(secret in letter for secret in ("TF-000", "RFV-", "E-", "vignette RFV", "wrote on"))


def test_a_result_is_its_candidates_alone(exam: Exam, client: Client, failed: Registration) -> None:
    client.sign_in_as(exam.personas.candidate())
    assert client.get(f"/results/{failed.code}").status_code == 404
    assert "No result yet" in client.get("/results").text
    client.sign_in_as(exam.raters[0])
    assert client.get(f"/results/{failed.code}").status_code == 403
    assert client.post(f"/results/{failed.code}").status_code == 405


def test_before_the_release_there_is_no_letter(exam: Exam, client: Client) -> None:
    sitting = exam.sat()
    exam.scored()
    client.sign_in_as(sitting.candidate)
    assert client.get(f"/results/{sitting.code}").status_code == 404


def texts(app: Flask, db: Session, user: User, exam: Exam) -> list[str]:
    with app.test_request_context():
        return [item.text for item in waiting(db, user, exam.at)]


def test_each_is_told_what_waits_for_them(app: Flask, db: Session, exam: Exam) -> None:
    make_key(app.config["EXAMAPP"])
    sitting = exam.sat()
    exam.at = exam.administration.closes_at
    assert texts(app, db, exam.chief, exam) == ["1 administration to score and release"]
    exam.collect()
    exam.assign(*exam.raters[:2])
    assert texts(app, db, exam.raters[0], exam) == ["2 essays to read"]
    exam.rate_all()
    proposal = release.propose(db, exam.score(), by=exam.chief.id, at=exam.at)
    assert texts(app, db, exam.chief, exam) == []
    assert texts(app, db, exam.second, exam) == ["1 release waits for you to confirm"]
    release.confirm(db, proposal, by=exam.second.id, at=exam.at, signer=Signer(app.config["EXAMAPP"]))
    assert texts(app, db, sitting.candidate, exam) == ["1 result is ready to read"]
    assert texts(app, db, exam.raters[0], exam) == []
