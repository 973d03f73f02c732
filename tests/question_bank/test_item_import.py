"""Importing: what a file would become, and then all of it or nothing."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank import enemies
from question_bank.enemies import enemies_among
from question_bank.errors import RuleViolation
from question_bank.framework import default_framework
from question_bank.interchange import RowStatus, read
from question_bank.item_export import ExportFormat, export
from question_bank.item_import import (
    ImportDefaults,
    ImportPlan,
    PlannedRow,
    import_items,
    plan_import,
    texts_of_bank,
    undo_import,
)
from question_bank.item_sets import unlike, vignette_of
from question_bank.item_writing import ItemDraft, problems, save_draft
from question_bank.items import CognitiveLevel, Item, ItemKind, ReviewState
from question_bank.review_conflicts import declare
from tests.bank import Bank
from tests.drafts import choice_content
from tests.personas import Personas

FRAMEWORK = default_framework()
NONE = ImportDefaults()
HEADER = "stem,a,b,c,key,area,term,level,rationale,reference\n"
COMPLETE = "What comes first?,Ask,Wait,Tell,a,Reflection,curiosity,3 and 4,Why,Book\n"


def plan(db: Session, text: str, defaults: ImportDefaults = NONE) -> ImportPlan:
    return plan_import(texts_of_bank(db), read(text.encode(), "bank.csv"), FRAMEWORK, defaults)


def test_a_complete_row_becomes_a_complete_draft(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    made = plan(db, HEADER + COMPLETE)
    (item,) = import_items(db, made.usable, FRAMEWORK, filename="bank.csv", by=by, at=at)
    assert (item.code, item.source, item.author_id) == ("RF-0001", "bank.csv, row 2", by)
    assert (item.latest.state, item.latest.terms, item.latest.levels) == (ReviewState.DRAFT, ["curiosity"], [3, 4])
    assert problems(item.latest, FRAMEWORK) == []


def test_tags_that_the_framework_does_not_have_are_kept_as_notes(db: Session) -> None:
    (row,) = plan(db, HEADER + "Q?,x,y,z,a,Astrology,stars,9,,\n").rows
    assert (row.parsed.status, len(row.parsed.reasons)) == (RowStatus.CHANGED, 3)
    assert row.draft
    assert (row.draft.area, row.draft.notes) == (None, "Area: Astrology\nTerm: stars")


def test_defaults_tag_the_rows_that_name_nothing(db: Session) -> None:
    made = plan(db, HEADER + "Q?,x,y,z,a,,,,,\n" + COMPLETE, ImportDefaults("thinking", (4,)))
    assert [(row.draft.area, row.draft.levels) for row in made.rows if row.draft] == [
        ("thinking", [4]), ("reflection", [3, 4]),
    ]  # fmt: skip


def test_what_the_bank_or_the_file_already_has_is_refused(db: Session, bank: Bank) -> None:
    bank.item(stem="What — comes FIRST")
    made = plan(db, HEADER + COMPLETE + "R?,x,y,z,a,,,,,\n" + " r ,x,y,z,b,,,,,\n")
    assert [row.parsed.status for row in made.rows] == [RowStatus.REFUSED, RowStatus.ACCEPTED, RowStatus.REFUSED]
    assert (made.count(RowStatus.REFUSED), len(made.usable)) == (2, 1)


def test_a_gift_category_may_name_the_area(db: Session) -> None:
    reading = read(b"$CATEGORY: Bank/Systems expertise\n\n::Ana::What do you see?{}", "bank.gift")
    (row,) = plan_import(texts_of_bank(db), reading, FRAMEWORK, NONE).rows
    assert row.draft
    assert (row.parsed.kind, row.draft.area, row.draft.title) == (ItemKind.ESSAY, "systems-expertise", "Ana")
    assert row.draft.content["prompt"] == "What do you see?"


def test_an_item_without_area_gets_a_code_of_its_own(db: Session, personas: Personas, at: datetime) -> None:
    made = plan(db, "stem,a,b,key\nQ?,x,y,a\nR?,x,y,a\n")
    items = import_items(db, made.usable, FRAMEWORK, filename="b.csv", by=personas.author().id, at=at)
    assert [item.code for item in items] == ["IM-0001", "IM-0002"]


def test_an_import_is_undone_while_nobody_has_worked_with_it(db: Session, personas: Personas, at: datetime) -> None:
    author, other = personas.author().id, personas.author().id
    rows = plan(db, HEADER + COMPLETE).usable
    import_items(db, rows, FRAMEWORK, filename="bank.csv", by=author, at=at)
    assert undo_import(db, at, by=other, at=at) == 0  # not theirs
    assert undo_import(db, at, by=author, at=at) == 1
    assert db.scalar(select(func.count()).select_from(Item)) == 0
    (item,) = import_items(db, rows, FRAMEWORK, filename="bank.csv", by=author, at=at)
    assert item.code == "RF-0002"  # the trail knows RF-0001 as another item


def test_an_import_that_somebody_has_worked_with_stays(db: Session, personas: Personas, at: datetime) -> None:
    author = personas.author().id
    made = plan(db, HEADER + COMPLETE + "R?,x,y,z,a,Reflection,,,,\n").usable
    first, _second = import_items(db, made, FRAMEWORK, filename="bank.csv", by=author, at=at)
    draft = ItemDraft.of(first.latest)
    save_draft(db, first.latest, draft, edit_count=0, by=author, at=at)
    with pytest.raises(RuleViolation, match="worked with RF-0001"):
        undo_import(db, at, by=author, at=at)
    assert db.scalar(select(func.count()).select_from(Item)) == 2


def near_to_it(db: Session, item: Item, other: Item, by: int, at: datetime) -> None:
    declare(db, item, reason="My own case.", by=by, at=at)


def made_enemies(db: Session, item: Item, other: Item, by: int, at: datetime) -> None:
    enemies.declare(db, other, item, reason="Gives it away.", by=by, at=at)


def in_one_set(db: Session, item: Item, other: Item, by: int, at: datetime) -> None:
    item.set_code = other.set_code = item.code


@pytest.mark.parametrize("deed", [near_to_it, made_enemies, in_one_set])
def test_an_import_stays_when_something_else_names_its_items(
    db: Session, personas: Personas, bank: Bank, at: datetime,
    deed: Callable[[Session, Item, Item, int, datetime], None],
) -> None:  # fmt: skip
    author, other = personas.author().id, bank.item().item
    (item,) = import_items(db, plan(db, HEADER + COMPLETE).usable, FRAMEWORK, filename="b.csv", by=author, at=at)
    deed(db, item, other, personas.reviewer().id, at + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="worked with RF-0001"):
        undo_import(db, at, by=author, at=at + timedelta(days=1))


TAGGED = "stem,a,b,key,area,level,track,responsibility code,competency,cognitive level\n"


def tagged(db: Session, cells: str) -> PlannedRow:
    (row,) = plan(db, f"{TAGGED}Q?,x,y,a,{cells}\n").rows
    return row


def test_tags_of_the_framework_are_read_from_their_columns(db: Session) -> None:
    draft = tagged(db, 'Reflection,4,"Research Faculty, clinical","s, C",rf 2,Apply').draft
    assert draft
    assert draft.tracks == ["clinical", "research_faculty"]
    assert draft.responsibility_codes == ["C", "S"]
    assert (draft.competency, draft.cognitive_level) == ("RF-02", CognitiveLevel.APPLICATION)


@pytest.mark.parametrize(
    ("cells", "codes"), [(",,,CS,,", ["C", "S"]), (",,,Core responsibilities; t,,", ["C", "T"]), (",,,,,", [])]
)
def test_responsibility_codes_may_be_written_in_several_ways(db: Session, cells: str, codes: list[str]) -> None:
    draft = tagged(db, cells).draft
    assert draft
    assert draft.responsibility_codes == codes


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            "Thinking,4,Clinicall,,,",
            "“Clinicall” is not a track of its level. Tracks: Clinical, Policy, Research Faculty.",
        ),
        ("Thinking,3,Clinical,,,", "“Clinical” is given as its track, but its level has none. Empty the cell."),
        ("Thinking,4,,C,,", "“C” is not a responsibility code of its area. Codes: S, T, P."),
        ("Thinking,4,,Core,,", "“Core” is not a responsibility code of its area. Codes: S, T, P."),
        (",4,,X,,", "“X” is not a responsibility code of its area. Codes: C, S, T, P."),
        ("Administration,4,,,TH-01,", "“TH-01” is not a behavior of Administration. Behaviors: AD-01, AD-02, AD-03"),
        (",4,,,ZZ-01,", "“ZZ-01” is not a behavior of the framework. The page Competencies lists them."),
        ("Thinking,4,,,,hard", "“hard” is not a cognitive level. Write one of: recall, application, analysis."),
    ],
)
def test_a_tag_the_framework_does_not_have_refuses_the_row_and_says_what_there_is(
    db: Session, cells: str, sentence: str
) -> None:
    row = tagged(db, cells)
    assert (row.parsed.status, row.draft) == (RowStatus.REFUSED, None)
    assert sentence in str(row.parsed.reasons[0])


def test_a_vignette_set_of_a_file_begins_with_all_its_questions(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    rows = plan(
        db, "stem,a,b,key,vignette,vignette set\nQ?,x,y,a,Ana visits.,S\nR?,x,y,a,,S\nT?,x,y,a,V,other\n"
    ).usable
    first, second, third = import_items(db, rows, FRAMEWORK, filename="b.csv", by=by, at=at)
    assert (first.set_code, second.set_code, third.set_code) == ("IM-0001", "IM-0001", None)
    assert second.latest.content["stimulus"] == "Ana visits."
    assert undo_import(db, at, by=by, at=at) == 3


@pytest.mark.parametrize("format_", [ExportFormat.JSON, ExportFormat.XLSX, ExportFormat.CSV, ExportFormat.QTI_30])
def test_a_set_of_essays_is_one_again_on_another_site(
    db: Session, bank: Bank, personas: Personas, at: datetime, format_: ExportFormat
) -> None:
    bank.spanish, by = True, personas.author().id
    versions = [bank.vignette("policy") for _ in range(2)]
    for version in versions:
        version.item.set_code = versions[0].item.code
        version.content = {**version.content, "stimulus": "Ana is two.", "prompt": f"What of {version.item.code}?"}
        bank.translated(version)
    db.flush()
    rows = plan_import(set(), read(export(versions, FRAMEWORK, format_).data, "b"), FRAMEWORK, ImportDefaults()).usable
    made = import_items(db, rows, FRAMEWORK, filename="b", by=by, at=at)
    assert [item.kind for item in made] == [ItemKind.ESSAY] * 2
    assert {item.set_code for item in made} == {made[0].code}
    assert unlike(db, made[0].latest) == []
    told = {vignette_of(item.latest.content) for item in made}
    assert told == {("Ana is two.", "" if format_ is ExportFormat.QTI_30 else "ES: Ana is two.", "policy")}


def test_enemies_of_a_file_are_enemies_again(db: Session, personas: Personas, at: datetime) -> None:
    by, items = personas.author().id, []
    for code, enemy in (("RF-1", "RF-2"), ("RF-2", "RF-1"), ("RF-3", "RF-9")):
        content = choice_content(stem=f"{code}?")
        items.append(
            {"code": code, "kind": "single_best_answer", "content": content, "enemies": {enemy: "Gives it away."}}
        )
    document = json.dumps({"format": "items of an item bank", "version": 1, "items": items})
    made = import_items(db, plan(db, document).usable, FRAMEWORK, filename="b.json", by=by, at=at)
    assert enemies_among(db, {item.code for item in made}) == {frozenset(("IM-0001", "IM-0002")): "Gives it away."}
    assert undo_import(db, at, by=by, at=at) == 3
