"""Searching the words of items."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from question_bank.full_text import READ, Words, asked, first_found, marked
from question_bank.item_search import ItemFilter, find_items
from question_bank.item_writing import add_item
from question_bank.items import Item, ItemKind, ItemVersion
from tests.bank import Bank
from tests.drafts import complete_draft, complete_essay
from tests.personas import Personas


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", Words((), open_ended=False)),
        ("Baby cri", Words((("baby",), ("cri",)), open_ended=True)),
        ('"the baby" cries', Words((("the", "baby"), ("cries",)), open_ended=True)),
        ("ask “the baby”", Words((("ask",), ("the", "baby")), open_ended=False)),
        ('"the baby cri', Words((("the", "baby", "cri"),), open_ended=True)),
        ("TF-0042", Words((("tf", "0042"),), open_ended=True)),
        ("Niña ÁRBOL", Words((("nina",), ("arbol",)), open_ended=True)),
        ("NOT (a* OR b):^2", Words((("not",), ("a",), ("or",), ("b", "2")), open_ended=True)),
        ("'; --", Words((), open_ended=True)),
        ("x" * 2 * READ, Words((("x" * READ,),), open_ended=True)),
    ],
)
def test_what_is_typed_becomes_words_and_phrases(typed: str, words: Words) -> None:
    assert asked(typed) == words


def codes(db: Session, words: str) -> list[str]:
    return [version.item.code for version in find_items(db, ItemFilter(words=words), 1).versions]


@pytest.fixture
def filled(db: Session, personas: Personas, at: datetime) -> list[Item]:
    by = personas.author().id
    choice = complete_draft(notes="For the committee", reference="Winnicott, D. (1971)")
    choice.content["translations"] = {"es": {"texts": {"stem": "¿Qué pregunta?"}, "of": {"stem": "An older wording"}}}
    made = [(ItemKind.SINGLE_BEST_ANSWER, "RF", choice), (ItemKind.ESSAY, "RF", complete_essay(area="reflection"))]
    return [add_item(db, kind, prefix, draft, source="x", by=by, at=at) for kind, prefix, draft in made]


@pytest.mark.parametrize(
    "words",
    [
        "rf-0001",
        "every visit",
        "sleeps",
        "curiosity advice",
        "WINNICOTT",
        "committee",
        "que pregunta",
        "pregúnta",
        "spec",
    ],
)
def test_an_item_is_found_by_every_text_of_it(db: Session, filled: list[Item], words: str) -> None:
    assert codes(db, words) == ["RF-0001"]


@pytest.mark.parametrize("words", ["Ana visits", "what do you see", "insight", "rfv"])
def test_a_vignette_is_found_by_story_prompt_and_rubric(db: Session, filled: list[Item], words: str) -> None:
    assert codes(db, words) == ["RFV-0001"]


@pytest.mark.parametrize("words", ['"visit every"', '"spec"', "leeps", "older wording", "visit ana", "' --", '""'])
def test_what_does_not_stand_there_is_not_found(db: Session, filled: list[Item], words: str) -> None:
    assert codes(db, words) == []


def test_what_asks_for_it_comes_before_what_only_mentions_it(db: Session, bank: Bank) -> None:
    mentions, asks = bank.item(stem="What helps a father first?"), bank.item(stem="What is regulation?")
    mentions.rationale = "Regulation."
    db.flush()
    assert codes(db, "regulation") == [asks.item.code, mentions.item.code]


def test_the_database_keeps_the_words_whoever_writes(db: Session, filled: list[Item], at: datetime) -> None:
    db.execute(update(ItemVersion).where(ItemVersion.title == "Ana").values(title="Beatriz"))
    assert codes(db, "beatriz") == ["RFV-0001"]
    db.execute(update(ItemVersion).values(updated_at=at))
    assert codes(db, "beatriz") == ["RFV-0001"]
    db.delete(filled[1])
    db.flush()
    assert codes(db, "beatriz") == []


@settings(max_examples=60)
@given(words=st.text(st.sampled_from("ab\"'*:^()&|!<->-%_\\~ñ ORNT\u0301\u00df"), max_size=40) | st.text(max_size=60))
def test_nothing_that_is_typed_is_a_mistake(db: Session, words: str) -> None:
    find_items(db, ItemFilter(words=words.replace("\x00", "")), 1)
    assert "".join(piece for piece, _hit in marked("A mother asks", asked(words))) == "A mother asks"


def test_a_very_long_text_is_stored_and_found(db: Session, bank: Bank) -> None:
    bank.item(stem=" ".join(f"w{number}" for number in range(3_500)))
    db.flush()
    assert codes(db, "w3499") == ["TF-0001"]
    assert codes(db, "x " * 5_000) == []


def test_words_are_marked_with_their_accents() -> None:
    assert list(marked("La niña y el niño", asked("nina ni"))) == [
        ("La ", False), ("niña", True), (" y el ", False), ("niño", True), ("", False),
    ]  # fmt: skip


def test_the_place_of_a_word_is_shown_with_what_surrounds_it(db: Session, bank: Bank) -> None:
    version = bank.item()
    version.rationale = "Long. " * 40 + "Then curiosity, as ever. " + "Long. " * 40
    db.flush()
    place, text = first_found(version, asked("curiosity")) or ("", "")
    assert place == "rationale"
    assert "Then curiosity, as ever." in text
    assert len(text) < 160
    assert first_found(version, asked("nowhere")) is None
