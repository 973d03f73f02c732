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


def test_more_candidates_cost_no_more_statements(exam: Exam, chief: Client) -> None:
    paths = "", "/readings", "/agreement", "/runs/{1}", "/runs/{2}/compare/{1}", "/runs/{2}/release"
    counts = []
    for more in (3, 9):
        for _ in range(more):
            exam.sat()
        runs = None, exam.scored().number, exam.score().number
        addresses = {path: f"/scoring/{exam.administration.id}{path.format(*runs)}" for path in paths}
        counts.append({path: statements_for(chief, address) for path, address in addresses.items()})
    assert counts[0] == counts[1]


def test_more_administrations_cost_no_more_statements(exam: Exam, chief: Client, signer: Signer) -> None:
    counts = []
    for more in (3, 9):
        for number in range(more):
            form = factories.sealed_form(exam.db, exam.at, title=f"Form {more}.{number}")
            exam.administration = factories.administration(exam.db, exam.at, exam.chief, form_sha256=form.sha256)
            candidate = exam.sat().candidate
            proposal = release.propose(exam.db, exam.scored(), by=exam.chief.id, at=exam.at)
            release.confirm(exam.db, proposal, by=exam.second.id, at=exam.at, signer=signer)
            note_conflict(exam.db, exam.raters[0].id, candidate.id, reason="Cousin", by=exam.chief.id, at=exam.at)
        addresses = "/scoring", "/reports", "/pass-records", "/scoring/conflicts"
        counts.append({address: statements_for(chief, address) for address in addresses})
    assert counts[0] == counts[1]
