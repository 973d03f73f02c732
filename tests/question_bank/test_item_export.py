"""Items as files: what is written can be imported again and is the same, but for what the format cannot say."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from question_bank.framework import default_framework
from question_bank.interchange import RowStatus, read
from question_bank.interchange.parsed import tags_in
from question_bank.interchange.xml import folded
from question_bank.item_export import ExportFormat, LeftOut, export
from question_bank.item_export.formats import ONE_TEXT, SHEETS
from question_bank.item_import import ImportDefaults, plan_import
from question_bank.item_kinds import QUESTIONS, MarkingRule
from question_bank.item_kinds.matching import pairs_in
from question_bank.item_writing import ItemDraft, make_version
from question_bank.items import Item, ItemKind, ItemVersion
from question_bank.translations import SPANISH
from tests.drafts import CONTENTS, choice_content, complete_draft, complete_essay, complete_question

FRAMEWORK = default_framework()
FORMATS = list(ExportFormat)
CHOICE, ESSAY = ItemKind.SINGLE_BEST_ANSWER, ItemKind.ESSAY


def version(draft: ItemDraft, at: datetime, kind: ItemKind = CHOICE) -> ItemVersion:
    made = make_version(draft, number=1, by=1, at=at)
    made.item = Item(code="RF-0042", kind=kind, source="written here", author_id=1, created_at=at)
    return made


def back(made: ItemVersion, format_: ExportFormat) -> ItemDraft:
    """What comes of an item that is written and read again, without any remark."""
    data = export([made], FRAMEWORK, format_).data
    (row,) = plan_import(set(), read(data, "items"), FRAMEWORK, ImportDefaults()).rows
    assert row.parsed.status is RowStatus.ACCEPTED, row.parsed.reasons
    assert row.draft
    return row.draft


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "terms": ["development", "contemplation"],
            "tracks": [],
            "levels": [4],
            "responsibility_codes": [],
        },
        {"tracks": ["policy", "research_faculty"], "responsibility_codes": ["C", "S"], "cognitive_level": None},
        {"stem": "=1+1, or -2?\nWhich is @right", "options": ["-1", "+1", "=2", "https://example.org"], "key": "d"},
        {"stem": "'=x?\n\nA {b} ~c ::d:: <e> & [html] \\n //f", "options": ["%50%g", "[plain]h", "#i ->", "]]>"]},
        {"competency": None, "area": None, "terms": [], "responsibility_codes": [], "rationale": "", "reference": ""},
    ],
)
def test_a_choice_item_comes_back_as_it_was(format_: ExportFormat, changes: dict[str, Any], at: datetime) -> None:
    draft = complete_draft(**changes)
    found = back(version(draft, at), format_)
    content = {name: found.content[name] for name in ("stem", "options", "key")}
    assert replace(found, content=content) == ItemDraft(**{**vars(draft), "notes": "Name in the file: RF-0042"})


@pytest.mark.parametrize("format_", FORMATS)
def test_a_vignette_comes_back_with_what_the_format_can_say(format_: ExportFormat, at: datetime) -> None:
    draft = complete_essay()
    found = back(version(draft, at, ESSAY), format_)
    assert (found.title, found.area, found.levels, found.tracks) == ("Ana", "reflection", [3, 4], ["clinical"])
    one_text = format_ in (ExportFormat.GIFT, ExportFormat.MOODLE_XML)
    texts = ("", "Ana visits.\n\nWhat do you see?") if one_text else ("Ana visits.", "What do you see?")
    assert (found.content["stimulus"], found.content["prompt"]) == texts
    assert found.content["slot"] == "clinical"
    assert (found.content == draft.content | {"translations": {}}) == (format_ is ExportFormat.JSON)


@pytest.mark.parametrize("format_", [f for f in FORMATS if f not in (ExportFormat.XLSX, ExportFormat.CSV)])
def test_what_looks_like_markup_stays_text_where_a_format_can_say_so(format_: ExportFormat, at: datetime) -> None:
    found = back(version(complete_draft(stem="Which <b>tag</b> is <i>&amp;</i>?"), at), format_)
    assert found.content["stem"] == "Which <b>tag</b> is <i>&amp;</i>?"


def same(kind: ItemKind, found: ItemDraft, content: dict[str, Any]) -> bool:
    return QUESTIONS[kind].model_validate(found.content) == QUESTIONS[kind].model_validate(content)


def by_alphabet(content: dict[str, Any]) -> dict[str, Any]:
    """A content to match with its options in the order that GIFT and Moodle XML leave to the reader."""
    options = sorted(content["options"], key=lambda option: str(option["text"]).casefold())
    id_of = {option["id"]: id_ for id_, option in zip("abcdefgh", options, strict=False)}
    pairs = [f"{line}:{id_of[id_]}" for line, id_ in pairs_in(content["key"]).items()]
    options = [{"id": id_of[option["id"]], "text": option["text"]} for option in options]
    return {**content, "options": options, "key": ",".join(pairs)}


def as_read(kind: ItemKind, content: dict[str, Any], format_: ExportFormat) -> dict[str, Any]:
    return by_alphabet(content) if kind is ItemKind.MATCHING and format_ in ONE_TEXT else content


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        *((ItemKind.MULTIPLE_RESPONSE, {"marking": rule.value}) for rule in MarkingRule),
        (ItemKind.MULTIPLE_RESPONSE, {"key": "a,b,d", "stem": "Which?"}),
        (ItemKind.TRUE_FALSE, {}),
        (ItemKind.TRUE_FALSE, {"key": "b"}),
        (ItemKind.MATCHING, {}),
        (ItemKind.MATCHING, {"marking": "all_or_nothing", "key": "1:a,2:a"}),
        (ItemKind.MATCHING, {"key": "1:c,2:a"}),
        (ItemKind.SHORT_TEXT, {}),
        (ItemKind.SHORT_TEXT, {"accepted": [{"text": "5 * x = 3"}, {"text": "100 %"}, {"text": "T"}]}),
    ],
)
def test_every_kind_comes_back_as_it_was(
    format_: ExportFormat, kind: ItemKind, changes: dict[str, Any], at: datetime
) -> None:
    draft = replace(complete_question(kind), content={**CONTENTS[kind], **changes})
    found = back(version(draft, at, kind), format_)
    assert same(kind, found, as_read(kind, draft.content, format_))
    assert (found.rationale, found.reference, found.levels) == (draft.rationale, draft.reference, draft.levels)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("kind", [ItemKind.MATCHING, ItemKind.SHORT_TEXT])
@settings(max_examples=15)
@given(
    texts=st.lists(
        st.from_regex(r"[a-z{}~=#:%\\\\*\[\]/\"',;]{1,8}[a-z]", fullmatch=True), min_size=5, max_size=8, unique=True
    )
)
def test_any_line_and_any_answer_comes_back(
    format_: ExportFormat, kind: ItemKind, texts: list[str], at: datetime
) -> None:
    lines, options = texts[:2], texts[2:]
    content = {
        ItemKind.MATCHING: {
            "stem": "Match.",
            "premises": [{"id": id_, "text": text} for id_, text in zip("12", lines, strict=True)],
            "options": [{"id": id_, "text": text} for id_, text in zip("abcdef", options, strict=False)],
            "key": "1:a,2:b",
            "marking": "partial",
        },
        ItemKind.SHORT_TEXT: {"stem": "Say it.", "accepted": [{"text": text} for text in texts]},
    }[kind]
    assume(not QUESTIONS[kind].model_validate(content).problems())
    draft = replace(complete_question(kind), content=content)
    assert same(kind, back(version(draft, at, kind), format_), as_read(kind, content, format_))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_vignette_before_a_question_stays_apart_where_a_format_can(format_: ExportFormat, at: datetime) -> None:
    content = {"stimulus": "Ana visits.", **CONTENTS[ItemKind.TRUE_FALSE]}
    found = back(version(ItemDraft(content=content), at, ItemKind.TRUE_FALSE), format_).content
    if format_ in (ExportFormat.GIFT, ExportFormat.MOODLE_XML):
        assert found["stem"] == f"Ana visits.\n\n{content['stem']}"
    else:
        assert (found["stimulus"], found["stem"]) == ("Ana visits.", content["stem"])


@pytest.mark.parametrize("format_", [ExportFormat.GIFT, ExportFormat.XLSX, ExportFormat.CSV])
def test_a_line_with_an_arrow_is_left_out_by_its_code(format_: ExportFormat, at: datetime) -> None:
    content = CONTENTS[ItemKind.MATCHING]
    lines = [{"id": "1", "text": "a -> b"}, {"id": "2", "text": "c"}]
    made = version(ItemDraft(content={**content, "premises": lines}), at, ItemKind.MATCHING)
    assert export([made], FRAMEWORK, format_).left_out.beyond == ["RF-0042"]
    assert back(made, ExportFormat.QTI_30).content["premises"] == lines


@pytest.mark.parametrize(
    ("kind", "marking", "format_", "word"),
    [
        (ItemKind.MULTIPLE_RESPONSE, "partial", ExportFormat.QTI_21, "chooses all"),
        (ItemKind.MULTIPLE_RESPONSE, "all_or_nothing", ExportFormat.GIFT, "several keys"),
        (ItemKind.MATCHING, "all_or_nothing", ExportFormat.MOODLE_XML, "Matching items"),
    ],
)
def test_another_way_of_marking_is_said(
    kind: ItemKind, marking: str, format_: ExportFormat, word: str, at: datetime
) -> None:
    made = version(ItemDraft(content={**CONTENTS[kind], "marking": marking}), at, kind)
    (sentence,) = export([made], FRAMEWORK, format_).left_out.lost
    assert word in sentence
    assert export([made], FRAMEWORK, ExportFormat.XLSX).left_out.lost == []


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
LINE = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
PARAGRAPHS = st.lists(st.lists(LINE, min_size=1, max_size=2).map("\n".join), min_size=1, max_size=2).map("\n\n".join)


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=25)
@given(stem=PARAGRAPHS, options=st.lists(PARAGRAPHS, min_size=2, max_size=8), why=PARAGRAPHS, data=st.data())
def test_any_text_comes_back(
    format_: ExportFormat, stem: str, options: list[str], why: str, data: st.DataObject, at: datetime
) -> None:
    # In sheets what looks like a tag of HTML is formatting.
    assume(format_ not in SHEETS or not any(map(tags_in, [stem, *options, why])))
    key = data.draw(st.sampled_from("abcdefgh"[: len(options)]))
    draft = complete_draft(stem=stem, options=options, key=key, rationale=why)
    found = back(version(draft, at), format_)
    assert found.content["stem"] == stem
    assert [option["text"] for option in found.content["options"]] == options
    assert (found.content["key"], found.rationale, found.reference) == (key, why, draft.reference)


def test_what_a_format_cannot_say_is_said(at: datetime) -> None:
    spanish = {"translations": {SPANISH: {"texts": {"stem": "¿Qué?"}, "of": {"stem": "Q?"}}}}
    versions = [
        version(complete_draft(notes="Ask Ana"), at),
        version(ItemDraft({**choice_content(), **spanish}), at),
        version(complete_essay(), at, ESSAY),
        version(ItemDraft(content=choice_content(stem="")), at),
    ]
    versions[-1].item.code = "RF-0043"
    made = export(versions, FRAMEWORK, ExportFormat.GIFT).left_out
    assert made.unfinished == ["RF-0043"]
    assert made.lost == [
        "Rubrics are not in it.", "The Spanish texts are not in it.", "Notes of authors are not in it.",
        "Vignette and prompt are one text in it.",
    ]  # fmt: skip
    everything = export(versions, FRAMEWORK, ExportFormat.JSON)
    assert everything.left_out == LeftOut([], [], [])
    assert "¿Qué?" in everything.data.decode()


@pytest.mark.parametrize("format_", [ExportFormat.QTI_21, ExportFormat.QTI_30])
def test_a_package_is_well_formed_and_its_manifest_names_every_file(format_: ExportFormat, at: datetime) -> None:
    data = export([version(complete_draft(), at)], FRAMEWORK, format_).data
    with ZipFile(BytesIO(data)) as archive:
        roots = {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}
    named = set(roots["imsmanifest.xml"].xpath("//*[local-name() = 'resource']/@href"))
    assert named == {"items/RF-0042.xml"}
    assert export([version(complete_draft(), at)], FRAMEWORK, format_).data == data


def translated(kind: ItemKind) -> dict[str, Any]:
    """A content of this kind with all of its texts in Spanish, before it a vignette."""
    content = QUESTIONS[kind].model_validate({**CONTENTS[kind], "stimulus": "Ana visits."})
    source = content.texts()
    texts = {place: f"{text} (es)" for place, text in source.items()}
    return {**content.model_dump(mode="json"), "translations": {SPANISH: {"texts": texts, "of": source}}}


@pytest.mark.parametrize("format_", [ExportFormat.XLSX, ExportFormat.CSV])
@pytest.mark.parametrize("kind", list(QUESTIONS))
def test_spanish_and_vignette_of_every_kind_come_back_in_sheets(
    format_: ExportFormat, kind: ItemKind, at: datetime
) -> None:
    made = version(replace(complete_question(kind), content=translated(kind)), at, kind)
    assert same(kind, back(made, format_), made.content)
    assert export([made], FRAMEWORK, format_).left_out.lost == []
    assert "Spanish" in export([made], FRAMEWORK, ExportFormat.QTI_30).left_out.lost[0]


@pytest.mark.parametrize("format_", [ExportFormat.XLSX, ExportFormat.CSV])
def test_the_spanish_of_a_vignette_with_its_title_comes_back_in_sheets(format_: ExportFormat, at: datetime) -> None:
    source = {"title": "Ana", "stimulus": "Ana visits.", "prompt": "What do you see?"}
    spanish = {"texts": {"title": "Ana", "stimulus": "Ana visita.", "prompt": "¿Qué ve?"}, "of": source}
    draft = complete_essay()
    found = back(
        version(replace(draft, content={**draft.content, "translations": {SPANISH: spanish}}), at, ESSAY), format_
    )
    assert found.content["translations"][SPANISH] == spanish


def test_that_a_sheet_does_not_say_what_is_out_of_date_is_said(at: datetime) -> None:
    content = translated(CHOICE)
    made = version(ItemDraft(content={**content, "stem": "Another?"}), at)
    assert export([made], FRAMEWORK, ExportFormat.CSV).left_out.lost == [
        "Which Spanish texts are out of date is not in it."
    ]


def set_of_two(at: datetime, kind: ItemKind = CHOICE) -> list[ItemVersion]:
    draft, place = (complete_essay(), "prompt") if kind is ESSAY else (ItemDraft(content=choice_content()), "stem")
    content = {**draft.content, "stimulus": "Ana visits."}
    made = [version(replace(draft, content={**content, place: asked}), at, kind) for asked in ("Q?", "R?")]
    for number, one in enumerate(made):
        one.item.code, one.item.set_code = f"RF-000{number}", "RF-0000"
    return made


@pytest.mark.parametrize("format_", [f for f in FORMATS if f not in (ExportFormat.GIFT, ExportFormat.MOODLE_XML)])
@pytest.mark.parametrize("kind", [CHOICE, ESSAY])
def test_a_vignette_set_comes_back_as_one(format_: ExportFormat, kind: ItemKind, at: datetime) -> None:
    items = read(export(set_of_two(at, kind), FRAMEWORK, format_).data, "items").items
    assert {item.kind for item in items} == {kind}
    assert [(item.stimulus, item.stem) for item in items] == [("Ana visits.", "Q?"), ("Ana visits.", "R?")]
    assert len({item.tags["vignette_set"] for item in items}) == 1


@pytest.mark.parametrize("format_", [ExportFormat.GIFT, ExportFormat.MOODLE_XML])
def test_where_vignette_and_question_are_one_text_the_set_is_said_to_be_lost(
    format_: ExportFormat, at: datetime
) -> None:
    made = export(set_of_two(at), FRAMEWORK, format_)
    assert made.left_out.lost == [
        "Which items belong to one vignette set is not in it.", "Vignette and question are one text in it.",
    ]  # fmt: skip
    assert read(made.data, "items").items[0].stem == "Ana visits.\n\nQ?"


def test_enemies_come_back_in_json(at: datetime) -> None:
    made = set_of_two(at)
    data = export(
        made, FRAMEWORK, ExportFormat.JSON, enemies={frozenset(("RF-0000", "RF-0001")): "Gives it away."}
    ).data
    assert [item.enemies for item in read(data, "items").items] == [
        {"RF-0001": "Gives it away."}, {"RF-0000": "Gives it away."},
    ]  # fmt: skip


# The children of an item in the order that both versions of QTI prescribe.
IN_ORDER = (
    "responsedeclaration", "outcomedeclaration", "assessmentstimulusref", "itembody", "responseprocessing",
    "modalfeedback",
)  # fmt: skip


@pytest.mark.parametrize("format_", [ExportFormat.QTI_21, ExportFormat.QTI_30])
@pytest.mark.parametrize("kind", list(ItemKind))
def test_an_item_of_qti_is_built_as_the_specification_says(format_: ExportFormat, kind: ItemKind, at: datetime) -> None:
    draft = complete_essay() if kind is ESSAY else replace(complete_question(kind), content=translated(kind))
    made = version(draft, at, kind)
    made.item.set_code = "RF-0042"
    with ZipFile(BytesIO(export([made], FRAMEWORK, format_).data)) as archive:
        root = etree.fromstring(archive.read("items/RF-0042.xml"))
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
        files = set(archive.namelist())
    order = [IN_ORDER.index(folded(child)) for child in root]
    assert order == sorted(order)
    (declared,) = root.xpath("*[1]/@identifier")
    assert root.xpath("//@responseIdentifier | //@response-identifier") == [declared]
    ids = root.xpath("//@identifier")
    keys = [value.text or "" for value in root[0].iter() if folded(value) == "value"]
    assert kind in (ItemKind.SHORT_TEXT, ESSAY) or {part for key in keys for part in key.split()} <= set(ids)
    assert {"imsmanifest.xml", *manifest.xpath("//*[local-name() = 'file']/@href")} == files
    assert set(manifest.xpath("//@identifierref")) <= set(manifest.xpath("//@identifier"))
