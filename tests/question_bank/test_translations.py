"""A translation beside its source: whole or not, and true as long as the English stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.item_kinds import SingleBestAnswer, Translation
from question_bank.translations import missing, outdated, source_texts, spanish_texts, translate
from tests.drafts import choice_content

ENGLISH = {"stem": "What helps?", "a": "Asking", "b": "Waiting"}
SPANISH = {"stem": "¿Qué ayuda?", "a": "Preguntar", "b": "Esperar"}

words = st.text("ab ", max_size=3)
sources = st.fixed_dictionaries({"stem": words, "a": words, "b": words})
texts = st.fixed_dictionaries({"stem": st.just("¿?"), "a": st.just("sí"), "b": st.just("no")})


def made(source: dict[str, str] = ENGLISH, typed: dict[str, str] = SPANISH, **given: Any) -> Translation:
    translation = translate(source, typed, **given)
    assert translation
    return translation


def test_nothing_written_is_no_translation() -> None:
    assert translate(ENGLISH, {"stem": "", "a": "", "b": ""}) is None


def test_a_new_translation_is_of_the_english_beside_it() -> None:
    assert made().of == ENGLISH
    assert outdated(made(), ENGLISH) == []


@given(sources, sources, texts)
def test_a_translation_is_out_of_date_exactly_where_the_english_has_changed(
    before: dict[str, str], after: dict[str, str], spanish: dict[str, str]
) -> None:
    kept = made(after, spanish, before=made(before, spanish))
    assert outdated(kept, after) == [place for place in after if before[place] != after[place]]
    assert outdated(made(after, spanish, before=kept, says_the_same=True), after) == []
    assert outdated(made(before, spanish, before=kept), before) == []  # the English is what it was again


def test_only_what_was_translated_again_is_of_the_new_english() -> None:
    after = ENGLISH | {"stem": "What helps most?", "a": "Asking first"}
    kept = made(after, SPANISH | {"stem": "¿Qué ayuda más?"}, before=made())
    assert outdated(kept, after) == ["a"]
    assert kept.of["a"] == "Asking"


def test_half_a_translation_says_where_it_ends() -> None:
    half = made(typed=SPANISH | {"b": " "})
    assert missing(half, ENGLISH) == ["b"]
    assert missing(made(), ENGLISH | {"c": "Leaving"}) == ["c"]


@pytest.mark.parametrize(
    ("stem", "spanish", "given"),
    [
        ("What helps?", SPANISH, True),
        ("What helps most?", SPANISH, False),  # the English has changed
        ("What helps?", SPANISH | {"b": ""}, False),  # half of it
        ("What helps?", {}, False),
    ],
)
def test_candidates_are_given_only_what_is_whole_and_true(stem: str, spanish: dict[str, str], given: bool) -> None:
    content = choice_content(stem, ("Asking", "Waiting"))
    if spanish:
        content["translations"] = {"es": made(typed=spanish).model_dump()}
    assert spanish_texts(SingleBestAnswer.model_validate(content), "") == (SPANISH if given else None)


def test_what_is_translated_is_what_candidates_read() -> None:
    assert source_texts(SingleBestAnswer.model_validate(choice_content("Why?", ("One", "Two"))), "A title") == {
        "stem": "Why?",
        "a": "One",
        "b": "Two",
    }
