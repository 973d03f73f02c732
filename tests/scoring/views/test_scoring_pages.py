"""The administrators' pages of scoring, from the checklist to the release."""

import pytest
from sqlalchemy.orm import Session

from examapp.endorsements.models import WrittenExaminationRecord
from examapp.endorsements.signing import make_key
from examapp.scoring.models import EssayResponse, RaterConflict, RatingTask, ResultRelease, ScoringRun
from tests.personas import Client
from tests.scoring.exam import STRONG, WEAK, Exam

GET_PAGES = (
    "", "/assign", "/agreement", "/readings", "/runs/1", "/runs/2/compare/1", "/runs/1/release",
    "/runs/1/registrations/{code}",
)  # fmt: skip
POST_PAGES = (
    "/collect", "/assign", "/score", "/runs/1/verify", "/runs/1/release/propose", "/runs/1/release/confirm",
    "/runs/1/release/withdraw",
)  # fmt: skip


@pytest.fixture
def place(exam: Exam, client: Client) -> str:
    """The address of the administration; its chief has signed in."""
    make_key(client.application.config["EXAMAPP"])
    client.sign_in_as(exam.chief)
    return f"/scoring/{exam.administration.id}"


def test_an_administrator_goes_all_the_way_and_a_second_one_confirms(
    exam: Exam, client: Client, db: Session, place: str
) -> None:
    sitting = exam.sat()
    assert "Collect the essays" in client.get(place).text
    client.post(f"{place}/collect")
    client.post(f"{place}/assign", data={"raters": [str(rater.id) for rater in exam.raters]})
    exam.rate_all(STRONG)
    assert client.post(f"{place}/score").location.endswith("/runs/1")
    assert sitting.candidate.name in client.get(f"{place}/runs/1/release").text
    client.post(f"{place}/runs/1/release/propose")
    client.sign_in_as(exam.second)
    assert "Release these results?" in client.get(f"{place}/runs/1/release/confirm").text
    client.post(f"{place}/runs/1/release/confirm")
    assert db.query(WrittenExaminationRecord).one().registration_id == sitting.id
    assert "Released" in client.get("/scoring").text


@pytest.mark.parametrize("path", GET_PAGES)
def test_every_page_opens_for_administrators_and_nobody_else(exam: Exam, client: Client, place: str, path: str) -> None:
    sitting = exam.sat()
    exam.scored()
    exam.score()
    url = place + path.format(code=sitting.code)
    assert client.get(url).status_code == 200
    for person in (exam.raters[0], sitting.candidate, exam.personas.author()):
        client.sign_in_as(person)
        assert client.get(url).status_code == 403


