"""The report of an administration: what was chosen, what was right, and the key it was marked with."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.reporting.analysis import AdministrationReport, administration_report, released_administrations
from examapp.scoring.models import ItemMark
from question_bank.exam_policy import PART_ONE
from tests.personas import Client


@pytest.fixture
def report(db: Session) -> AdministrationReport:
    [released] = released_administrations(db)
    return administration_report(db, released.run)


def test_every_candidate_chose_once_and_the_key_is_what_was_right(report: AdministrationReport) -> None:
    assert len(report.items) == 60
    for item in report.items:
        assert sum(item.chosen.values()) == item.statistics.n == report.parts[0].n
        assert item.chosen[item.key] == item.statistics.right


def test_the_report_agrees_with_the_marks(db: Session, report: AdministrationReport) -> None:
    marks = db.scalars(select(ItemMark).where(ItemMark.part == PART_ONE)).all()
    assert {item.code: item.key for item in report.items} == {mark.item: mark.evidence["key"] for mark in marks}
    for item in report.items:
        assert item.statistics.right == sum(mark.mark for mark in marks if mark.item == item.code)


def test_the_page_prints_the_key_in_bold(
    client: Client, db: Session, someone: Callable[[str], User], report: AdministrationReport
) -> None:
    [released] = released_administrations(db)
    client.sign_in_as(someone("admin"))
    page = client.get(f"/reports/{released.administration.id}").text
    item = report.items[0]
    assert re.search(rf"{item.code}.*?<strong>{item.key.upper()} {item.statistics.right}</strong>", page, re.DOTALL)
