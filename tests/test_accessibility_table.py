"""docs/accessibility.md names every criterion, and no test that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "accessibility.md").read_text()

# WCAG 2.2, levels A and AA: how many criteria each guideline has. (4.1.1 is obsolete.)
CRITERIA = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7, 11], "2.5": [1, 2, 3, 4, 7, 8],
    "3.1": [1, 2], "3.2": [1, 2, 3, 4, 6], "3.3": [1, 2, 3, 4, 7, 8], "4.1": [2, 3],
}  # fmt: skip


def test_every_criterion_of_levels_a_and_aa_has_a_row() -> None:
    rows = re.findall(r"^\| (\d\.\d\.\d+) [^|]+ \| AA? \| [^|]{10,} \| [^|]{3,} \|$", TABLE, re.MULTILINE)
    assert rows == [f"{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers]
    assert len(rows) == 55


def test_every_test_named_there_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    written = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named
    assert named <= written, named - written
