"""Items as a QTI content package, version 2.1 or 3.0.

Version 3 is version 2 with other names: what is written here as ``choiceInteraction`` becomes
``qti-choice-interaction`` there. Rationale and reference are feedback after the answer; the tags are keywords.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from question_bank.interchange.parsed import FULL_MARK, NO_MARK, clean
from question_bank.interchange.qti_package import MANIFEST
from question_bank.item_export.entries import Entry
from question_bank.item_kinds import MarkingRule
from question_bank.item_kinds.matching import pairs_in
from question_bank.item_text import digests_in, picture_line, pictures_in
from question_bank.items import ItemKind
from question_bank.pictures import extension_of

LOM = "http://ltsc.ieee.org/xsd/LOM"
# Names of HTML, which both versions write alike.
HTML = frozenset({"p", "div", "br", "img"})
# The same entries give the same bytes: a zip would else hold the time.
MOMENT = (2000, 1, 1, 0, 0, 0)
Part = etree._Element | str


@dataclass(frozen=True)
class Version:
    """How a version of QTI writes names, and what it calls itself."""

    namespace: str
    manifest_namespace: str
    schema: str
    number: str
    item_type: str
    # Of a text that several items refer to; "" where there is no such thing.
    stimulus_type: str
    match_correct: str
    map_response: str
    prefixed: bool
    # The files of the pictures that texts show, by digest.
    files: Mapping[str, str] = field(default_factory=dict)

    def element(self, name: str, attributes: dict[str, str] | None = None, *parts: Part) -> etree._Element:
        prefixed = self.prefixed and name not in HTML
        element = etree.Element(
            f"{{{self.namespace}}}{'qti-' if prefixed else ''}{self.written(name)}", nsmap={None: self.namespace}
        )
        for key, value in (attributes or {}).items():
            element.set(self.written(key), clean(value))
        return filled(element, parts)

    def written(self, name: str) -> str:
        return re.sub(r"[A-Z]", lambda match: f"-{match[0].lower()}", name) if self.prefixed else name


Make = Callable[[Entry, Version], etree._Element]

V21 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema="QTIv2.1 Package",
    number="1.0.0",
    item_type="imsqti_item_xmlv2p1",
    stimulus_type="",
    match_correct="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
    map_response="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response",
    prefixed=False,
)
V30 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema="QTI Package",
    number="3.0.0",
    item_type="imsqti_item_xmlv3p0",
    stimulus_type="imsqti_stimulus_xmlv3p0",
    match_correct="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
    map_response="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml",
    prefixed=True,
)


def package_of(entries: Iterable[Entry], version: Version, pictures: Mapping[str, bytes]) -> bytes:
    """A zip with one file an item, a shared stimulus and a picture, and the manifest that names them."""
    buffer = BytesIO()
    files = {name: f"pictures/{name}.{extension_of(data)}" for name, data in pictures.items()}
    version = replace(version, files=files)
    resources, stimuli = [], set[str]()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for entry in entries:
            if is_shared(entry, version) and entry.set_code not in stimuli:
                stimuli.add(entry.set_code)
                put(archive, stimulus_path(entry), shared_stimulus(entry, version))
                resources.append(stimulus_resource(entry, version))
            put(archive, path_of(entry), item(entry, version))
            resources.append(resource(entry, version))
        for name, path in files.items():
            archive.writestr(ZipInfo(path, MOMENT), pictures[name])
        put(archive, MANIFEST, manifest(resources, version))
    return buffer.getvalue()


def put(archive: ZipFile, name: str, root: etree._Element) -> None:
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    archive.writestr(ZipInfo(name, MOMENT), data, ZIP_DEFLATED)


def path_of(entry: Entry) -> str:
    return f"items/{entry.code}.xml"


# A stimulus that several items share


def is_shared(entry: Entry, v: Version) -> bool:
    return bool(v.stimulus_type and entry.set_code and entry.stimulus)


def stimulus_path(entry: Entry) -> str:
    return f"stimuli/{entry.set_code}.xml"


def shared_stimulus(entry: Entry, v: Version) -> etree._Element:
    attributes = {"identifier": f"stimulus-{entry.set_code}", "title": entry.set_code}
    return v.element("assessmentStimulus", attributes, v.element("stimulusBody", {}, *paragraphs(entry.stimulus, v)))


def stimulus_reference(entry: Entry, v: Version) -> etree._Element:
    attributes = {"identifier": f"stimulus-{entry.set_code}", "href": f"../{stimulus_path(entry)}"}
    return v.element("assessmentStimulusRef", attributes)


# An item


def item(entry: Entry, v: Version) -> etree._Element:
    response, interaction = PARTS[entry.kind]
    attributes = {"identifier": entry.code, "title": entry.name, "adaptive": "false", "timeDependent": "false"}
    return v.element(
        "assessmentItem",
        attributes,
        response(entry, v),
        outcome("SCORE", "float", "0", v),
        *([outcome("FEEDBACK", "identifier", "explanation", v)] if entry.explanation else []),
        *([stimulus_reference(entry, v)] if is_shared(entry, v) else []),
        v.element("itemBody", {}, *stimulus(entry, v), *paragraphs(entry.stem, v), interaction(entry, v)),
        *processing(entry, v),
        *([feedback(entry, v)] if entry.explanation else []),
    )


def processing(entry: Entry, v: Version) -> list[etree._Element]:
    """How the mark is found; raters give that of an essay."""
    whole = entry.marking is MarkingRule.ALL_OR_NOTHING and not entry.accepted
    template = {"template": v.match_correct if whole else v.map_response}
    return [] if entry.kind is ItemKind.ESSAY else [v.element("responseProcessing", template)]


def declared(
    v: Version, cardinality: str, base_type: str, keys: Iterable[str], mapping: etree._Element | None = None
) -> etree._Element:
    values = [v.element("value", {}, key) for key in keys]
    return v.element(
        "responseDeclaration",
        {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": base_type},
        *([v.element("correctResponse", {}, *values)] if values else []),
        *([mapping] if mapping is not None else []),
    )


def mapping(v: Version, keys: Iterable[str], value: Decimal, other: Decimal = NO_MARK, **more: str) -> etree._Element:
    """Each key gives ``value``, and each other answer ``other``; the sum is a mark between none and one."""
    entries = [v.element("mapEntry", {"mapKey": key, "mappedValue": f"{value:f}", **more}) for key in keys]
    return v.element("mapping", {"lowerBound": "0", "upperBound": "1", "defaultValue": f"{other:f}"}, *entries)


def one_key(entry: Entry, v: Version) -> etree._Element:
    return declared(v, "single", "identifier", [entry.key])


def several_keys(entry: Entry, v: Version) -> etree._Element:
    share = round(entry.share / FULL_MARK, 5).normalize()
    other = -share if entry.marking is MarkingRule.PARTIAL_WITH_PENALTY else NO_MARK
    weights = None if entry.marking is MarkingRule.ALL_OR_NOTHING else mapping(v, entry.keys, share, other)
    return declared(v, "multiple", "identifier", entry.keys, weights)


def matched(entry: Entry, v: Version) -> etree._Element:
    keys = [f"line{number} {letter}" for number, letter in pairs_in(entry.key).items()]
    share = round(entry.share / FULL_MARK, 5).normalize()
    weights = None if entry.marking is MarkingRule.ALL_OR_NOTHING else mapping(v, keys, share)
    return declared(v, "multiple", "directedPair", keys, weights)


def typed(entry: Entry, v: Version) -> etree._Element:
    weights = mapping(v, entry.accepted, Decimal(1), caseSensitive="false")
    return declared(v, "single", "string", entry.accepted[:1], weights)


def essay(_entry: Entry, v: Version) -> etree._Element:
    return declared(v, "single", "string", [])


def outcome(name: str, type_: str, default: str, v: Version) -> etree._Element:
    value = v.element("defaultValue", {}, v.element("value", {}, default))
    return v.element("outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": type_}, value)


def choices(entry: Entry, v: Version) -> etree._Element:
    """A choice of one; of as many as are wanted where there are several keys."""
    most = "0" if entry.kind is ItemKind.MULTIPLE_RESPONSE else "1"
    options = [v.element("simpleChoice", {"identifier": letter}, *option(text, v)) for letter, text in entry.options]
    return v.element(
        "choiceInteraction", {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxChoices": most}, *options
    )


def match(entry: Entry, v: Version) -> etree._Element:
    """Each line goes with one option, each option with as many lines as are wanted."""
    lines = [(f"line{number}", "1", text) for number, text in entry.premises]
    options = [(letter, "0", text) for letter, text in entry.options]
    sets = (
        v.element("simpleMatchSet", {}, *(
            v.element("simpleAssociableChoice", {"identifier": id_, "matchMax": most}, *option(text, v))
            for id_, most, text in one
        ))
        for one in (lines, options)
    )  # fmt: skip
    attributes = {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxAssociations": "0"}
    return v.element("matchInteraction", attributes, *sets)


def text_entry(_entry: Entry, v: Version) -> etree._Element:
    return v.element(
        "p", {}, v.element("textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "40"})
    )


def extended_text(_entry: Entry, v: Version) -> etree._Element:
    return v.element("extendedTextInteraction", {"responseIdentifier": "RESPONSE", "expectedLines": "30"})


PARTS: dict[ItemKind, tuple[Make, Make]] = {
    ItemKind.SINGLE_BEST_ANSWER: (one_key, choices),
    ItemKind.MULTIPLE_RESPONSE: (several_keys, choices),
    ItemKind.TRUE_FALSE: (one_key, choices),
    ItemKind.MATCHING: (matched, match),
    ItemKind.SHORT_TEXT: (typed, text_entry),
    ItemKind.ESSAY: (essay, extended_text),
}


def stimulus(entry: Entry, v: Version) -> list[etree._Element]:
    own = entry.stimulus and not is_shared(entry, v)
    return [v.element("div", {"class": "stimulus"}, *paragraphs(entry.stimulus, v))] if own else []


def feedback(entry: Entry, v: Version) -> etree._Element:
    """Shown after any answer: the outcome that asks for it has it as its default."""
    said: list[etree._Element] = paragraphs(entry.explanation, v)
    body = [v.element("contentBody", {}, *said)] if v.prefixed else said
    attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": "explanation", "showHide": "show"}
    return v.element("modalFeedback", attributes, *body)


def paragraphs(text: str, v: Version) -> list[etree._Element]:
    """A text in paragraphs, its single line breaks kept."""
    return [v.element("p", {}, *lines(part, v)) for part in re.split(r"\n{2,}", text) if part.strip()]


def option(text: str, v: Version) -> list[Part]:
    """An option of one paragraph is no block of its own."""
    return [*lines(text, v)] if "\n\n" not in text else [*paragraphs(text, v)]


def lines(text: str, v: Version) -> list[Part]:
    first, *rest = text.split("\n")
    return [*pieces(first, v), *(part for line in rest for part in (v.element("br"), *pieces(line, v)))]


def pieces(line: str, v: Version) -> list[Part]:
    """A line, its pictures as elements. Items and stimuli stand one folder deep, as pictures do."""
    found = [one for one in pictures_in(line) if one.sha256 in v.files]
    parts = list[Part]()
    for one in found:
        before, _line, line = line.partition(picture_line(one.sha256, one.description))
        parts += [before, v.element("img", {"src": f"../{v.files[one.sha256]}", "alt": one.description})]
    return [*parts, line]


def shown_files(texts: Iterable[str], v: Version) -> list[str]:
    return sorted(v.files[name] for name in digests_in(texts) & v.files.keys())


# The manifest


def manifest(resources: list[etree._Element], v: Version) -> etree._Element:
    name = f"{{{v.manifest_namespace}}}"
    root = etree.Element(f"{name}manifest", {"identifier": "items"}, nsmap={None: v.manifest_namespace})
    metadata = etree.SubElement(root, f"{name}metadata")
    etree.SubElement(metadata, f"{name}schema").text = v.schema
    etree.SubElement(metadata, f"{name}schemaversion").text = v.number
    etree.SubElement(root, f"{name}organizations")
    etree.SubElement(root, f"{name}resources").extend(resources)
    return root


def resource(entry: Entry, v: Version) -> etree._Element:
    name, lom = f"{{{v.manifest_namespace}}}", f"{{{LOM}}}"
    element = etree.Element(f"{name}resource", identifier=entry.code, type=v.item_type, href=path_of(entry))
    labels = [*entry.labels, *([f"vignette set: {entry.set_code}"] if entry.set_code else [])]
    if labels:
        metadata = etree.SubElement(element, f"{name}metadata")
        general = etree.SubElement(etree.SubElement(metadata, f"{lom}lom", nsmap={"lom": LOM}), f"{lom}general")
        for label in labels:
            keyword = etree.SubElement(general, f"{lom}keyword")
            etree.SubElement(keyword, f"{lom}string", language="en").text = clean(label)
    own = [entry.stem, *([] if is_shared(entry, v) else [entry.stimulus])]
    own += [text for _mark, text in (*entry.options, *entry.premises)]
    for path in (path_of(entry), *shown_files(own, v)):
        etree.SubElement(element, f"{name}file", href=path)
    if is_shared(entry, v):
        etree.SubElement(element, f"{name}dependency", identifierref=f"stimulus-{entry.set_code}")
    return element


def stimulus_resource(entry: Entry, v: Version) -> etree._Element:
    name, path = f"{{{v.manifest_namespace}}}", stimulus_path(entry)
    identifier = f"stimulus-{entry.set_code}"
    element = etree.Element(f"{name}resource", identifier=identifier, type=v.stimulus_type, href=path)
    for file in (path, *shown_files([entry.stimulus], v)):
        etree.SubElement(element, f"{name}file", href=file)
    return element


def filled(element: etree._Element, parts: Iterable[Part]) -> etree._Element:
    """The element with these texts and elements in it, in their order."""
    last: etree._Element | None = None
    for part in parts:
        if not isinstance(part, str):
            element.append(part)
            last = part
        elif last is None:
            element.text = (element.text or "") + clean(part)
        else:
            last.tail = (last.tail or "") + clean(part)
    return element