@pytest.mark.parametrize("path", POST_PAGES)
def test_every_step_is_refused_to_others_and_is_a_post(exam: Exam, client: Client, place: str, path: str) -> None:
    exam.sat()
    exam.scored()
    if path not in ("/assign", "/runs/1/release/confirm"):
        assert client.get(place + path).status_code == 405
    client.sign_in_as(exam.raters[0])
    assert client.post(place + path).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["", "/assign", "/readings", "/agreement", "/runs/1", "/runs/1/release", "/readings/T-NOTHING/reassign",
     "/runs/1/registrations/R-NOTHING"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(client: Client, place: str, path: str) -> None:
    assert client.get(f"/scoring/999{path}").status_code == 404


def test_collecting_too_early_says_why(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.registered()
    response = client.post(f"{place}/collect")
    assert response.status_code == 409
    assert "may still start or write" in response.text
    assert db.query(EssayResponse).count() == 0


def test_too_few_raters_are_said_beside_the_choice(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat()
    exam.collect()
    response = client.post(f"{place}/assign", data={"raters": str(exam.raters[0].id)})
    assert response.status_code == 409
    assert "Each essay needs 2 different raters" in response.text
    assert db.query(RatingTask).count() == 0


def test_a_reading_is_reassigned_on_its_page(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    task = exam.tasks(rater=exam.raters[0])[0]
    url = f"{place}/readings/{task.code}/reassign"
    assert exam.raters[0].name in client.get(url).text
    refused = client.post(url, data={"rater": str(exam.raters[1].id)})
    assert refused.status_code == 409
    assert "has another reading of this essay" in refused.text
    assert client.post(url, data={"rater": str(exam.raters[2].id)}).location.endswith("/readings")
    assert {t.rater_id for t in db.query(RatingTask)} == {exam.raters[1].id, exam.raters[2].id}


def test_a_run_computed_again_says_the_same(exam: Exam, client: Client, place: str) -> None:
    exam.sat()
    exam.scored()
    page = client.post(f"{place}/runs/1/verify", follow_redirects=True)
    assert "every mark, score and decision is the same" in page.text


def test_the_proposer_is_told_and_refused(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat()
    exam.scored()
    client.post(f"{place}/runs/1/release/propose")
    page = client.get(f"{place}/runs/1/release").text
    assert "another administrator has to confirm it" in page
    assert "/release/confirm" not in page
    assert client.get(f"{place}/runs/1/release/confirm").status_code == 403
    assert client.post(f"{place}/runs/1/release/confirm").status_code == 403
    assert db.query(ResultRelease).one().confirmed_at is None


def test_a_double_press_proposes_once(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat()
    exam.scored()
    codes = [client.post(f"{place}/runs/1/release/propose").status_code for _ in range(2)]
    assert codes == [302, 409]
    assert db.query(ResultRelease).count() == 1


def test_confirming_twice_releases_once(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat()
    exam.scored()
    client.post(f"{place}/runs/1/release/propose")
    client.sign_in_as(exam.second)
    codes = [client.post(f"{place}/runs/1/release/confirm").status_code for _ in range(2)]
    assert codes == [302, 409]
    assert db.query(WrittenExaminationRecord).count() == 1


def test_a_withdrawn_proposal_is_gone(exam: Exam, client: Client, place: str) -> None:
    exam.sat()
    exam.scored()
    client.post(f"{place}/runs/1/release/propose")
    client.post(f"{place}/runs/1/release/withdraw")
    assert client.post(f"{place}/runs/1/release/withdraw").status_code == 404
    assert "Propose the release" in client.get(f"{place}/runs/1/release").text


def test_a_run_with_pending_decisions_cannot_be_released(exam: Exam, client: Client, db: Session, place: str) -> None:
    exam.sat()
    exam.collect()
    client.post(f"{place}/score")
    assert "1 decision is pending" in client.get(f"{place}/runs/1/release").text
    assert client.post(f"{place}/runs/1/release/propose").status_code == 409
    assert db.query(ScoringRun).count() == 1


def test_the_explanation_shows_every_reading_and_key(exam: Exam, client: Client, place: str) -> None:
    sitting = exam.sat(right=4, essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    first, second = exam.tasks()
    exam.rate(first, STRONG)
    exam.rate(second, WEAK)
    exam.assign(*exam.raters)
    exam.rate(exam.tasks()[-1], STRONG)
    exam.score()
    page = client.get(f"{place}/runs/1/registrations/{sitting.code}").text
    assert "TF-0005" in page
    assert "levels far apart" in page
    assert "Third reading" in page
    assert "Not chosen" in page
    assert not any(rater.name in page for rater in exam.raters)


# Conflicts


def test_a_conflict_is_declared_and_removed_on_its_pages(exam: Exam, client: Client, db: Session, place: str) -> None:
    sitting = exam.sat()
    data = {"rater": str(exam.raters[0].id), "candidate": str(sitting.candidate_id), "reason": "Supervisor"}
    assert client.post("/scoring/conflicts/declare", data=data).location.endswith("/scoring/conflicts")
    assert "Supervisor" in client.get("/scoring/conflicts").text
    again = client.post("/scoring/conflicts/declare", data=data)
    assert again.status_code == 409
    assert "declared already" in again.text
    url = f"/scoring/conflicts/{exam.raters[0].id}/{sitting.candidate_id}/remove"
    assert "Remove this conflict?" in client.get(url).text
    client.post(url)
    assert db.query(RaterConflict).count() == 0
    assert client.get(url).status_code == 404


def test_a_conflict_needs_a_reason_and_known_people(exam: Exam, client: Client, db: Session, place: str) -> None:
    sitting = exam.sat()
    data = {"rater": str(exam.chief.id), "candidate": str(sitting.candidate_id), "reason": ""}
    assert "Say how you know each other." in client.post("/scoring/conflicts/declare", data=data).text
    assert db.query(RaterConflict).count() == 0


@pytest.mark.parametrize("path", ["", "/declare", "/1/2/remove"])
def test_conflicts_are_for_administrators(exam: Exam, client: Client, path: str) -> None:
    client.sign_in_as(exam.raters[0])
    assert client.get(f"/scoring/conflicts{path}").status_code == 403
