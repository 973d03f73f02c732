"""The bank's own JSON from a stranger."""

import json
from typing import Any

import pytest

from question_bank.interchange import RowStatus, read

OPTIONS = [{"id": "a", "text": "Ask"}, {"id": "b", "text": "Tell"}, {"id": "c", "text": "Wait"}]
LEVELS = [{"level": level, "title": "", "descriptor": "So."} for level in (1, 2, 3, 4)]


def status(kind: str, content: dict[str, Any], **more: Any) -> RowStatus:
    items = [{"kind": kind, "content": content, **more}]
    document = {"format": "items of an item bank", "version": 1, "items": items}
    (item,) = read(json.dumps(document).encode(), "items.json").items
    return item.status


@pytest.mark.parametrize(
    ("ids", "expected"), [("abc", RowStatus.ACCEPTED), ("abb", RowStatus.REFUSED), ("cab", RowStatus.REFUSED)]
)
def test_options_are_numbered_as_the_editor_numbers_them(ids: str, expected: RowStatus) -> None:
    options = [{**option, "id": id_} for option, id_ in zip(OPTIONS, ids, strict=True)]
    assert status("single_best_answer", {"stem": "What comes first?", "options": options, "key": "a"}) is expected


@pytest.mark.parametrize(
    ("codes", "levels", "expected"),
    [
        ("st", LEVELS, RowStatus.ACCEPTED),
        ("ss", LEVELS, RowStatus.REFUSED),
        ("st", [LEVELS[0]] * 4, RowStatus.REFUSED),
    ],
)
def test_a_rubric_has_each_dimension_and_each_level_once(
    codes: str, levels: list[dict[str, Any]], expected: RowStatus
) -> None:
    dimensions = [{"code": code, "title": code, "levels": levels} for code in codes]
    content = {
        "slot": "clinical",
        "stimulus": "Ana visits.",
        "prompt": "What now?",
        "rubric": {"dimensions": dimensions},
    }
    assert status("essay", content) is expected


@pytest.mark.parametrize(("reason", "expected"), [("Gives it away.", RowStatus.ACCEPTED), (" ", RowStatus.REFUSED)])
def test_enemies_have_a_reason(reason: str, expected: RowStatus) -> None:
    content = {"stem": "What comes first?", "options": OPTIONS, "key": "a"}
    assert status("single_best_answer", content, code="RF-1", enemies={"RF-2": reason}) is expected
