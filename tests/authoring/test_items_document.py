"""The printable list of items."""

from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from examapp.authoring.items_document import items_pdf
from question_bank.framework import default_framework
from question_bank.item_kinds import QUESTIONS
from question_bank.item_writing import make_version
from question_bank.items import Item, ItemKind, ItemVersion
from tests.drafts import choice_content, complete_draft, complete_essay, complete_question
from tests.picture_files import picture_file

KINDS = {
    ItemKind.SINGLE_BEST_ANSWER: complete_draft(stem="What *first*?\n\n#let x = 1"),
    ItemKind.ESSAY: complete_essay(),
}


def versions(at: datetime) -> list[ItemVersion]:
    made = []
    for number, (kind, draft) in enumerate(KINDS.items(), start=1):
        version = make_version(draft, number=1, by=1, at=at)
        version.item = Item(code=f"RF-{number:04}", kind=kind, source="x", author_id=1, created_at=at)
        made.append(version)
    return made


@pytest.mark.parametrize("with_keys", [True, False])
def test_keys_and_reasons_are_in_it_only_when_asked_for(with_keys: bool, at: datetime) -> None:
    data = items_pdf(versions(at), default_framework(), "en", with_keys=with_keys, at=at)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    for words in ("RF-0001", "What first?", "#let x = 1", "RF-0002: Ana", "Ana visits.", "What happens before"):
        assert words in text
    assert ("Curiosity comes before advice." in text) == with_keys
    assert ("✓" in text) == with_keys


def test_pictures_and_formulas_are_printed(at: datetime) -> None:
    version = versions(at)[0]
    texts = ["![A room](picture:aa)", "So $x^2$", "It costs $5", "Broken $\\frac{a$", "![Gone](picture:bb)"]
    version.content = choice_content("Look: ![Two babies](picture:aa)\n\n$$\\bar{x}$$", texts)
    pictures = {"aa": picture_file("WEBP")}
    data = items_pdf([version], default_framework(), "en", with_keys=True, at=at, pictures=pictures)
    page = PdfReader(BytesIO(data)).pages[0]
    assert len(page.images) >= 1
    for words in ("Look:", "It costs $5", "Broken $\\frac{a$", "Gone"):
        assert words in page.extract_text()


def test_every_kind_is_printed_with_its_key(at: datetime) -> None:
    made = []
    for number, kind in enumerate(QUESTIONS, start=1):
        version = make_version(complete_question(kind), number=1, by=1, at=at)
        version.item = Item(code=f"RF-{number:04}", kind=kind, source="x", author_id=1, created_at=at)
        made.append(version)
    data = items_pdf(made, default_framework(), "en", with_keys=True, at=at)
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())
    for words in (
        "Key: A, C",
        "Key: True",
        "1. Secure base",
        "Key: 1 A, 2 B",
        "Key: attachment / el apego",
        "part marks",
    ):
        assert words in text
