"""Scoring, and the reports on it, ask the database no more for a long list than for a short one."""

import pytest
from flask import Flask

from examapp.endorsements.signing import Signer, make_key
from examapp.scoring import release
from examapp.scoring.conflicts import note_conflict
from tests import factories
from tests.personas import Client
from tests.scoring.exam import Exam
from tests.statements import statements_for


@pytest.fixture
def signer(app: Flask) -> Signer:
    make_key(app.config["EXAMAPP"])
    return Signer(app.config["EXAMAPP"])


@pytest.fixture
def chief(exam: Exam, client: Client, signer: Signer) -> Client:
    client.sign_in_as(exam.chief)
    return client


@pytest.mark.parametrize(
    "path", ["", "/readings", "/agreement", "/runs/{first}", "/runs/{second}/compare/{first}", "/runs/{second}/release"]
)
def test_more_candidates_cost_no_more_statements(exam: Exam, chief: Client, path: str) -> None:
    counts = []
    for more in (3, 9):
        for _ in range(more):
            exam.sat()
        first, second = exam.scored().number, exam.score().number
        address = f"/scoring/{exam.administration.id}" + path.format(first=first, second=second)
        counts.append(statements_for(chief, address))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["/scoring", "/reports", "/pass-records", "/scoring/conflicts"])
def test_more_administrations_cost_no_more_statements(exam: Exam, chief: Client, signer: Signer, address: str) -> None:
    counts = []
    for more in (3, 9):
        for number in range(more):
            form = factories.sealed_form(exam.db, exam.at, title=f"Form {more}.{number}")
            exam.administration = factories.administration(exam.db, exam.at, exam.chief, form_sha256=form.sha256)
            candidate = exam.sat().candidate
            proposal = release.propose(exam.db, exam.scored(), by=exam.chief.id, at=exam.at)
            release.confirm(exam.db, proposal, by=exam.second.id, at=exam.at, signer=signer)
            note_conflict(exam.db, exam.raters[0].id, candidate.id, reason="Cousin", by=exam.chief.id, at=exam.at)
        counts.append(statements_for(chief, address))
    assert counts[0] == counts[1]
