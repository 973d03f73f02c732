"""docs/pitfalls.md keeps its word: every complaint names tests, and they exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROWS = [
    line
    for line in (TESTS.parent / "docs" / "pitfalls.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Complaint")
]


def test_every_complaint_names_tests_and_they_exist() -> None:
    assert ROWS
    named = {row: re.findall(r"`([\w/]+\.py)::(\w+)`", row) for row in ROWS}
    assert not [row for row, tests in named.items() if not tests]
    assert not [
        f"{path}::{name}"
        for tests in named.values()
        for path, name in tests
        if not (TESTS / path).exists() or f"def {name}(" not in (TESTS / path).read_text()
    ]
