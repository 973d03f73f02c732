"""How many approved items each area, term and level has."""

from sqlalchemy.orm import Session

from question_bank.blueprint_progress import progress_by_level
from question_bank.items import ReviewState
from tests.bank import Bank

AREA, TERM = ("reflection", ""), ("reflection", "curiosity")


def test_what_both_reviews_have_passed_counts_at_each_of_its_levels(db: Session, bank: Bank) -> None:
    for state in ReviewState:
        bank.item(*TERM, state=state, levels=[3])
    bank.item(*TERM, levels=[3, 4])
    bank.vignette(levels=[3, 4])
    progress = progress_by_level(db, [3, 4])
    assert [(progress[level].approved[AREA], progress[level].in_use[AREA]) for level in (3, 4)] == [(4, 2), (1, 1)]
    assert progress[3].approved[TERM] == 4


def test_an_item_counts_once_by_its_version_in_use(db: Session, bank: Bank) -> None:
    used = bank.item(*TERM, levels=[3])
    newer = bank.version(used.item, used.content, "thinking", [3], ReviewState.APPROVED, number=2)
    db.flush()
    progress = progress_by_level(db, [3])[3]
    assert progress.approved == progress.in_use == {AREA: 1, TERM: 1}
    used.state = ReviewState.RETIRED
    assert newer.area
    assert progress_by_level(db, [3])[3].approved["thinking", ""] == 1


def test_an_item_without_a_term_counts_in_its_area_once(db: Session, bank: Bank) -> None:
    bank.item(*TERM, levels=[3]).terms = []
    assert progress_by_level(db, [3])[3].approved == {AREA: 1}
