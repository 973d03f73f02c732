"""Writing items: codes, drafts, versions, and what is missing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from question_bank.errors import RuleViolation
from question_bank.framework import default_framework
from question_bank.item_kinds import SingleBestAnswer
from question_bank.item_writing import (
    ItemDraft,
    StaleDraft,
    add_item,
    new_item,
    new_version,
    problems,
    save_draft,
    writers,
)
from question_bank.items import Item, ItemKind, ReviewState
from question_bank.review import Move, move
from question_bank.translations import source_texts, translate
from tests.drafts import complete_draft, complete_essay
from tests.personas import Personas

CHOICE, ESSAY = ItemKind.SINGLE_BEST_ANSWER, ItemKind.ESSAY


def test_an_item_is_named_after_its_area(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    codes = [
        new_item(db, kind, source="written here", area=area, by=by, at=at).code
        for kind, area in [
            (CHOICE, "theoretical-foundations"), (CHOICE, "theoretical-foundations"), (CHOICE, "reflection"),
            (ESSAY, "reflection"), (CHOICE, "reflection"), (CHOICE, None),
        ]
    ]  # fmt: skip
    assert codes == ["TF-0001", "TF-0002", "RF-0001", "RFV-0001", "RF-0002", "IM-0001"]


def test_codes_go_on_after_ten_thousand(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    for code in ("TF-9999", "TF-10000"):
        db.add(Item(code=code, kind=CHOICE, source="old", author_id=by, created_at=at))
    assert new_item(db, CHOICE, source="x", area="theoretical-foundations", by=by, at=at).code == "TF-10001"


def test_a_draft_is_saved_as_typed(db: Session, personas: Personas, at: datetime) -> None:
    by, later = personas.author().id, at + timedelta(minutes=5)
    version = new_item(db, CHOICE, source="written here", area="reflection", by=by, at=at).latest
    draft = complete_draft(terms=["curiosity", "contemplation"])
    save_draft(db, version, draft, edit_count=0, by=by, at=later)
    save_draft(db, version, replace(draft, terms=["contemplation"]), edit_count=1, by=by, at=later)
    db.expire_all()
    assert ItemDraft.of(version) == replace(draft, terms=["contemplation"])
    assert (version.edit_count, version.updated_at) == (2, later)


def test_a_stale_draft_overwrites_nothing(db: Session, personas: Personas, at: datetime) -> None:
    first, second = personas.author(), personas.author()
    version = new_item(db, CHOICE, source="written here", area="reflection", by=first.id, at=at).latest
    save_draft(db, version, complete_draft(notes="first"), edit_count=0, by=first.id, at=at)
    with pytest.raises(StaleDraft):
        save_draft(db, version, complete_draft(notes="second"), edit_count=0, by=second.id, at=at)
    assert (version.notes, version.editor_id) == ("first", first.id)


def test_a_submitted_version_cannot_be_changed(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    version = add_item(db, CHOICE, "RF", complete_draft(), source="x", by=by, at=at).latest
    move(db, version, Move.SUBMIT, by=by, comment="", at=at)
    with pytest.raises(RuleViolation, match="Only a draft"):
        save_draft(db, version, complete_draft(notes="late"), edit_count=0, by=by, at=at)


def test_the_next_version_is_a_copy_by_its_editor(db: Session, personas: Personas, at: datetime) -> None:
    author, editor, reviewer = personas.author(), personas.author(), personas.reviewer()
    item = add_item(db, CHOICE, "RF", complete_draft(), source="x", by=author.id, at=at)
    move(db, item.latest, Move.SUBMIT, by=author.id, comment="", at=at)
    move(db, item.latest, Move.SEND_BACK, by=reviewer.id, comment="Two keys.", at=at)
    version = new_version(db, item, by=editor.id, at=at)
    assert (version.number, version.state, version.edit_count) == (2, ReviewState.DRAFT, 0)
    assert ItemDraft.of(version) == complete_draft()
    assert writers(db, item) == {author.id, editor.id}


def test_one_version_is_worked_on_at_a_time(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    item = add_item(db, CHOICE, "RF", complete_draft(), source="x", by=by, at=at)
    with pytest.raises(RuleViolation, match="being worked on"):
        new_version(db, item, by=by, at=at)


def test_everybody_who_saved_a_draft_is_a_writer(db: Session, personas: Personas, at: datetime) -> None:
    people = [personas.author().id for _ in range(3)]
    item = new_item(db, CHOICE, source="x", area="reflection", by=people[0], at=at)
    save_draft(db, item.latest, complete_draft(), edit_count=0, by=people[1], at=at)
    save_draft(db, item.latest, complete_draft(), edit_count=1, by=people[2], at=at)
    assert writers(db, item) == set(people)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"area": None}, "Choose the area of expertise."),
        ({"area": "astrology"}, "Choose the area of expertise."),
        ({"terms": []}, "Choose at least one term of the area."),
        ({"terms": ["attachment"]}, "Choose only terms that every chosen level has."),
        ({"area": "communicating", "terms": ["group-process"]}, "Choose only terms that every chosen level has."),
        ({"levels": []}, "Choose at least one level."),
        ({"levels": [3, 7]}, "Choose levels of the framework only."),
        ({"levels": [3], "tracks": ["clinical"]}, "Choose only tracks that a chosen level has."),
        ({"responsibility_codes": ["P"]}, "Choose only responsibility codes of the area."),
        ({"competency": "TF-01"}, "Choose a competency of the area."),
        ({"rationale": "  "}, "Write the rationale: why the key is right."),
        ({"reference": ""}, "Name the reference that supports the key."),
    ],
)
def test_what_is_missing_is_said(
    db: Session, personas: Personas, at: datetime, change: dict[str, object], problem: str
) -> None:
    draft = replace(complete_draft(), **change)  # type: ignore[arg-type]  # one field of any type
    item = add_item(db, CHOICE, "RF", draft, source="x", by=personas.author().id, at=at)
    assert problem in problems(item.latest, default_framework())


def test_nothing_is_missing_from_a_complete_item(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    choice = add_item(db, CHOICE, "RF", complete_draft(), source="x", by=by, at=at)
    essay = add_item(db, ESSAY, "RF", complete_essay(), source="x", by=by, at=at)
    assert problems(choice.latest, default_framework()) == problems(essay.latest, default_framework()) == []


@pytest.mark.parametrize(
    ("unwritten", "problem"),
    [("stem", "Write the stem in Spanish too"), ("d", "Write every option in Spanish too"), ("", "")],
)
def test_half_a_translation_keeps_an_item_from_review(
    db: Session, personas: Personas, at: datetime, unwritten: str, problem: str
) -> None:
    draft = complete_draft()
    english = source_texts(SingleBestAnswer.model_validate(draft.content), "")
    spanish = translate(english, {place: "" if place == unwritten else "algo" for place in english})
    assert spanish
    draft.content["translations"] = {"es": spanish.model_dump()}
    item = add_item(db, CHOICE, "RF", draft, source="x", by=personas.author().id, at=at)
    said = problems(item.latest, default_framework())
    assert [sentence.partition(", or")[0] for sentence in said] == ([problem] if problem else [])


def test_an_empty_vignette_lacks_everything(db: Session, personas: Personas, at: datetime) -> None:
    item = new_item(db, ESSAY, source="written here", area=None, by=personas.author().id, at=at)
    said = problems(item.latest, default_framework())
    assert {"Write the vignette.", "Give the vignette a title.", "Choose at least one level."} <= set(said)
