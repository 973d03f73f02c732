"""Finding items in the bank."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from question_bank import blueprint_plans, exam_forms, exam_policy, framework
from question_bank.item_kinds import SingleBestAnswer, content_of
from question_bank.item_search import (
    PAGE_SIZE,
    ItemFilter,
    SpanishState,
    all_items,
    authors,
    count_by_area,
    find_items,
)
from question_bank.item_writing import add_item, new_version, save_draft
from question_bank.items import CognitiveLevel, ItemKind, ItemVersion, ReviewState
from question_bank.translations import outdated, source_texts
from tests.bank import Bank
from tests.drafts import complete_draft, complete_essay, complete_question
from tests.personas import Personas


@pytest.fixture
def filled(db: Session, personas: Personas, at: datetime) -> None:
    by = personas.author().id
    add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", complete_draft(stem="Ask a Niña 50%?"), source="x", by=by, at=at)
    vignette = complete_essay(area="thinking", levels=[4])
    spanish = {"texts": {"title": "Ana", "stimulus": "Una visita", "prompt": "¿Qué ve?"}, "of": {}}
    vignette.content["translations"] = {"es": spanish}
    add_item(db, ItemKind.ESSAY, "TH", vignette, source="x", by=by, at=at)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (ItemFilter(), ["RF-0001", "THV-0001"]),
        (ItemFilter(words="niña"), ["RF-0001"]),
        (ItemFilter(words="NINA"), ["RF-0001"]),
        (ItemFilter(words="50%"), ["RF-0001"]),
        (ItemFilter(words="RF-0001"), ["RF-0001"]),
        (ItemFilter(words="01 rf"), []),
        (ItemFilter(words="thv-"), ["THV-0001"]),
        (ItemFilter(words="ANA VISITS"), ["THV-0001"]),
        (ItemFilter(words="una visita"), ["THV-0001"]),
        (ItemFilter(words="'; --"), []),
        (ItemFilter(area="thinking"), ["THV-0001"]),
        (ItemFilter(level=3), ["RF-0001"]),
        (ItemFilter(level=4), ["RF-0001", "THV-0001"]),
        (ItemFilter(kind=ItemKind.ESSAY), ["THV-0001"]),
        (ItemFilter(state=ReviewState.APPROVED), []),
        (ItemFilter(words="ask", state=ReviewState.DRAFT, area="reflection"), ["RF-0001"]),
    ],
)
@pytest.mark.usefixtures("filled")
def test_the_list_is_narrowed(db: Session, wanted: ItemFilter, codes: list[str]) -> None:
    assert sorted(version.item.code for version in find_items(db, wanted, 1).versions) == codes


def test_an_item_is_listed_once_by_its_latest_version(db: Session, bank: Bank, at: datetime) -> None:
    item = bank.item(stem="Old text?").item
    db.flush()
    version = new_version(db, item, by=bank.author_id, at=at)
    draft = replace(complete_draft(stem="New text?"), area="thinking")
    save_draft(db, version, draft, edit_count=0, by=bank.author_id, at=at)
    assert find_items(db, ItemFilter(words="old text"), 1).total == 0
    assert find_items(db, ItemFilter(words="new text"), 1).versions == [version]
    assert count_by_area(db) == {("thinking", ReviewState.DRAFT): 1}


@pytest.mark.parametrize(("asked", "shown", "length"), [(1, 1, PAGE_SIZE), (2, 2, 1), (99, 2, 1), (-5, 1, PAGE_SIZE)])
def test_the_list_has_pages(db: Session, bank: Bank, asked: int, shown: int, length: int) -> None:
    for _ in range(PAGE_SIZE + 1):
        bank.item()
    db.flush()
    page = find_items(db, ItemFilter(), asked)
    assert (page.page, page.pages, page.total, len(page.versions)) == (shown, 2, PAGE_SIZE + 1, length)


@pytest.fixture
def tagged(db: Session, bank: Bank, at: datetime) -> ItemVersion:
    """TF-0001, with every tag; TF-0002 has other ones."""
    version, other = bank.item(), bank.item(term="regulation")
    version.tracks, version.responsibility_codes, version.competency = ["clinical"], ["C"], "TF-01"
    version.cognitive_level = CognitiveLevel.RECALL
    other.tracks, other.responsibility_codes, other.competency = ["policy"], ["CC"], "TF-02"
    other.cognitive_level = CognitiveLevel.ANALYSIS
    db.flush()
    return version


@pytest.mark.parametrize(
    "wanted",
    [
        ItemFilter(term=("theoretical-foundations", "attachment")),
        ItemFilter(track="clinical"),
        ItemFilter(responsibility_code="C"),
        ItemFilter(competency="TF-01"),
        ItemFilter(cognitive_level=CognitiveLevel.RECALL),
    ],
)
def test_the_list_is_narrowed_to_a_tag(db: Session, tagged: ItemVersion, wanted: ItemFilter) -> None:
    assert find_items(db, wanted, 1).versions == [tagged]
    assert all_items(db, wanted) == [tagged]


def test_a_term_of_another_area_is_another_term(db: Session, tagged: ItemVersion) -> None:
    assert find_items(db, ItemFilter(term=("reflection", "attachment")), 1).total == 0


def test_the_list_is_narrowed_to_an_author_and_to_samples(
    db: Session, personas: Personas, bank: Bank, at: datetime
) -> None:
    bank.samples = True
    sample, by = bank.item(), personas.author().id
    other = add_item(db, ItemKind.ESSAY, "RF", complete_essay(), source="x", by=by, at=at)
    assert find_items(db, ItemFilter(author=by), 1).versions == [other.latest]
    assert find_items(db, ItemFilter(sample=True), 1).versions == [sample]
    assert find_items(db, ItemFilter(sample=False), 1).versions == [other.latest]
    assert set(authors(db)) == {by, bank.author_id}


def changed(content: dict[str, Any], place: str) -> dict[str, Any]:
    """The content with its English changed after it was translated."""
    if place in content:
        return {**content, place: "New English"}
    options = [{**option, "text": "New English"} if option["id"] == place else option for option in content["options"]]
    return {**content, "options": options}


@pytest.mark.parametrize("place", ["stem", "a", "d"])
def test_the_list_is_narrowed_by_the_spanish(db: Session, bank: Bank, place: str) -> None:
    english = bank.item()
    bank.spanish = True
    current, old = bank.item(), bank.item()
    old.content = changed(old.content, place)
    db.flush()
    found = {state: set(all_items(db, ItemFilter(spanish=state))) for state in SpanishState}
    assert found == {
        SpanishState.NONE: {english}, SpanishState.WRITTEN: {current, old}, SpanishState.OUTDATED: {old},
    }  # fmt: skip
    content = SingleBestAnswer.model_validate(old.content)
    assert outdated(content.translations["es"], source_texts(content, "")) == [place]


def test_an_item_is_used_when_any_version_stood_on_a_form(db: Session, bank: Bank, at: datetime) -> None:
    framework.load_default(db, at=at)
    used, never = bank.item(), bank.item()
    form = exam_forms.ExamForm(
        title="F", blueprint=blueprint_plans.load_default(db, at=at), policy=exam_policy.load_default(db, at=at),
        seed=1, differs_from=[], created_at=at,
    )  # fmt: skip
    form.entries.append(exam_forms.FormEntry(part="part-one", position=1, item_version=used))
    db.add(form)
    newer = bank.newer(used)
    db.flush()
    assert find_items(db, ItemFilter(used=True), 1).versions == [newer]
    assert find_items(db, ItemFilter(used=False), 1).versions == [never]


def test_lines_and_accepted_answers_are_found_and_a_line_is_out_of_date(
    db: Session, personas: Personas, at: datetime
) -> None:
    by = personas.author().id
    matching, typed = complete_question(ItemKind.MATCHING), complete_question(ItemKind.SHORT_TEXT)
    source = source_texts(content_of(ItemKind.MATCHING, matching.content), "")
    spanish = {"texts": {place: f"ES {text}" for place, text in source.items()}, "of": {**source, "2": "Good mother"}}
    content = {**matching.content, "translations": {"es": spanish}}
    add_item(db, ItemKind.MATCHING, "RF", replace(matching, content=content), source="x", by=by, at=at)
    add_item(db, ItemKind.SHORT_TEXT, "RF", typed, source="x", by=by, at=at)
    assert [v.item.code for v in all_items(db, ItemFilter(words="secure base"))] == ["RF-0001"]
    assert [v.item.code for v in all_items(db, ItemFilter(words="apego"))] == ["RF-0002"]
    assert all_items(db, ItemFilter(words="partial")) == []  # how it is marked is no word of it
    assert [v.item.code for v in all_items(db, ItemFilter(spanish=SpanishState.OUTDATED))] == ["RF-0001"]
