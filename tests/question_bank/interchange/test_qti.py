"""Items and packages of QTI 2 and 3."""

import time
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from question_bank.errors import RuleViolation
from question_bank.interchange import FileFormat, ParsedItem, RowStatus, qti_package, read
from question_bank.interchange.contents import content_of
from question_bank.interchange.parsed import FULL_MARK, NO_MARK, ForeignKind
from question_bank.interchange.xml import tree
from question_bank.item_kinds import MarkingRule
from question_bank.items import ItemKind

V2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'
V3 = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
CHOICES = '<simpleChoice identifier="A">Tell</simpleChoice><simpleChoice identifier="B">Ask</simpleChoice>'
KEY_B = "<correctResponse><value>B</value></correctResponse>"
KEYS = KEY_B.replace("</c", "<value>A</value></c")
OPTIONS = [("Tell", NO_MARK), ("Ask", FULL_MARK)]


def choice(
    *, key: str = KEY_B, choices: str = CHOICES, before: str = "", cardinality: str = "single", after: str = ""
) -> str:
    return f"""<assessmentItem {V2} identifier="i1" title="First">
      <responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">{key}</responseDeclaration>
      <itemBody>{before}<choiceInteraction responseIdentifier="R" maxChoices="1">
        <prompt>What comes\n first?</prompt>{choices}</choiceInteraction></itemBody>{after}</assessmentItem>"""


THIRD = f"""<qti-assessment-item {V3} identifier="i1" title="First">
  <qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>
  <qti-assessment-stimulus-ref identifier="s" href="../shared/s.xml"/>
  <qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1">
    <qti-prompt>What comes first?</qti-prompt>
    <qti-simple-choice identifier="A">Tell</qti-simple-choice><qti-simple-choice identifier="B">Ask</qti-simple-choice>
  </qti-choice-interaction></qti-item-body></qti-assessment-item>"""
STIMULUS = (
    f"<qti-assessment-stimulus {V3}><qti-stimulus-body><p>Ana visits.</p></qti-stimulus-body></qti-assessment-stimulus>"
)


def interaction(xml: str, base_type: str = "string") -> str:
    return (
        f'<assessmentItem {V2} identifier="i"><responseDeclaration identifier="R" cardinality="single" '
        f'baseType="{base_type}"/><itemBody><p>Q?</p>{xml}</itemBody></assessmentItem>'
    )


def one(xml: str) -> ParsedItem:
    (item,) = read(xml.encode(), "item.xml", FileFormat.QTI).items
    return item


def package(resources: str, files: dict[str, str], metadata: str = "") -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("imsmanifest.xml", f"<manifest>{metadata}<resources>{resources}</resources></manifest>")
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_choice_item_of_version_2_is_read() -> None:
    reading = read(choice().encode(), "item.xml")
    (item,) = reading.items
    assert (reading.format, item.status, item.title) == (FileFormat.QTI, RowStatus.ACCEPTED, "First")
    assert (item.stem, item.options) == ("What comes first?", OPTIONS)


def test_an_item_of_version_3_takes_its_shared_text_from_the_package() -> None:
    resources = '<resource identifier="r" type="imsqti_item_xmlv3p0" href="items/a%20b.xml"/>'
    data = package(resources, {"items/a b.xml": THIRD, "shared/s.xml": STIMULUS})
    (item,) = read(data, "package.zip").items
    assert (item.status, item.place) == (RowStatus.ACCEPTED, "items/a b.xml")
    assert (item.stimulus, item.stem, item.options) == ("Ana visits.", "What comes first?", OPTIONS)


def test_the_key_may_stand_in_a_mapping() -> None:
    entries = '<mapEntry mapKey="A" mappedValue="0.5"/><mapEntry mapKey="B" mappedValue="1"/>'
    item = one(choice(key=f"<mapping>{entries}</mapping>"))
    assert (item.status, item.options) == (RowStatus.CHANGED, OPTIONS)


WEIGHTS = (
    '<mapping defaultValue="-0.5"><mapEntry mapKey="A" mappedValue="0.5"/><mapEntry mapKey="B" mappedValue="0.5"/>'
    "</mapping>"
)
THREE = CHOICES + '<simpleChoice identifier="C">Wait</simpleChoice>'


