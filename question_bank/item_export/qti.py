"""Items as a QTI content package, version 2.1 or 3.0.

Version 3 is version 2 with other names: what is written here as ``choiceInteraction`` becomes
``qti-choice-interaction`` there. Rationale and reference are feedback after the answer; the tags are keywords.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from question_bank.interchange.parsed import clean
from question_bank.interchange.qti_package import MANIFEST
from question_bank.item_export.entries import Entry
from question_bank.items import ItemKind

LOM = "http://ltsc.ieee.org/xsd/LOM"
# Names of HTML, which both versions write alike.
HTML = frozenset({"p", "div", "br"})
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
    match_correct: str
    prefixed: bool

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


V21 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema="QTIv2.1 Package",
    number="1.0.0",
    item_type="imsqti_item_xmlv2p1",
    match_correct="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
    prefixed=False,
)
V30 = Version(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema="QTI Package",
    number="3.0.0",
    item_type="imsqti_item_xmlv3p0",
    match_correct="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
    prefixed=True,
)


def package_of(entries: Iterable[Entry], version: Version) -> bytes:
    """A zip with one file an item, and the manifest that names them."""
    buffer = BytesIO()
    resources = []
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for entry in entries:
            put(archive, path_of(entry), item(entry, version))
            resources.append(resource(entry, version))
        put(archive, MANIFEST, manifest(resources, version))
    return buffer.getvalue()


def put(archive: ZipFile, name: str, root: etree._Element) -> None:
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    archive.writestr(ZipInfo(name, MOMENT), data, ZIP_DEFLATED)


def path_of(entry: Entry) -> str:
    return f"items/{entry.code}.xml"


# An item


def item(entry: Entry, v: Version) -> etree._Element:
    essay = entry.kind is ItemKind.ESSAY
    attributes = {"identifier": entry.code, "title": entry.name, "adaptive": "false", "timeDependent": "false"}
    return v.element(
        "assessmentItem",
        attributes,
        essay_response(v) if essay else choice_response(entry, v),
        outcome("SCORE", "float", "0", v),
        *([outcome("FEEDBACK", "identifier", "explanation", v)] if entry.explanation else []),
        v.element("itemBody", {}, *(essay_body(entry, v) if essay else choice_body(entry, v))),
        *([] if essay else [v.element("responseProcessing", {"template": v.match_correct})]),
        *([feedback(entry, v)] if entry.explanation else []),
    )


def choice_response(entry: Entry, v: Version) -> etree._Element:
    correct = v.element("correctResponse", {}, v.element("value", {}, entry.key))
    return v.element(
        "responseDeclaration", {"identifier": "RESPONSE", "cardinality": "single", "baseType": "identifier"}, correct
    )


def essay_response(v: Version) -> etree._Element:
    return v.element("responseDeclaration", {"identifier": "RESPONSE", "cardinality": "single", "baseType": "string"})


def outcome(name: str, type_: str, default: str, v: Version) -> etree._Element:
    value = v.element("defaultValue", {}, v.element("value", {}, default))
    return v.element("outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": type_}, value)


def choice_body(entry: Entry, v: Version) -> list[etree._Element]:
    choices = [v.element("simpleChoice", {"identifier": letter}, *option(text, v)) for letter, text in entry.options]
    attributes = {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxChoices": "1"}
    return [*paragraphs(entry.stem, v), v.element("choiceInteraction", attributes, *choices)]


def essay_body(entry: Entry, v: Version) -> list[etree._Element]:
    stimulus = [v.element("div", {"class": "stimulus"}, *paragraphs(entry.stimulus, v))] if entry.stimulus else []
    return [
        *stimulus,
        *paragraphs(entry.stem, v),
        v.element("extendedTextInteraction", {"responseIdentifier": "RESPONSE", "expectedLines": "30"}),
    ]


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
    return [first, *(part for line in rest for part in (v.element("br"), line))]


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
    if entry.labels:
        metadata = etree.SubElement(element, f"{name}metadata")
        general = etree.SubElement(etree.SubElement(metadata, f"{lom}lom", nsmap={"lom": LOM}), f"{lom}general")
        for label in entry.labels:
            keyword = etree.SubElement(general, f"{lom}keyword")
            etree.SubElement(keyword, f"{lom}string", language="en").text = clean(label)
    etree.SubElement(element, f"{name}file", href=path_of(entry))
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
