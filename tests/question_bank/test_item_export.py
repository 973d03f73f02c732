"""The sheet of items: what is downloaded can be imported again and is the same."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from question_bank.framework import default_framework
from question_bank.interchange import read
from question_bank.item_export import workbook_of
from question_bank.item_import import ImportDefaults, plan_import, texts_of_bank
from question_bank.item_writing import ItemDraft, make_version
from question_bank.items import Item, ItemKind, ItemVersion
from tests.drafts import complete_draft

FRAMEWORK = default_framework()


def version(draft: ItemDraft, at: datetime) -> ItemVersion:
    made = make_version(draft, number=1, by=1, at=at)
    made.item = Item(
        code="RF-0042", kind=ItemKind.SINGLE_BEST_ANSWER, source="written here", author_id=1, created_at=at
    )
    return made


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
        {"competency": None, "area": None, "terms": [], "responsibility_codes": [], "rationale": "", "reference": ""},
    ],
)
def test_a_downloaded_item_is_imported_as_the_same(db: Session, at: datetime, changes: dict[str, Any]) -> None:
    draft = complete_draft(**changes)
    reading = read(workbook_of([version(draft, at)], FRAMEWORK), "items.xlsx")
    (row,) = plan_import(texts_of_bank(db), reading, FRAMEWORK, ImportDefaults()).rows
    assert row.parsed.reasons == ()
    assert row.draft == ItemDraft(**{**vars(draft), "notes": "Name in the file: RF-0042"})