@pytest.mark.parametrize(
    ("key", "marking", "fractions"),
    [
        (KEYS, MarkingRule.ALL_OR_NOTHING, [50, 50, 0]),
        (KEYS + WEIGHTS, MarkingRule.PARTIAL_WITH_PENALTY, [50, 50, -50]),
        (KEYS + WEIGHTS.replace("-0.5", "0"), MarkingRule.PARTIAL, [50, 50, 0]),
    ],
)
def test_several_keys_are_marked_as_the_mapping_says(key: str, marking: MarkingRule, fractions: list[int]) -> None:
    item = one(choice(cardinality="multiple", key=key, choices=THREE))
    assert (item.kind, item.marking) == (ItemKind.MULTIPLE_RESPONSE, marking)
    assert [int(fraction) for _text, fraction in item.options] == fractions


def test_a_choice_between_true_and_false_is_a_statement() -> None:
    item = one(choice(choices=CHOICES.replace("Tell", "false").replace("Ask", "True.")))
    assert (item.kind, item.options) == (ItemKind.TRUE_FALSE, [("True", FULL_MARK), ("False", NO_MARK)])


def matching(keys: list[str]) -> str:
    values = "".join(f"<value>{key}</value>" for key in keys)
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{id_}">{id_}!</simpleAssociableChoice>' for id_ in ids)
        + "</simpleMatchSet>"
        for ids in (("L1", "L2"), ("A", "B", "C"))
    )
    return (
        f'<assessmentItem {V2} identifier="i"><responseDeclaration identifier="R" cardinality="multiple" '
        f'baseType="directedPair"><correctResponse>{values}</correctResponse></responseDeclaration><itemBody>'
        f'<matchInteraction responseIdentifier="R"><prompt>Match.</prompt>{sets}</matchInteraction></itemBody>'
        "</assessmentItem>"
    )


@pytest.mark.parametrize(
    ("keys", "pairs"),
    [
        (["L1 A", "L2 A"], [("L1!", "A!"), ("L2!", "A!"), ("", "B!"), ("", "C!")]),
        (["L1 A", "L1 B", "L2 C"], [("A!", "L1!"), ("B!", "L1!"), ("C!", "L2!")]),
    ],
)
def test_a_match_is_read_from_the_side_where_each_goes_with_one(keys: list[str], pairs: list[tuple[str, str]]) -> None:
    item = one(matching(keys))
    assert (item.kind, item.pairs) == (ItemKind.MATCHING, pairs)
    assert one(matching([*keys, "L2 B"])).foreign is ForeignKind.MATCHING


def test_the_options_of_a_match_stand_in_the_order_of_the_file() -> None:
    content = content_of(one(matching(["L1 C", "L2 A"])))
    assert [option["text"] for option in content["options"]] == ["A!", "B!", "C!"]
    assert content["key"] == "1:c,2:a"


def test_a_match_with_a_line_that_is_only_a_picture_is_refused() -> None:
    item = one(matching(["L1 A", "L2 B"]).replace(">L1!<", '><img src="x.png"/><'))
    assert item.status is RowStatus.REFUSED
    assert "only a picture" in str(item.reasons[0])


def test_a_gap_is_a_typed_answer() -> None:
    xml = interaction('<p>The <textEntryInteraction responseIdentifier="R"/> of a child.</p>')
    item = one(
        xml.replace(
            '"string"/>', '"string"><correctResponse><value>base</value></correctResponse></responseDeclaration>'
        )
    )
    assert (item.kind, item.status, item.answers) == (ItemKind.SHORT_TEXT, RowStatus.CHANGED, [("base", FULL_MARK)])
    assert item.stem == "Q?\n\nThe _____ of a child."
    assert "no accepted answer" in str(one(xml).reasons[0])


def test_feedback_and_keywords_become_explanation_and_tags() -> None:
    after = '<modalFeedback outcomeIdentifier="F" identifier="f"><p>Why.</p><p>Reference: Book</p></modalFeedback>'
    resource = (
        '<resource identifier="r" type="imsqti_item_xmlv2p1" href="i.xml"><metadata><lom><general><keyword>'
        "<string>area: Reflection</string></keyword></general></lom></metadata></resource>"
    )
    (item,) = read(package(resource, {"i.xml": choice(after=after)}), "p.zip").items
    assert item.tags == {"area": "Reflection", "rationale": "Why.", "reference": "Book"}


