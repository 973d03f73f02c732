"""What the bank writes as GIFT is read the same by a program that we did not write.

Runs only where node and its package gift-pegjs are: `npm install --no-save gift-pegjs` beside the code, or NODE_PATH.
"""

import json
import shutil
import subprocess
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from question_bank.framework import default_framework
from question_bank.item_export import ExportFormat, export
from question_bank.item_kinds import QUESTIONS
from question_bank.item_writing import ItemDraft, make_version
from question_bank.items import Item, ItemKind, ItemVersion
from tests.drafts import complete_draft, complete_essay, complete_question

ROOT = Path(__file__).parents[2]
READ = "console.log(JSON.stringify(require('gift-pegjs').parse(require('fs').readFileSync(0, 'utf8'))))"
HOSTILE = "'=x?\nA {b} ~c ::d:: <e> & #f \\ //g -> 100%"


@cache
def why_not() -> str:
    """Why there is no other reader on this machine; "" where there is one."""
    if shutil.which("node") is None:
        return "node is not installed"
    found = subprocess.run(["node", "-e", "require('gift-pegjs')"], cwd=ROOT, capture_output=True, check=False)
    return "" if found.returncode == 0 else "the npm package gift-pegjs is not installed"


pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def read_elsewhere(drafts: dict[ItemKind, ItemDraft], at: datetime) -> list[dict[str, Any]]:
    versions = list[ItemVersion]()
    for kind, draft in drafts.items():
        version = make_version(draft, number=1, by=1, at=at)
        version.item = Item(code=f"RF-{len(versions):04}", kind=kind, source="", author_id=1, created_at=at)
        versions.append(version)
    gift = export(versions, default_framework(), ExportFormat.GIFT).data
    answer = subprocess.run(["node", "-e", READ], cwd=ROOT, input=gift, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def test_every_kind_is_what_it_is(at: datetime) -> None:
    drafts = {kind: complete_question(kind) for kind in QUESTIONS} | {ItemKind.ESSAY: complete_essay()}
    one, several, statement, matching, typed, essay = read_elsewhere(drafts, at)
    assert [choice["isCorrect"] for choice in one["choices"]] == [True, False, False, False]
    assert [choice["weight"] for choice in several["choices"]] == [50, -50, 50, -50]
    assert (statement["type"], statement["isTrue"]) == ("TF", True)
    assert [pair["subanswer"] for pair in matching["matchPairs"]] == ["Bowlby", "Winnicott", "Freud"]
    assert [choice["text"]["text"] for choice in typed["choices"]] == ["attachment", "el apego"]
    assert (essay["type"], essay["stem"]["text"]) == ("Essay", "Ana visits.\n\nWhat do you see?")


def test_signs_of_the_format_stay_signs_of_the_text(at: datetime) -> None:
    options = ["=a", "~b", "{c}", "d -> e # f"]
    (found,) = read_elsewhere({ItemKind.SINGLE_BEST_ANSWER: complete_draft(stem=HOSTILE, options=options)}, at)
    assert found["stem"]["text"] == HOSTILE
    assert [choice["text"]["text"] for choice in found["choices"]] == options
