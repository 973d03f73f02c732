"""Practising: offered before the examination, under its conditions, as often as one likes; keys only afterwards."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.attempts import close_part
from examapp.delivery.models import ClosedBy
from examapp.delivery.practice import offer_to, practise
from examapp.delivery.progress import Stage, progress_of
from examapp.registration.models import Accommodation, Administration, Registration
from question_bank.errors import RuleViolation
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests import factories
from tests.bank import Bank
from tests.browser import assert_accessible
from tests.delivery.exam_page import OpenPage, saved
from tests.personas import Client, Personas


@pytest.fixture
def practice(db: Session, sitting: Registration, personas: Personas, at: datetime) -> Administration:
    """Open for a year; the candidate's examination is next week."""
    sitting.administration.opens_at, sitting.administration.closes_at = at + timedelta(days=7), at + timedelta(days=8)
    made = factories.practice(db, at, personas.administrator())
    db.commit()
    return made


def finished_round(db: Session, candidate_id: int, at: datetime) -> Registration:
    mine = practise(db, candidate_id, at=at)
    for part in mine.parts:
        close_part(db, factories.started_part(db, at, mine, part), closed_by=ClosedBy.CANDIDATE, at=at)
    return mine


def newest(db: Session) -> Registration:
    return db.scalars(select(Registration).order_by(Registration.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.parametrize("page", ["/", "/exam", "/exam/{code}"])
def test_it_is_offered_on_the_home_page_and_beside_the_examination(
    client: Client, sitting: Registration, practice: Administration, page: str
) -> None:
    client.sign_in_as(sitting.candidate)
    assert "Try the practice examination" in client.get(page.format(code=sitting.code)).text


def test_it_is_not_offered_without_an_examination_ahead(
    db: Session, sitting: Registration, practice: Administration, at: datetime
) -> None:
    assert offer_to(db, sitting.candidate_id, at)
    assert offer_to(db, sitting.candidate_id, at + timedelta(days=8)) is None
    sitting.withdrawn_at = at
    assert offer_to(db, sitting.candidate_id, at) is None
    with pytest.raises(RuleViolation, match="No practice examination is open"):
        practise(db, sitting.candidate_id, at=at)


def test_it_is_not_offered_while_the_examination_is_written(
    db: Session, sitting: Registration, practice: Administration, at: datetime
) -> None:
    factories.started_part(db, at + timedelta(days=7), sitting)
    assert offer_to(db, sitting.candidate_id, at + timedelta(days=7)) is None


def test_one_click_begins_a_round_and_another_goes_on_with_it(
    client: Client, db: Session, sitting: Registration, practice: Administration
) -> None:
    client.sign_in_as(sitting.candidate)
    first = client.post("/practice").location
    mine = newest(db)
    assert first == f"/exam/{mine.code}"
    assert (mine.administration_id, mine.practice_round) == (practice.id, 1)
    assert client.post("/practice").location == first
    page = client.get(first).text
    assert "Nothing of this counts" in page
    assert "Ask for an accommodation" not in page


def test_it_has_the_conditions_of_the_examination_as_they_are_now(
    db: Session, sitting: Registration, practice: Administration, breaks: Accommodation, at: datetime
) -> None:
    mine = practise(db, sitting.candidate_id, at=at)
    assert (mine.level, mine.track, mine.parts) == (sitting.level, sitting.track, sitting.parts)
    assert mine.accommodation and mine.accommodation.break_minutes == 15
    sitting.accommodations.append(
        Accommodation(factor=Decimal(2), reason="Letter.", granted_at=at, granted_by_id=sitting.registered_by_id)
    )
    breaks.revoked_at, breaks.revoked_by_id = at, sitting.registered_by_id
    assert practise(db, sitting.candidate_id, at=at) is mine
    assert progress_of(db, mine, at).parts[0].extra == 90 * 60
    assert len(mine.accommodations) == 2


def test_a_round_that_is_handed_in_is_followed_by_another(
    db: Session, sitting: Registration, practice: Administration, at: datetime
) -> None:
    first = finished_round(db, sitting.candidate_id, at)
    second = practise(db, sitting.candidate_id, at=at)
    assert (first.practice_round, second.practice_round) == (1, 2)
    assert progress_of(db, first, at).stage is Stage.FINISHED
    offer = offer_to(db, sitting.candidate_id, at)
    assert offer
    assert [progress.registration for progress in offer.rounds] == [second, first]


def test_a_part_whose_time_ran_out_is_closed_before_another_round(
    db: Session, sitting: Registration, practice: Administration, at: datetime
) -> None:
    mine = practise(db, sitting.candidate_id, at=at)
    part = factories.started_part(db, at, mine)
    later = at + timedelta(hours=5)
    assert practise(db, sitting.candidate_id, at=later) is mine
    assert part.closed_at == part.deadline_at


def test_the_keys_are_shown_when_the_part_is_closed_and_not_before(
    client: Client, db: Session, sitting: Registration, practice: Administration, bank: Bank, at: datetime
) -> None:
    bank.count = 900
    bank.item()
    mine = practise(db, sitting.candidate_id, at=at)
    part = factories.started_part(db, at, mine)
    client.sign_in_as(sitting.candidate)
    keys = f"/exam/{mine.code}/parts/{PART_ONE}/keys"
    assert client.get(keys).status_code == 404
    close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    page = client.get(keys).text
    assert "You have 0 of 4 questions right." in page
    assert "Secret reason of TF-0901" in page
    assert page.count("The key</span>") == 4
    assert client.get(f"/exam/{mine.code}/parts/{PART_TWO}/keys").status_code == 404
    handed_in = client.get(f"/exam/{mine.code}/parts/{PART_ONE}/handed-in").text
    assert keys in handed_in
    assert "Hand-in code" not in handed_in


def test_essays_stand_beside_the_rubric(
    client: Client, db: Session, sitting: Registration, practice: Administration, at: datetime
) -> None:
    mine = finished_round(db, sitting.candidate_id, at)
    client.sign_in_as(sitting.candidate)
    page = client.get(f"/exam/{mine.code}/parts/{PART_TWO}/keys").text
    assert page.count("Insight") == 3
    assert "Nobody rates these essays" in page
    assert "Practise again" in client.get(f"/exam/{mine.code}").text


def test_the_keys_of_an_examination_are_never_shown(
    client: Client, db: Session, sitting: Registration, at: datetime
) -> None:
    close_part(db, factories.started_part(db, at, sitting), closed_by=ClosedBy.CANDIDATE, at=at)
    client.sign_in_as(sitting.candidate)
    assert client.get(f"/exam/{sitting.code}/parts/{PART_ONE}/keys").status_code == 404


def test_a_round_is_its_candidates_alone(
    client: Client, db: Session, sitting: Registration, practice: Administration, personas: Personas, at: datetime
) -> None:
    mine = finished_round(db, sitting.candidate_id, at)
    client.sign_in_as(personas.candidate())
    assert client.get(f"/exam/{mine.code}/parts/{PART_ONE}/keys").status_code == 404
    assert client.post("/practice").location == "/exam"
    client.sign_in_as(personas.proctor())
    assert client.get(f"/exam/{mine.code}/parts/{PART_ONE}/keys").status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_candidate_practises_in_a_browser(
    page_of: OpenPage, db: Session, sitting: Registration, practice: Administration
) -> None:
    page = page_of(sitting.candidate)
    page.goto("/")
    page.get_by_role("button", name="Try the practice examination").click()
    page.get_by_text("I have read the honour statement").click()
    page.get_by_role("button", name="Start Part One").click()
    expect(page.get_by_text("Practice: nothing of this counts.")).to_be_visible()
    page.get_by_text("Answer b to question 901").click()
    saved(page)
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in Part One").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="Look at the keys and reasons").click()
    expect(page.get_by_text("You have 1 of 4 questions right.")).to_be_visible()
    expect(page.get_by_text("Your answer and the key")).to_have_count(1)
    assert_accessible(page)
