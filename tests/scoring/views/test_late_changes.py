"""The pages of late changes, rung by rung, and what the home pages say about them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, UserRole
from examapp.delivery.models import AttemptPart, LateAcceptance
from examapp.delivery.responses import responses_of
from examapp.registration.models import Registration
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests.browser import assert_accessible, assert_fits
from tests.personas import Client
from tests.scoring.exam import Exam, answer
from tests.scoring.late import WHY, arrive_late, part_of

DEEDS = ("propose", "leave-out", "confirm", "decline")


@pytest.fixture
def sitting(exam: Exam) -> Registration:
    return exam.sat(exam.personas.candidate(name="Lucía Baca"))


@pytest.fixture
def part(exam: Exam, db: Session, sitting: Registration) -> AttemptPart:
    """Part One with one change that came twenty minutes late."""
    found = part_of(exam, sitting, PART_ONE)
    arrive_late(db, found, answer("TF-0002", "d"), at=exam.at)
    db.commit()
    return found


@pytest.fixture
def essay_part(exam: Exam, db: Session, sitting: Registration) -> AttemptPart:
    found = part_of(exam, sitting, PART_TWO)
    arrive_late(db, found, answer("RFV-0001", "What Lucía Baca finally wrote on RFV-0001."), at=exam.at)
    db.commit()
    return found


def address(part: AttemptPart, deed: str = "") -> str:
    return f"/late-changes/{part.attempt.registration.code}/{part.part}{deed and '/' + deed}"


def last_event(client: Client, part: AttemptPart) -> str:
    page = client.get(address(part, "propose")).text
    return page.split('name="up_to"')[1].split('value="')[1].split('"')[0]


def propose(client: Client, part: AttemptPart) -> None:
    form = {"reason": WHY, "up_to": last_event(client, part)}
    assert client.post(address(part, "propose"), data=form).status_code == 302


def test_two_administrators_let_a_late_change_count(exam: Exam, client: Client, db: Session, part: AttemptPart) -> None:
    client.sign_in_as(exam.chief)
    assert "1 part has late changes to decide on" in client.get("/").text
    propose(client, part)
    assert "to decide on" not in client.get("/").text
    client.sign_in_as(exam.second)
    assert "1 decision on late changes waits for you to confirm" in client.get("/").text
    assert "Count these changes?" in client.get(address(part, "confirm")).text
    client.post(address(part, "confirm"))
    assert responses_of(db, [part.id])[part.id].answers["TF-0002"] == "d"
    assert "Counted" in client.get(address(part)).text


def test_the_page_shows_what_was_saved_what_came_and_how_late(exam: Exam, client: Client, part: AttemptPart) -> None:
    client.sign_in_as(exam.chief)
    page = client.get(address(part)).text
    assert "<strong>B</strong>" in page and "<strong>D</strong>" in page
    assert "20 min after the end" in page
    assert "TF-0002" not in page
    assert "Lucía Baca" in client.get("/late-changes").text


def test_an_essay_shows_its_words_added_and_removed(exam: Exam, client: Client, essay_part: AttemptPart) -> None:
    client.sign_in_as(exam.chief)
    assert "<ins>finally </ins>" in client.get(address(essay_part)).text


def test_leaving_out_takes_one_administrator_and_a_reason(
    exam: Exam, client: Client, db: Session, part: AttemptPart
) -> None:
    client.sign_in_as(exam.chief)
    up_to = last_event(client, part)
    refused = client.post(address(part, "leave-out"), data={"reason": "", "up_to": up_to})
    assert (refused.status_code, "Write down the reason." in refused.text) == (422, True)
    assert client.post(address(part, "leave-out"), data={"reason": WHY, "up_to": up_to}).status_code == 302
    assert db.query(LateAcceptance).one().declined_by_id == exam.chief.id


def test_the_proposer_is_refused_and_a_second_one_may_decline(
    exam: Exam, client: Client, db: Session, part: AttemptPart
) -> None:
    client.sign_in_as(exam.chief)
    propose(client, part)
    assert client.post(address(part, "confirm")).status_code == 409
    assert client.post(address(part, "decline"), data={"reason": "No."}).status_code == 409
    client.sign_in_as(exam.second)
    assert client.post(address(part, "decline"), data={"reason": "No."}).status_code == 302
    assert client.get(address(part, "confirm")).status_code == 409


def test_what_can_no_longer_count_is_refused_with_a_sentence(
    exam: Exam, client: Client, db: Session, sitting: Registration
) -> None:
    exam.collect()
    part = part_of(exam, sitting, PART_TWO)
    arrive_late(db, part, answer("RFV-0001", "Too late."), at=exam.at)
    client.sign_in_as(exam.chief)
    form = {"reason": WHY, "up_to": last_event(client, part)}
    refused = client.post(address(part, "propose"), data=form)
    assert (refused.status_code, "collected for its raters already" in refused.text) == (409, True)
    assert WHY in refused.text


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PROCTOR, Role.RATER, Role.AUTHOR, Role.REVIEWER])
@pytest.mark.parametrize("deed", ["", *DEEDS])
def test_only_administrators_decide(exam: Exam, client: Client, part: AttemptPart, role: Role, deed: str) -> None:
    client.sign_in_as(exam.personas.person(role))
    assert client.get(address(part, deed)).status_code == 403
    assert client.get("/late-changes").status_code == 403


def test_nobody_opens_their_own_and_no_rater_an_essay_beside_its_name(
    exam: Exam, client: Client, db: Session, sitting: Registration, part: AttemptPart, essay_part: AttemptPart
) -> None:
    rater = exam.personas.person(Role.ADMINISTRATOR, Role.RATER)
    client.sign_in_as(rater)
    assert (client.get(address(part)).status_code, client.get(address(essay_part)).status_code) == (200, 403)
    own = exam.sat()
    own.candidate.role_rows.append(UserRole(role=Role.ADMINISTRATOR, granted_at=exam.at))
    arrive_late(db, part_of(exam, own, PART_ONE), answer("TF-0001", "c"), at=exam.at)
    client.sign_in_as(own.candidate)
    assert client.get(address(part_of(exam, own, PART_ONE))).status_code == 403
    assert "2 parts have late changes" in client.get("/").text


def test_a_part_to_which_nothing_came_late_has_no_page(exam: Exam, client: Client, sitting: Registration) -> None:
    client.sign_in_as(exam.chief)
    assert client.get(address(part_of(exam, sitting, PART_ONE))).status_code == 404
    assert "Nothing has come late" in client.get("/late-changes").text


def test_scoring_says_what_it_waits_for(exam: Exam, client: Client, part: AttemptPart) -> None:
    client.sign_in_as(exam.chief)
    assert "Changes came late" in client.get(f"/scoring/{exam.administration.id}").text
    assert "wait for a decision" in client.post(f"/scoring/{exam.administration.id}/collect").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible_and_fit(
    exam: Exam, page_of: Callable[..., Page], db: Session, essay_part: AttemptPart, part: AttemptPart, width: int
) -> None:
    page = page_of(exam.chief, width=width)
    for path in ("/late-changes", address(part), address(essay_part), address(part, "propose")):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The decision is proposed.")).to_be_visible()
    assert_accessible(page)
