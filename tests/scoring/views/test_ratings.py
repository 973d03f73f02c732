"""The rater's pages: the ladder of refusals, drafts with receipts, the lock, and giving an essay back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.scoring.models import RaterConflict, RatingTask
from question_bank.exam_forms import sealed_document
from question_bank.exam_forms.sealing import documents
from tests import factories
from tests.personas import Client
from tests.scoring.exam import COMPETENT, STRONG, Exam

RECEIPT = {"Accept": "application/json"}


@pytest.fixture
def task(exam: Exam, client: Client) -> RatingTask:
    """A reading of the first rater, who has signed in."""
    exam.sat(essays=("RFV-0001",))
    exam.collect()
    exam.assign(*exam.raters[:2])
    client.sign_in_as(exam.raters[0])
    return exam.tasks(rater=exam.raters[0])[0]


def levels_of(levels: dict[str, int], version: str = "") -> dict[str, str]:
    return {**{f"level-{code}": str(level) for code, level in levels.items()}, "comment": "", "version": version}


def test_the_list_has_what_waits_and_what_is_finished(exam: Exam, client: Client, task: RatingTask) -> None:
    assert task.code in client.get("/rating").text
    exam.rate(task, STRONG)
    page = client.get("/rating").text
    assert "Nothing waits for you" in page
    assert "Readings you have locked" in page


def test_prompt_essay_and_rubric_stand_on_one_page(client: Client, task: RatingTask) -> None:
    page = client.get(f"/rating/{task.code}").text
    assert "Ana brings her daughter" in page
    assert "wrote on RFV-0001." in page
    assert page.count('type="radio"') == 8


def test_on_a_spanish_page_the_words_of_the_exam_are_marked_as_english(
    exam: Exam, client: Client, task: RatingTask
) -> None:
    exam.raters[0].locale = "es"
    page = client.get(f"/rating/{task.code}").text
    for begin in (
        '<div lang="en"><p>Ana brings',
        '<div lang="en"><p>What do you',
        '<div class="typed-text" lang="en">',
    ):
        assert begin in page


def test_the_rater_can_open_the_spanish_that_a_candidate_may_have_read(
    exam: Exam, client: Client, task: RatingTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "In Spanish" not in client.get(f"/rating/{task.code}").text
    digest = task.response.form_sha256
    document = sealed_document(exam.db, digest)
    translated = document.model_copy(update={"translations": {"es": factories.in_spanish(document)}})
    monkeypatch.setitem(documents, digest, translated)
    page = client.get(f"/rating/{task.code}").text
    assert "In Spanish, as the candidate may have read it" in page
    assert "ES: Ana brings her daughter" in page


@pytest.mark.parametrize("path", ["", "/lock", "/recognise"])
def test_a_reading_of_somebody_else_does_not_exist(exam: Exam, client: Client, task: RatingTask, path: str) -> None:
    other = exam.tasks(rater=exam.raters[1])[0]
    assert client.get(f"/rating/{other.code}{path}").status_code == 404
    assert client.get(f"/rating/T-NOTHING{path}").status_code == 404


@pytest.mark.parametrize("path", ["/draft", "/lock", "/recognise"])
def test_nothing_can_be_posted_to_a_reading_of_somebody_else(
    exam: Exam, client: Client, task: RatingTask, path: str
) -> None:
    other = exam.tasks(rater=exam.raters[1])[0]
    assert client.post(f"/rating/{other.code}{path}", data=levels_of(STRONG)).status_code == 404
    assert other.levels == {}


def test_only_raters_open_these_pages(exam: Exam, client: Client, task: RatingTask) -> None:
    for person in (exam.chief, exam.personas.candidate()):
        client.sign_in_as(person)
        assert client.get("/rating").status_code == 403
        assert client.get(f"/rating/{task.code}").status_code == 403


def test_saving_is_a_post_and_reading_is_not(client: Client, task: RatingTask) -> None:
    assert client.get(f"/rating/{task.code}/draft").status_code == 405
    assert client.post(f"/rating/{task.code}").status_code == 405


def test_a_change_is_answered_with_a_receipt(client: Client, task: RatingTask) -> None:
    response = client.post(f"/rating/{task.code}/draft", data=levels_of({"insight": 3}), headers=RECEIPT)
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["saved"] == "Saved 10:00:00"
    assert (task.levels, response.json["left"]) == ({"insight": 3}, 1)


def test_the_next_change_names_the_receipt_before(
    client: Client, task: RatingTask, time_machine: TimeMachineFixture
) -> None:
    url = f"/rating/{task.code}/draft"
    first = client.post(url, data=levels_of({"insight": 3}), headers=RECEIPT)
    assert first.json is not None
    time_machine.shift(timedelta(seconds=5))
    assert client.post(url, data=levels_of(COMPETENT, first.json["version"]), headers=RECEIPT).status_code == 200
    stale = client.post(url, data=levels_of(STRONG, first.json["version"]), headers=RECEIPT)
    assert stale.status_code == 409
    assert stale.json is not None
    assert "another window" in stale.json["problem"]
    assert task.levels == COMPETENT


def test_without_script_a_stale_page_keeps_what_was_typed(client: Client, task: RatingTask) -> None:
    url = f"/rating/{task.code}/draft"
    assert client.post(url, data=levels_of({"insight": 3})).status_code == 302
    stale = client.post(url, data={**levels_of(STRONG), "comment": "My long comment"})
    assert stale.status_code == 409
    assert "My long comment" in stale.text
    assert "another window" in stale.text


@pytest.mark.parametrize(
    ("data", "status"),
    [({"level-insight": "9"}, 409), ({"level-wisdom": "1"}, 409), ({"version": "yesterday"}, 400)],
)
def test_what_the_page_could_not_have_sent_is_refused(
    client: Client, task: RatingTask, data: dict[str, str], status: int
) -> None:
    assert client.post(f"/rating/{task.code}/draft", data=data, headers=RECEIPT).status_code == status
    assert task.levels == {}


def test_locking_asks_first_and_then_keeps(client: Client, task: RatingTask) -> None:
    saved = client.post(f"/rating/{task.code}/draft", data={**levels_of(STRONG), "then_lock": "1"})
    assert saved.location.endswith("/lock")
    assert task.saved_at is not None
    assert "Nothing in this reading changes any more" in client.get(saved.location).text
    locked = client.post(saved.location, data={"version": task.saved_at.isoformat()})
    assert locked.location.endswith("/rating")
    assert task.locked_at is not None


def test_a_reading_with_a_dimension_left_goes_back_to_its_page(client: Client, task: RatingTask) -> None:
    client.post(f"/rating/{task.code}/draft", data=levels_of({"insight": 3}))
    assert client.get(f"/rating/{task.code}/lock").location.endswith(task.code)
    assert task.saved_at is not None
    refused = client.post(f"/rating/{task.code}/lock", data={"version": task.saved_at.isoformat()})
    assert refused.status_code == 409
    assert "Planning" in refused.text
    assert task.locked_at is None


def test_a_lock_pressed_twice_is_one_lock(client: Client, task: RatingTask) -> None:
    client.post(f"/rating/{task.code}/draft", data=levels_of(STRONG))
    assert task.saved_at is not None
    data = {"version": task.saved_at.isoformat()}
    codes = [client.post(f"/rating/{task.code}/lock", data=data).status_code for _ in range(2)]
    assert codes == [302, 409]


def test_a_locked_reading_takes_no_draft_and_offers_none(exam: Exam, client: Client, task: RatingTask) -> None:
    exam.rate(task, STRONG)
    page = client.get(f"/rating/{task.code}").text
    assert "Go on to lock" not in page
    assert client.post(f"/rating/{task.code}/draft", data=levels_of(COMPETENT), headers=RECEIPT).status_code == 409
    assert task.levels == STRONG


def test_who_recognises_the_writer_gives_the_essay_back(
    exam: Exam, client: Client, task: RatingTask, db: Session
) -> None:
    code = task.code
    assert client.post(f"/rating/{code}/recognise", data={"reason": ""}).status_code == 200
    assert db.query(RaterConflict).count() == 0
    response = client.post(f"/rating/{code}/recognise", data={"reason": "My former student."})
    assert response.location.endswith("/rating")
    assert client.get(f"/rating/{code}").status_code == 404
    assert db.query(RaterConflict).one().reason == "My former student."
