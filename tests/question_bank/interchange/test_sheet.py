"""Sheets: columns by many names, keys by letter, number or text."""

import time

import pytest

from question_bank.interchange import ParsedItem, RowStatus, read
from question_bank.interchange.columns import columns_of, guessed, headings_of, twice_chosen
from question_bank.interchange.contents import content_of
from question_bank.interchange.sheet import read_csv
from question_bank.items import ItemKind

ACCEPTED, CHANGED, REFUSED = RowStatus


def one(text: str) -> ParsedItem:
    (item,) = read_csv(text)
    return item


def right(item: ParsedItem) -> list[str]:
    return [text for text, fraction in item.options if fraction == 100]


@pytest.mark.parametrize(
    "text",
    [
        "stem,a,b,c,answer\nQ?,x,y,z,B",
        "Question;Option 1;Option 2;Option 3;Correct answer\nQ?;x;y;z;2",
        "Item\tAnswer A\tAnswer B\tAnswer C\tKey\nQ?\tx\ty\tz\t(b)",
        "Question text|Choice a|Choice b|Choice c|Correct option\nQ?|x|y|z|Option B",
        'PROMPT,opt1,opt2,opt3,"Right Answer"\n"Q?",x,y,z,"Y"',
    ],
)
def test_columns_and_keys_are_understood(text: str) -> None:
    item = one(text)
    assert (item.status, item.stem, item.line) == (ACCEPTED, "Q?", 2)
    assert ([option for option, _ in item.options], right(item)) == (["x", "y", "z"], ["y"])


def test_tags_are_kept_and_other_columns_become_notes() -> None:
    item = one(
        "Chapter,Section,stem,a,b,key,Area,Term,Level,Rationale,Source,\n1,Sleep,Q?,x,y,a,RF,curiosity,3;4,Why,Book,!"
    )
    assert item.tags == {
        "area": "RF", "term": "curiosity", "levels": "3;4", "rationale": "Why", "reference": "Book",
        "note": "Chapter: 1\nSection: Sleep\nColumn 12: !",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "tag"),
    [
        ("Track", "tracks"),
        ("TRACKS", "tracks"),
        ("Responsibility code", "responsibility_codes"),
        ("responsibility_codes", "responsibility_codes"),
        ("Codes", "responsibility_codes"),
        ("Competency", "competency"),
        ("Behaviour", "competency"),
        ("Cognitive Level", "cognitive_level"),
        ("Bloom's level", "cognitive_level"),
    ],
)
def test_columns_of_the_framework_are_known_by_their_names_wherever_they_stand(heading: str, tag: str) -> None:
    assert one(f"{heading},key,b,a,stem\nthis,a,y,x,Q?").tags == {tag: "this"}


def test_a_key_of_the_same_words_as_a_label_is_not_guessed() -> None:
    assert one("stem,a,b,c,key\nHow many?,2,1,3,1").reasons == ("Its key can be read as two different options.",)
    assert right(one("stem,a,b,c,key\nHow many?,10,20,30,20")) == ["20"]


def test_an_empty_option_before_others_is_left_out() -> None:
    item = one("stem,a,b,c,d,key\nQ?,x,,y,z,c")
    assert (item.status, right(item), len(item.options)) == (CHANGED, ["y"], 3)
    assert one("stem,a,b,c,d,key\nQ?,x,y,z,,c").status is ACCEPTED


def test_an_essay_is_told_by_its_kind_or_by_a_sheet_without_options() -> None:
    essays = [one("stem,a,b,key,type\nWhat do you see?,,,,Essay"), one("prompt,area\nWhat do you see?,Reflection")]
    assert [(essay.kind, essay.status) for essay in essays] == [(ItemKind.ESSAY, ACCEPTED)] * 2


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("Q?,x,y,z,", "no key"),
        ("Q?,x,y,z,d", "no option"),
        ("Q?,x,y,z,maybe", "no option"),
        (",x,y,z,a", "no text"),
        ("Q?,x,,,a", "two options"),
        ("Q?,,,,", "no key"),
        ("Q?,x,y,z,a,b", "more cells"),
    ],
)
def test_an_unusable_row_is_refused_with_the_reason(row: str, word: str) -> None:
    item = one(f"stem,a,b,c,key\n{row}")
    assert item.status is REFUSED
    assert word in str(item.reasons[0])


def test_rows_are_counted_by_lines_and_empty_ones_skipped() -> None:
    items = read_csv('stem,a,b,key\n"Two\nlines?",x,y,a\n,,,\nQ?,x,y,b\n')
    assert [(item.line, item.stem) for item in items] == [(2, "Two\nlines?"), (5, "Q?")]


@pytest.mark.parametrize(
    "header",
    ["Pregunta,Opción A,Opción B,Clave,Nivel,Vía", "ENUNCIADO,respuesta a,Respuesta B,Respuesta correcta,niveles,vias"],
)
def test_headings_in_spanish_are_known(header: str) -> None:
    item = one(f"{header}\n¿Q?,x,y,B,4,Clínica")
    assert (item.status, item.stem, right(item)) == (ACCEPTED, "¿Q?", ["y"])
    assert item.tags == {"levels": "4", "tracks": "Clínica"}


