"""Blind by construction: what raters' pages import, and what their queries touch."""

import ast
import re
from pathlib import Path

import pytest

from examapp.db import Database
from examapp.scoring.models import RatingTask
from tests.personas import Client
from tests.scoring.exam import Exam
from tests.statements import statements_seen

SCORING = Path(__file__).parents[2] / "examapp" / "scoring"
RATERS_MODULES = [SCORING / "ratings.py", SCORING / "views" / "ratings.py"]

# What leads from an essay to a person.
NAMES = {"User", "Registration", "EssayResponseSource", "EndorsementFile", "Attempt", "AttemptPart"}
TABLES = {"registration", "essay_response_source", "endorsement_file", "attempt", "attempt_part", "rater_conflict"}


@pytest.mark.parametrize("path", RATERS_MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_raters_module_names_nothing_that_leads_to_a_candidate(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not (imported | used) & NAMES


@pytest.fixture
def task(exam: Exam) -> RatingTask:
    exam.sat(exam.personas.candidate(name="Zenobia Quintana", email="zenobia@example.org"))
    exam.collect()
    exam.assign(*exam.raters[:2])
    return exam.tasks(rater=exam.raters[0])[0]


def test_the_queries_of_a_raters_pages_touch_no_table_of_candidates(
    exam: Exam, client: Client, database: Database, task: RatingTask
) -> None:
    client.sign_in_as(exam.raters[0])
    with statements_seen() as seen:
        for url in ("/rating", f"/rating/{task.code}"):
            assert client.get(url).status_code == 200
        client.post(f"/rating/{task.code}/draft", data={"level-insight": "3", "version": ""})
    touched = {word for statement in seen for word in re.findall(r"\w+", statement)}
    assert "rating_task" in touched
    assert not touched & TABLES


def test_a_raters_pages_show_no_name_and_nobody_elses_reading(exam: Exam, client: Client, task: RatingTask) -> None:
    other = exam.tasks(rater=exam.raters[1])[0]
    exam.rate(other, {"insight": 4, "planning": 4})
    client.sign_in_as(exam.raters[0])
    for url in ("/rating", f"/rating/{task.code}", f"/rating/{task.code}/recognise"):
        page = client.get(url).text.replace("What Zenobia Quintana wrote", "")  # the essay itself may say anything
        assert "Zenobia" not in page
        assert "Quintana" not in page
        assert other.code not in page
        assert exam.raters[1].name not in page
        assert task.response.item not in page.replace(f"Vignette {task.response.item}", "").replace(
            f"vignette {task.response.item}", ""
        ).replace(f"on {task.response.item}.", "")