def test_an_essay_keeps_its_vignette_apart() -> None:
    vignette = '<div class="stimulus"><p>Ana <b>visits</b>.</p></div>'
    prompt = '<extendedTextInteraction responseIdentifier="R"><prompt>What now?</prompt></extendedTextInteraction>'
    item = one(interaction(vignette + prompt))
    assert (item.kind, item.stimulus, item.stem) == (ItemKind.ESSAY, "Ana visits.", "Q?\n\nWhat now?")


def test_a_vignette_inside_another_one_is_read_once() -> None:
    many = '<div class="stimulus">' * 100 + "<p>Ana visits.</p>" + "</div>" * 100 + '<div class="stimulus"/>' * 20_000
    prompt = '<extendedTextInteraction responseIdentifier="R"/>'
    started = time.process_time()
    assert one(interaction(many + prompt)).stimulus == "Ana visits."
    assert time.process_time() - started < 10  # it took hours when each was compared with each


def test_a_file_that_a_manifest_names_twice_is_read_once() -> None:
    resource = '<resource identifier="i" type="imsqti_item_xmlv2p1" href="i.xml"/>'
    assert len(read(package(resource * 1_000, {"i.xml": choice()}), "").items) == 1


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        (interaction('<orderInteraction responseIdentifier="R"/>'), ForeignKind.ORDERING),
        (interaction('<associateInteraction responseIdentifier="R"/>'), ForeignKind.MATCHING),
        (interaction('<textEntryInteraction responseIdentifier="R"/>', "float"), ForeignKind.NUMERICAL),
        (interaction('<p><inlineChoiceInteraction responseIdentifier="R"/></p>'), ForeignKind.CLOZE),
        (interaction('<hotspotInteraction responseIdentifier="R"/>'), ForeignKind.HOTSPOT),
        (interaction("<portableCustomInteraction/>"), ForeignKind.OTHER),
        (interaction("<uploadInteraction/><uploadInteraction/>"), ForeignKind.COMPOSITE),
        (interaction("<p>Only read this.</p>"), ForeignKind.DESCRIPTION),
    ],
)  # fmt: skip
def test_other_kinds_are_refused_by_name(xml: str, kind: ForeignKind) -> None:
    item = one(xml)
    assert (item.status, item.foreign) == (RowStatus.REFUSED, kind)


def test_pictures_formulas_and_programs_are_dealt_with() -> None:
    assert one(choice(before='<p>See <img src="a.png"/></p>')).reasons == ("The picture was left out.",)
    assert one(choice(before="<p><em>See</em></p>")).reasons == ("Formatting was removed.",)
    assert "formula" in str(one(choice(before="<math><mi>x</mi></math>")).reasons[0])
    assert one(choice(before="<p>See<script>alert(1)</script></p>")).stem == "See\n\nWhat comes first?"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "does not hold it"),
        ({"i.xml": "<assessmentItem"}, "damaged"),
        ({"i.xml": "<html/>"}, "not an item"),
        ({"i.xml": THIRD}, "shared text"),
        ({"i.xml": "<!DOCTYPE x><assessmentItem/>"}, "DOCTYPE"),
        ({"i.xml": f"<assessmentItem>{'<p/>' * 200_000}</assessmentItem>"}, "far more XML elements"),
    ],
)
def test_a_file_of_a_package_is_refused_by_its_name(files: dict[str, str], sentence: str) -> None:
    resource = '<resource identifier="r" type="imsqti_item_xmlv2p2" href="i.xml"/>'
    (item,) = read(package(resource, files), "p.zip").items
    assert (item.status, item.place) == (RowStatus.REFUSED, "i.xml")
    assert sentence in str(item.reasons[0])