def test_columns_in_spanish_translate_the_texts_beside_them() -> None:
    item = one(
        'question,a,b,c,answer,vignette,question (es),a (es),"Option C [ES]",vignette (es)\nQ?,x,,z,C,V,¿Q?,X,Z,La V'
    )
    assert item.spanish == {"stem": "¿Q?", "a": "X", "b": "Z", "stimulus": "La V"}  # the empty option is left out
    content = content_of(item)
    assert content["translations"]["es"]["of"] == {"stimulus": "V", "stem": "Q?", "a": "x", "b": "z"}
    assert content["stimulus"] == "V"


def test_chosen_columns_are_what_they_were_chosen_to_be() -> None:
    text = "Texto libre,Uno,Dos,Ok,Interno\nQ?,x,y,b,geheim\n"
    chosen = {"Texto libre": "stem", "Uno": "option a", "Dos": "option b", "Ok": "key", "Interno": "leave out"}
    (item,) = read_csv(text, chosen)
    assert (item.status, item.stem, right(item), item.tags) == (ACCEPTED, "Q?", ["y"], {})


def test_what_is_chosen_goes_before_what_a_heading_says() -> None:
    columns = columns_of(["text", "question", "a", "answer"], {"question": "stem", "text": "note"})
    assert (columns.places["stem"], columns.notes) == (1, {0: "text"})


VOCABULARY = {"area": {"reflection", "rf"}, "levels": {"3", "4", "34"}, "tracks": {"clinical", "policy"}}


def test_columns_without_a_known_heading_are_guessed_by_their_values() -> None:
    header = ["#", "Reaktion", "W1", "W2", "L", "Wo", "Stufe", "Quelle"]
    rows = [
        ["1", "What now?", "x y", "z", "B", "Reflection", "3", "p. 4"],
        ["2", "And then?", "u", "v", "a", "RF", "4", ""],
    ]
    assert guessed(header, rows, VOCABULARY) == {
        "#": "note", "Reaktion": "stem", "W1": "option a", "W2": "option b", "L": "key", "Wo": "area",
        "Stufe": "levels", "Quelle": "note",
    }  # fmt: skip


def test_a_column_of_numbers_is_the_key_where_no_letters_are_and_it_stands_after_the_question() -> None:
    rows = [
        ["1", "What now?", "x y", "z", "2", "B"],
        ["1", "And?", "u", "v", "1", "A"],
        ["1", "So?", "u", "v", "1", ""],
    ]
    assert guessed(["Nr", "Frage", "W1", "W2", "Zahl", "Wort"], rows, VOCABULARY)["Wort"] == "key"
    without = guessed(["Nr", "Frage", "W1", "W2", "Zahl"], rows, VOCABULARY)
    assert (without["Nr"], without["W1"], without["Zahl"]) == ("note", "option a", "key")


def test_the_same_heading_twice_has_two_names_and_one_role_is_given_once() -> None:
    assert headings_of(["text", "", "text"]) == ["text", "Column 2", "text (3)"]
    assert twice_chosen(["x", "y", "z"], {"x": "stem", "y": "stem", "z": "note"}) == {"stem"}
    assert not twice_chosen(["x", "y"], {"x": "note", "y": "note"})


def test_a_file_named_as_a_sheet_is_one_although_no_heading_is_known() -> None:
    reading = read(
        b"Frage;W1;W2;L\nQ?;x;y;b\nR?;x;y;a\n",
        "bank.csv",
        columns={"Frage": "stem", "W1": "option a", "W2": "option b", "L": "key"},
    )
    assert [item.status for item in reading.items] == [ACCEPTED, ACCEPTED]


def test_time_grows_with_the_length_of_a_heading_only() -> None:
    start = time.perf_counter()
    columns_of(["x(" * 50_000, "x " * 50_000, "stem" + " " * 50_000 + "(es"])
    assert time.perf_counter() - start < 2


def test_in_a_sheet_with_codes_and_types_a_letter_is_a_key() -> None:
    item = one("code,question,a,b,c,answer,type\nRF-1,Q?,b,a,c,b,multiple choice")
    assert (item.status, right(item)) == (ACCEPTED, ["a"])
    assert one("question,a,b,c,answer\nQ?,b,a,c,b").status is REFUSED


@pytest.mark.parametrize(
    ("key", "options", "letters"),
    [("1 C, 2 A", ["y", "spare", "x"], "1:c,2:a"), ("", ["spare", "x", "y"], "1:b,2:c"), ("1 C", [], "1:b,2:c")],
)
def test_a_key_says_in_which_order_the_options_to_match_stand(key: str, options: list[str], letters: str) -> None:
    content = content_of(one(f'question,a,b,c,answer,type,c (es)\nQ?,k -> x,l -> y,-> spare,"{key}",matching,-> libre'))
    assert [option["text"] for option in content["options"]] == (options or ["spare", "x", "y"])
    assert content["key"] == letters
    (place,) = [option["id"] for option in content["options"] if option["text"] == "spare"]
    assert content["translations"]["es"]["texts"][place] == "libre"
