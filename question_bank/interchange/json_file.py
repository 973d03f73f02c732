"""The bank's own JSON: everything the bank knows of an item, for another site of this program."""

import json
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.interchange.contents import showing
from question_bank.interchange.file_pictures import NOT_IN_FILE, FilePictures, LeftOut, saying_why
from question_bank.interchange.parsed import (
    MAX_QUESTIONS,
    ParsedItem,
    UnreadableFile,
    clean,
    too_many,
)
from question_bank.item_kinds import (
    CONTENT_OF,
    OPTION_IDS,
    PREMISE_IDS,
    RUBRIC_LEVELS,
    Essay,
    ItemContent,
    Question,
)
from question_bank.item_pictures import shown_by
from question_bank.items import ItemKind

FORMAT: Final = "items of an item bank"
VERSION: Final = 1
RUBRIC = range(1, RUBRIC_LEVELS + 1)
Short = Annotated[str, StringConstraints(max_length=20_000)]
Said = Annotated[str, StringConstraints(max_length=20_000, min_length=1, strip_whitespace=True)]


class Record(BaseModel):
    """One item, its tags by code."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    kind: ItemKind
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    content: dict[str, Any]
    area: Short | None = None
    terms: list[Short] = Field(default_factory=list, max_length=50)
    levels: list[int] = Field(default_factory=list, max_length=10)
    tracks: list[Short] = Field(default_factory=list, max_length=20)
    responsibility_codes: list[Short] = Field(default_factory=list, max_length=20)
    competency: Short | None = None
    cognitive_level: Short | None = None
    rationale: Short = ""
    reference: Short = ""
    notes: Short = ""
    # The item that its vignette set is named after, and the items it may not meet on a form, with the reason.
    vignette_set: Annotated[str, StringConstraints(max_length=40)] = ""
    enemies: dict[str, Said] = Field(default_factory=dict, max_length=200)


class Document(BaseModel):
    format: Literal["items of an item bank"]
    version: Literal[1]
    items: list[dict[str, Any]]
    pictures: dict[str, str] = Field(default_factory=dict)


def read_json(text: str) -> list[ParsedItem]:
    try:
        document = Document.model_validate_json(text)
    except ValidationError:
        raise UnreadableFile(_("This JSON is not one that an item bank of this program wrote.")) from None
    if len(document.items) > MAX_QUESTIONS:
        raise too_many()
    pictures = FilePictures(largest=None)
    return [
        parse(number, cleaned(entry), document.pictures, pictures)
        for number, entry in enumerate(document.items, start=1)
    ]


def cleaned(value: Any) -> Any:
    """The same without the characters that no text needs, which JSON can hide in escapes."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return {clean(name): cleaned(one) for name, one in value.items()} if isinstance(value, dict) else value


def parse(number: int, entry: dict[str, Any], encoded: dict[str, str], pictures: FilePictures) -> ParsedItem:
    try:
        record = Record.model_validate(entry)
        content = CONTENT_OF[record.kind].model_validate(record.content)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        return ParsedItem(line=number, stem=json.dumps(entry)[:200]).refused(
            UnreadableFile(_("Its field “%(field)s” is not as it should be."), field=place)
        )
    if wrong := misnumbered(content):
        return ParsedItem(line=number, stem=json.dumps(entry)[:200]).refused(
            UnreadableFile(_("Its field “%(field)s” is not as it should be."), field=wrong)
        )
    item = ParsedItem(
        line=number,
        title=record.title,
        code=record.code,
        kind=record.kind,
        content=content.model_dump(mode="json"),
        tags=tags_of(record),
        enemies=record.enemies,
    )
    return with_pictures(showing(item, content), content, encoded, pictures).checked()


def with_pictures(
    item: ParsedItem, content: ItemContent, encoded: dict[str, str], pictures: FilePictures
) -> ParsedItem:
    """The item with those pictures of the file that it shows."""
    found, left_out = dict[str, bytes](), LeftOut()
    for digest in sorted(shown_by(content)):
        picture = pictures.find(encoded[digest]) if digest in encoded else NOT_IN_FILE
        if isinstance(picture, RuleViolation):
            left_out.add(digest, picture)
        else:
            found[digest] = picture.data
    return saying_why(replace(item, pictures=found), left_out)


def misnumbered(content: ItemContent) -> str:
    """The field whose parts are not numbered as the editor numbers them: an answer would name two of them, or none."""
    if isinstance(content, Essay):
        codes = [dimension.code for dimension in content.rubric.dimensions]
        levels = all([level.level for level in d.levels] == list(RUBRIC) for d in content.rubric.dimensions)
        return "" if levels and len(set(codes)) == len(codes) else "content.rubric"
    if not isinstance(content, Question):
        return ""
    premises = [premise.id for premise in content.premises_offered()]
    if premises != list(PREMISE_IDS[: len(premises)]):
        return "content.premises"
    options = [option.id for option in content.offered()]
    return "" if options == list(OPTION_IDS[: len(options)]) else "content.options"


def tags_of(record: Record) -> dict[str, str]:
    tags = {
        "area": record.area or "",
        "term": "; ".join(record.terms),
        "levels": ", ".join(map(str, record.levels)),
        "tracks": ", ".join(record.tracks),
        "responsibility_codes": ", ".join(record.responsibility_codes),
        "competency": record.competency or "",
        "cognitive_level": record.cognitive_level or "",
        "rationale": record.rationale,
        "reference": record.reference,
        "note": record.notes,
        "vignette_set": record.vignette_set,
    }
    return {name: text for name, text in tags.items() if text}