def test_a_damaged_stimulus_is_read_once_and_refuses_every_item_that_refers_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = list[bytes]()

    def counted(data: bytes, *most: int) -> etree._Element:
        parsed.append(data)
        return tree(data, *most)

    monkeypatch.setattr(qti_package, "tree", counted)
    files = {"items/1.xml": THIRD, "items/2.xml": THIRD, "shared/s.xml": STIMULUS[:-1]}
    items = read(package(resources("items/1.xml", "items/2.xml"), files), "bank.zip").items
    assert parsed.count(STIMULUS[:-1].encode()) == 1
    assert all("damaged" in str(item.reasons[0]) for item in items)


def test_a_refused_item_does_not_keep_the_tree_of_its_file() -> None:
    (item,) = read(package(resources("i.xml"), {"i.xml": THIRD}), "bank.zip").items
    assert isinstance(item.reasons[0], RuleViolation)
    assert (item.reasons[0].__traceback__, item.reasons[0].__context__) == (None, None)


def test_links_and_other_formats_in_packages_are_refused() -> None:
    with pytest.raises(RuleViolation, match=r"QTI 1\.2"):
        read(package('<resource type="imsqti_xmlv1p2" href="i.xml"/>', {}), "p.zip")
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        link = ZipInfo("imsmanifest.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(RuleViolation, match="points outside"):
        read(stream.getvalue(), "p.zip")


@settings(max_examples=150)
@given(st.data())
def test_no_damage_makes_it_fail(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([choice(), THIRD]))
    cut = data.draw(st.integers(0, len(whole)))
    odd = data.draw(st.text('<>&;/!\x00é"= A', max_size=5))
    with suppress(RuleViolation):
        read((whole[:cut] + odd + whole[data.draw(st.integers(cut, len(whole))) :]).encode(), "item.xml")


def sets_in(data: bytes) -> list[tuple[str, str]]:
    return [(item.stimulus, item.tags.get("vignette_set", "")[:4]) for item in read(data, "bank.zip").items]


def resources(*names: str, type_: str = "imsqti_item_xmlv2p1") -> str:
    return "".join(f'<resource type="{type_}" href="{name}"/>' for name in names)


def test_items_that_refer_to_one_stimulus_are_a_set() -> None:
    files = {"items/1.xml": THIRD, "items/2.xml": THIRD.replace("first?", "second?"), "shared/s.xml": STIMULUS}
    first, second = sets_in(package(resources("items/1.xml", "items/2.xml"), files))
    assert first == second
    assert first[0] == "Ana visits."
    assert first[1]


@pytest.mark.parametrize(("said", "vignette"), [('class="passage"', "Ana visits."), ('use="instructions"', "")])
def test_a_passage_of_a_section_is_the_vignette_of_its_items_and_an_instruction_is_none(
    said: str, vignette: str
) -> None:
    test = f"""<assessmentTest {V2}><testPart><assessmentSection><rubricBlock view="candidate" {said}><p>Ana visits.</p>
      </rubricBlock><assessmentItemRef href="items/1.xml"/></assessmentSection></testPart></assessmentTest>"""
    both = resources("items/1.xml", "items/2.xml") + resources("test.xml", type_="imsqti_test_xmlv2p1")
    data = package(both, {"items/1.xml": choice(), "items/2.xml": choice(), "test.xml": test})
    assert [stimulus for stimulus, _set in sets_in(data)] == [vignette, ""]


def test_a_passage_in_the_rubric_of_an_item_is_its_vignette() -> None:
    item = one(choice(before='<rubricBlock view="candidate" use="sharedStimulus"><p>Ana visits.</p></rubricBlock>'))
    assert (item.stimulus, item.stem) == ("Ana visits.", "What comes\n first?".replace("\n", ""))


def test_essays_with_one_passage_are_a_set_too() -> None:
    passage = '<rubricBlock view="candidate" use="sharedStimulus"><p>Ana visits.</p></rubricBlock>'
    prompt = '<extendedTextInteraction responseIdentifier="R"><prompt>What {}?</prompt></extendedTextInteraction>'
    files = {f"items/{word}.xml": interaction(passage + prompt.format(word)) for word in ("now", "next")}
    first, second = read(package(resources(*files), files), "bank.zip").items
    assert (first.kind, first.stimulus, second.stimulus) == (ItemKind.ESSAY, "Ana visits.", "Ana visits.")
    assert first.tags["vignette_set"] == second.tags["vignette_set"]
