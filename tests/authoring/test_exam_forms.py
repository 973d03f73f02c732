"""The pages of exam forms."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import blueprint_plans, rule_documents
from question_bank.enemies import declare
from question_bank.exam_forms import ExamForm, FormPurpose, SealedForm
from question_bank.items import ReviewState
from question_bank.rule_documents import DocumentKind
from tests.bank import Bank
from tests.personas import Client, Personas

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def author(client: Client, personas: Personas) -> Client:
    client.sign_in_as(personas.author())
    return client


def asked(db: Session, **changes: str | list[str]) -> dict[str, str | list[str]]:
    """What is posted to draft a form, from the shipped blueprint and policy."""
    policy = rule_documents.newest(db, DocumentKind.EXAM_POLICY)
    (blueprint,) = blueprint_plans.newest_blueprints(db)
    assert policy is not None
    chosen = {"blueprint": str(blueprint.id), "policy": str(policy.id)}
    return {"title": "Form B", "purpose": "practice", "seed": "5", **chosen, **changes}


def test_an_empty_list_says_how_to_begin(author: Client) -> None:
    assert "There is no form yet" in author.get("/bank/forms").text


def test_a_form_is_drafted(author: Client, db: Session, bank: Bank) -> None:
    bank.samples = True
    bank.fill()
    response = author.post("/bank/forms/new", data=asked(db))
    form = db.scalars(select(ExamForm)).one()
    assert response.location == f"/bank/forms/{form.id}"
    assert (form.title, form.purpose, form.seed) == ("Form B", FormPurpose.PRACTICE, 5)
    page = author.get("/bank/forms").text
    assert "Form B" in page
    assert "draft" in page


def test_a_shortage_is_told_cell_by_cell(author: Client, draft: ExamForm, db: Session) -> None:
    page = author.post("/bank/forms/new", data=asked(db, purpose="exam", differ_from=[str(draft.id)])).text
    assert "Thinking: 3 needed, 3 in use, 3 of them on forms to differ from" in page
    assert 'value="Form B"' in page
    assert len(db.scalars(select(ExamForm)).all()) == 1


def test_a_shortage_that_no_cell_has_is_told_too(author: Client, bank: Bank, draft: ExamForm, db: Session) -> None:
    first, second = (entry.item_version.item for entry in draft.part_one[:2])
    declare(db, first, second, reason="Same fact", by=bank.author_id, at=bank.at)
    db.commit()
    page = author.post("/bank/forms/new", data=asked(db, purpose="exam")).text
    assert "Enemies and vignette sets leave no form that fits this blueprint." in page
    assert "The bank cannot fill this blueprint" not in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Give the form a title."),
        ({"title": "Form A"}, "Another form is called “Form A”"),
        ({"seed": "-1"}, "Give a number from 0 to 999999."),
        ({"blueprint": "99"}, "Not a valid choice"),
    ],
)
def test_a_wrong_entry_is_said(
    author: Client, db: Session, draft: ExamForm, change: dict[str, str], sentence: str
) -> None:
    assert sentence in author.post("/bank/forms/new", data=asked(db, **change)).text


def test_the_page_of_a_draft_shows_checks_and_both_parts(author: Client, draft: ExamForm) -> None:
    page = author.get(f"/bank/forms/{draft.id}").text
    assert "Every check is passed" in page
    assert "Part One: 60 items" in page
    assert "Level 4 Research Faculty: Research prompt, 1 to be answered" in page
    assert "Theoretical Foundations: 22 needed, 22 on the form." in page


def test_problems_are_listed_and_hide_the_seal(author: Client, draft: ExamForm) -> None:
    version = draft.part_one[0].item_version
    version.state = ReviewState.RETIRED
    page = author.get(f"/bank/forms/{draft.id}").text
    assert "1 thing keeps this form from being sealed" in page
    assert f"{version.item.code} version 1 is not in use" in page
    assert f"/bank/forms/{draft.id}/seal" not in page


def test_an_entry_is_exchanged(author: Client, bank: Bank, draft: ExamForm) -> None:
    entry = next(entry for entry in draft.part_one if entry.item_version.area == "thinking")
    spare = bank.item("thinking", "planning")
    address = f"/bank/forms/{draft.id}/entries/{entry.id}/exchange"
    assert spare.item.code in author.get(address).text
    author.post(address, data={"replacement": spare.id})
    assert entry.item_version_id == spare.id


def test_only_what_is_offered_can_be_put_in(author: Client, draft: ExamForm) -> None:
    entry, other = draft.part_one[:2]
    address = f"/bank/forms/{draft.id}/entries/{entry.id}/exchange"
    assert "Nothing fits in its place" in author.get(address).text
    author.post(address, data={"replacement": other.item_version_id})
    assert entry.item_version_id != other.item_version_id


def test_the_preview_shows_the_part_two_of_one_level_and_track(author: Client, draft: ExamForm) -> None:
    mentor = author.get(f"/bank/forms/{draft.id}/preview?level=4&track=policy").text
    assert "Program and policy prompts: answer all of these" in mentor
    specialist = author.get(f"/bank/forms/{draft.id}/preview?level=3").text
    assert "Clinical vignettes: answer 2 of these 3" in specialist
    assert "Secret" not in specialist
    assert '<article class="paper-essay" lang="en">' in specialist


@pytest.fixture
def in_spanish(bank: Bank) -> None:
    """Ask for it before ``draft``: everything in the bank has a Spanish text."""
    bank.spanish = True


@pytest.mark.parametrize(("language", "said"), [("en", "Story of"), ("es", "ES: Story of"), ("xx", "Story of")])
def test_the_preview_is_in_either_language_and_width(
    author: Client, in_spanish: None, draft: ExamForm, language: str, said: str
) -> None:
    page = author.get(f"/bank/forms/{draft.id}/preview?level=3&language={language}").text
    assert f">{said}" in page.replace("<p>", ">")
    assert "What has no Spanish text" not in page
    assert "as-on-a-phone" not in page
    assert "as-on-a-phone" in author.get(f"/bank/forms/{draft.id}/preview?level=3&width=phone").text


def test_a_form_without_spanish_is_previewed_without_the_choice(author: Client, draft: ExamForm) -> None:
    assert "language=es" not in author.get(f"/bank/forms/{draft.id}/preview").text


def test_the_page_of_a_form_says_how_much_of_it_is_in_spanish(
    author: Client, db: Session, bank: Bank, in_spanish: None, draft: ExamForm
) -> None:
    page = " ".join(author.get(f"/bank/forms/{draft.id}").text.split())
    assert "Part One: all 60" in page
    assert "up to date. With all" not in page
    bank.spanish = False
    old = draft.part_one[0].item_version
    draft.part_one[0].item_version = bank.item(old.area or "", old.primary_term, key="a")
    db.commit()
    page = " ".join(author.get(f"/bank/forms/{draft.id}").text.split())
    assert "Part One: 59 of 60<br>" in page
    assert "Part One: 59 of 60 items have a Spanish text that is up to date." in page
    assert "Part Two, Level 3: all 3" in page
    assert "What has no Spanish text" in author.get(f"/bank/forms/{draft.id}/preview?language=es").text


def test_sealing_asks_first_then_cannot_be_undone(author: Client, db: Session, draft: ExamForm) -> None:
    assert "Nothing in it can change any more" in author.get(f"/bank/forms/{draft.id}/seal").text
    author.post(f"/bank/forms/{draft.id}/seal")
    digest = db.scalars(select(SealedForm.sha256)).one()
    page = author.get(f"/bank/forms/{draft.id}").text
    assert digest in page
    assert "Nothing in this form can change." in page
    assert "/exchange" not in page


def test_a_form_with_problems_is_not_sealed(author: Client, db: Session, draft: ExamForm) -> None:
    draft.part_one[0].item_version.state = ReviewState.RETIRED
    response = author.post(f"/bank/forms/{draft.id}/seal")
    assert response.status_code == 409
    assert "cannot be sealed yet" in response.text
    assert db.scalars(select(SealedForm)).all() == []


@pytest.mark.parametrize("deed", ["seal", "discard"])
def test_a_sealed_form_refuses_every_deed(author: Client, sealed: ExamForm, deed: str) -> None:
    response = author.post(f"/bank/forms/{sealed.id}/{deed}")
    assert response.status_code == 409
    assert "nothing in it can change" in response.text


def test_a_draft_is_discarded_after_a_question(author: Client, db: Session, draft: ExamForm) -> None:
    assert "Discard “Form A”?" in author.get(f"/bank/forms/{draft.id}/discard").text
    assert author.post(f"/bank/forms/{draft.id}/discard").location == "/bank/forms"
    assert db.scalars(select(ExamForm)).all() == []


@pytest.mark.parametrize("path", ["", "/new", "/1", "/1/preview", "/1/seal", "/1/discard", "/1/entries/1/exchange"])
def test_only_the_exam_committee_sees_forms(client: Client, personas: Personas, path: str) -> None:
    client.sign_in_as(personas.candidate())
    assert client.get(f"/bank/forms{path}").status_code == 403


@pytest.mark.parametrize("path", ["/99", "/99/preview", "/99/seal", "/99/discard", "/99/entries/1/exchange"])
def test_what_is_not_there_is_not_found(author: Client, path: str) -> None:
    assert author.get(f"/bank/forms{path}").status_code == 404


def test_an_entry_of_another_form_is_not_found_and_the_list_takes_no_post(author: Client, draft: ExamForm) -> None:
    assert author.get(f"/bank/forms/{draft.id}/entries/9999/exchange").status_code == 404
    assert author.post("/bank/forms").status_code == 405


def test_a_question_is_tried_out_on_the_page_of_a_form(
    author: Client, db: Session, bank: Bank, draft: ExamForm
) -> None:
    trial = bank.item(state=ReviewState.PRETEST)
    db.flush()
    page = f"/bank/forms/{draft.id}"
    assert trial.item.code in author.get(page).text
    author.post(f"{page}/trials", data={"version": "0"})
    assert "Choose a question." in author.get(page).text
    said = author.post(f"{page}/trials", data={"version": str(trial.id)}, follow_redirects=True).text
    assert f"{trial.item.code} is tried out on this form." in said
    entry = next(entry for entry in draft.part_one if entry.item_version is trial)
    off = author.post(f"{page}/entries/{entry.id}/take-off", follow_redirects=True).text
    assert f"{trial.item.code} is off the form." in off
    assert len(draft.part_one) == 60
