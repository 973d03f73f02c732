"""The practice examination, for the office: opening it, ending it, and keeping its questions out of examinations."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp.accounts.models import Role, User
from examapp.registration.administrations import open_administration
from examapp.registration.models import Administration, Registration
from examapp.registration.practice import begin_round, practice_for
from question_bank import exam_policy
from question_bank.errors import RuleViolation
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms import ExamForm, FormPurpose, sealed_document
from question_bank.exam_policy import PART_ONE
from question_bank.items import Item, ItemKind
from tests import factories
from tests.personas import Client, Personas


@pytest.fixture
def ahead(db: Session, at: datetime, office: User, personas: Personas) -> Registration:
    """A candidate at Level 3 whose examination is next week."""
    given = factories.administration(db, at, office, opens_at=at + timedelta(days=7), closes_at=at + timedelta(days=8))
    return factories.registration(db, at, personas.candidate(), given)


@pytest.fixture
def sealed(db: Session, at: datetime, office: User) -> str:
    """The digest of a sealed practice form with the title “Form P”."""
    blueprint = ExamBlueprint(title="Shipped", levels=[3, 4], created_at=at)
    db.add(blueprint)
    db.flush()
    digest = factories.practice_form(db, at).sha256
    form = ExamForm(
        title="Form P", purpose=FormPurpose.PRACTICE, blueprint_id=blueprint.id, seed=1, created_at=at, sealed_at=at,
        policy_id=exam_policy.load_default(db, at=at).id, differs_from=[], sealed_sha256=digest, sealed_by_id=office.id,
    )  # fmt: skip
    db.add(form)
    db.flush()
    return digest


def typed(digest: str, **values: str) -> dict[str, str]:
    usual = {"title": "Try it first", "time_zone": "America/Denver", "form_sha256": digest}
    return {**usual, "closes_at": "2028-10-01T17:00", **values}


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.PROCTOR])
def test_only_administrators_open_and_end_it(
    client: Client, db: Session, at: datetime, office: User, personas: Personas, role: Role
) -> None:
    practice = factories.practice(db, at, office)
    client.sign_in_as(personas.person(role))
    for path in ("", "/open", f"/{practice.id}/end"):
        assert client.get(f"/practice-examinations{path}").status_code == 403
    assert client.post(f"/practice-examinations/{practice.id}/end").status_code == 403


def test_it_opens_at_once_without_proctor_and_entry_rules(
    client: Client, db: Session, sealed: str, office: User
) -> None:
    client.sign_in_as(office)
    assert "There is no practice examination yet" in client.get("/practice-examinations").text
    response = client.post("/practice-examinations/open", data=typed(sealed))
    assert response.location == "/practice-examinations"
    made = db.scalars(select(Administration)).one()
    assert (made.practice, made.proctored, made.entry_rules) == (True, False, None)
    page = client.get("/practice-examinations").text
    assert "Try it first" in page
    assert "Form P" in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": " "}, "Give it a title."),
        ({"closes_at": ""}, "Give the date and time it closes."),
        ({"closes_at": "2020-01-01T10:00"}, "This time is over already."),
        ({"closes_at": "2028-03-12T02:30"}, "does not exist in this time zone"),
        ({"form_sha256": "nonsense"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_opened_is_said_and_kept(
    client: Client, sealed: str, office: User, values: dict[str, str], sentence: str
) -> None:
    client.sign_in_as(office)
    response = client.post("/practice-examinations/open", data=typed(sealed, **values))
    assert response.status_code == 422
    assert sentence in response.text


def test_a_form_for_examinations_is_not_practised(db: Session, at: datetime, office: User) -> None:
    with pytest.raises(RuleViolation, match="Choose a sealed practice form"):
        factories.practice(db, at, office, form_sha256=factories.sealed_form(db, at).sha256)


def test_no_question_is_practised_and_asked(db: Session, at: datetime, office: User, ahead: Registration) -> None:
    asked = factories.sealed_form(db, at, title="Leak", purpose="practice")
    with pytest.raises(RuleViolation, match=r"shares with “Administration .*TF-0001"):
        factories.practice(db, at, office, form_sha256=asked.sha256)
    ahead.administration.opens_at, ahead.administration.closes_at = at - timedelta(days=3), at - timedelta(days=2)
    practice = factories.practice(db, at, office, form_sha256=asked.sha256)
    with pytest.raises(RuleViolation, match=f"shares with “{practice.title}”"):
        open_administration(
            db, title="Summer", opens_at=at + timedelta(days=9), closes_at=at + timedelta(days=9, hours=6),
            time_zone="America/Denver", form_sha256=factories.whole_form(db, at).sha256, proctored=False,
            by=office.id, at=at,
        )  # fmt: skip


def test_it_is_found_when_it_has_what_the_candidate_will_be_asked(
    db: Session, at: datetime, office: User, ahead: Registration
) -> None:
    practice = factories.practice(db, at, office)
    assert practice_for(db, ahead, at) is practice
    assert practice_for(db, ahead, practice.closes_at) is None
    ahead.level, ahead.track = 4, "clinical"
    assert practice_for(db, ahead, at) is None
    ahead.parts = [PART_ONE]
    assert practice_for(db, ahead, at) is practice
    ahead.administration.form_sha256 = factories.sealed_form(db, at, first=901).sha256
    assert practice_for(db, ahead, at) is None


def test_ending_it_asks_first_and_lets_nobody_begin(
    client: Client, db: Session, at: datetime, office: User, ahead: Registration, time_machine: TimeMachineFixture
) -> None:
    practice = factories.practice(db, at, office)
    client.sign_in_as(office)
    end = f"/practice-examinations/{practice.id}/end"
    assert "Who is writing goes on" in client.get(end).text
    assert client.post(end).location == "/practice-examinations"
    assert practice_for(db, ahead, at + timedelta(seconds=1)) is None
    time_machine.shift(60)
    assert client.post(end).status_code == 409
    assert "Over" in client.get("/practice-examinations").text
    assert client.get(f"/practice-examinations/{ahead.administration_id}/end").status_code == 404


def test_no_vignette_is_practised_and_asked(db: Session, at: datetime, office: User, ahead: Registration) -> None:
    practised = factories.practice_form(db, at).sha256
    code = next(iter(sealed_document(db, practised).essays))
    for one in ("RFV-0001", code):
        db.add(Item(code=one, kind=ItemKind.ESSAY, source="", author_id=office.id, created_at=at, set_code="RFV-0001"))
    db.flush()
    with pytest.raises(RuleViolation, match=r"shares with .*: RFV-0001"):
        factories.practice(db, at, office, form_sha256=practised)


def test_the_office_sees_how_much_is_practised_and_by_nobodys_name(
    client: Client, db: Session, at: datetime, office: User, ahead: Registration
) -> None:
    practice = factories.practice(db, at, office)
    for number in (1, 2):
        begin_round(db, practice, ahead, number=number, at=at)
    client.sign_in_as(office)
    page = client.get("/practice-examinations").text
    assert '<td data-label="Candidates" class="number">1</td>' in page
    assert '<td data-label="Rounds" class="number">2</td>' in page
    assert ahead.candidate.name not in page
