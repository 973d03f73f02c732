"""The report of an administration: what was chosen, what was right, and the key it was marked with."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.reporting.analysis import (
    AdministrationReport,
    ItemReport,
    administration_report,
    answers_given,
    released_administrations,
)
from examapp.scoring.models import ItemMark
from question_bank.exam_policy import PART_ONE
from question_bank.items import ItemKind
from question_bank.sealed_documents import ItemKey
from tests.personas import Client


@pytest.fixture
def report(db: Session) -> AdministrationReport:
    [released] = released_administrations(db)
    return administration_report(db, released.run)


def key_of(item: ItemReport) -> tuple[str, int]:
    """The letter of the key and how often it was chosen."""
    [key] = [(answer, count) for answer, count, right in item.chosen if right]
    return key


def test_every_candidate_chose_once_and_the_key_is_what_was_right(report: AdministrationReport) -> None:
    assert len(report.items) == 60
    for item in report.items:
        assert sum(count for _answer, count, _right in item.chosen) == item.statistics.n == report.parts[0].n
        assert key_of(item)[1] == item.statistics.right


def test_the_report_agrees_with_the_marks(db: Session, report: AdministrationReport) -> None:
    marks = db.scalars(select(ItemMark).where(ItemMark.part == PART_ONE)).all()
    keys = {item.code: key_of(item)[0].lower() for item in report.items}
    assert keys == {mark.item: mark.evidence["key"] for mark in marks}
    for item in report.items:
        assert item.statistics.right == sum(mark.mark for mark in marks if mark.item == item.code)


def test_the_page_prints_the_key_in_bold(
    client: Client, db: Session, someone: Callable[[str], User], report: AdministrationReport
) -> None:
    [released] = released_administrations(db)
    client.sign_in_as(someone("admin"))
    page = client.get(f"/reports/{released.administration.id}").text
    item = report.items[0]
    assert re.search(rf"{item.code}.*?<strong>{key_of(item)[0]} {item.statistics.right}</strong>", page, re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "key", "responses", "expected"),
    [
        (ItemKind.SINGLE_BEST_ANSWER, "b", {"a": 2, "b": 5, "": 1}, [("", 1, False), ("A", 2, False), ("B", 5, True)]),
        (ItemKind.MULTIPLE_RESPONSE, "a,c", {"a,c": 3, "a,b": 2},
         [("A", 5, True), ("B", 2, False), ("C", 3, True)]),
        (ItemKind.MATCHING, "1:b,2:a", {"1:b,2:c": 4, "1:b": 1, "": 2},
         [("", 2, False), ("1 B", 5, True), ("2 A", 0, True), ("2 C", 4, False)]),
        (ItemKind.SHORT_TEXT, "Serve and return\nDar y recibir", {"serve and RETURN.": 2, "Serving": 1},
         [("dar y recibir", 0, True), ("serve and return", 2, True), ("serving", 1, False)]),
    ],
)  # fmt: skip
def test_answers_are_counted_by_what_their_kind_is_made_of(
    kind: ItemKind, key: str, responses: dict[str, int], expected: list[tuple[str, int, bool]]
) -> None:
    given = ItemKey(kind=kind, key=key, area="reflection", terms=[])
    assert answers_given(Counter(responses), given) == expected
