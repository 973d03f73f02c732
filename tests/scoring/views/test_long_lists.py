"""The pages of scoring ask the database no more for a long list than for a short one."""

import pytest

from examapp.endorsements.signing import make_key
from tests import factories
from tests.personas import Client
from tests.scoring.exam import Exam
from tests.statements import statements_for


@pytest.fixture
def chief(exam: Exam, client: Client) -> Client:
    make_key(client.application.config["EXAMAPP"])
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


def test_more_administrations_cost_no_more_statements(exam: Exam, chief: Client) -> None:
    counts = []
    for more in (3, 9):
        for number in range(more):
            form = factories.sealed_form(exam.db, exam.at, title=f"Form {more}.{number}")
            exam.administration = factories.administration(exam.db, exam.at, exam.chief, form_sha256=form.sha256)
            exam.sat()
            exam.scored()
        counts.append(statements_for(chief, "/scoring"))
    assert counts[0] == counts[1]
