"""The audit trail in sentences, and its filters."""

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.admin.views.sentences import KINDS, SENTENCES
from question_bank import audit
from question_bank.review import Move
from question_bank.rule_documents import DocumentKind
from tests.personas import Client, Personas

ROOT = Path(__file__).parent.parent.parent
# A deed that is not named in the very call that records it.
DEED_OF_ITEMS = re.compile(r'"(items?\.[a-z]+_[a-z_]+)"')


@pytest.fixture
def administrator(client: Client, personas: Personas) -> User:
    user = personas.administrator(name="Rosalind Okafor")
    client.sign_in_as(user)
    return user


def recorded() -> list[ast.Call]:
    """Every place of the product that writes to the audit trail."""
    paths = [*ROOT.glob("examapp/**/*.py"), *ROOT.glob("question_bank/**/*.py")]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    return [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"]


def test_every_deed_of_the_product_has_a_sentence() -> None:
    deeds = {call.args[1].value for call in recorded() if isinstance(call.args[1], ast.Constant)}
    deeds |= set(DEED_OF_ITEMS.findall("".join(path.read_text() for path in ROOT.glob("question_bank/**/*.py"))))
    deeds |= {f"item.{move}" for move in Move} | {f"{kind}.version_added" for kind in DocumentKind}
    assert len(deeds) > 40
    assert deeds - set(SENTENCES) == set(), "Add a sentence for each of these in examapp/admin/views/sentences.py."


def test_every_kind_of_thing_has_a_name() -> None:
    kinds = {call.args[2].value for call in recorded() if isinstance(call.args[2], ast.Constant)}
    assert kinds - set(KINDS) == set(), "Name these in examapp/admin/views/sentences.py."


def test_a_deed_reads_as_a_sentence(
    client: Client, administrator: User, personas: Personas, db: Session, at: datetime
) -> None:
    user = personas.rater(name="Ana Baca")
    changes = {"roles": {"from": ["rater"], "to": ["author", "rater"]}, "locale": {"from": "en", "to": "es"}}
    audit.record(db, "user.changed", "user", user.id, by=administrator.id, at=at, **changes)
    page = " ".join(client.get("/audit").text.split())
    assert "<strong>Rosalind Okafor</strong> changed the account of Ana Baca" in page
    assert "Essay rater" in page and "Item author" in page
    assert "English" in page and "Español" in page


DEEDS = [
    (
        "part.time_given",
        {"seconds": 600, "reason": "a-b power cut", "part": "part_two"},
        ["10 min", "a-b power cut", "Part Two"],
    ),
    ("registration.voided", {"reason": "<b>left</b>"}, ["&lt;b&gt;left&lt;/b&gt;"]),
    ("administration.changed", {"before": {"title": "Old", "x": 1}, "after": {"title": "New", "x": 1}}, ["Old", "New"]),
    ("administration.opened", {"opens_at": "2027-05-01T15:00:00+00:00"}, ["Sat, May 1, 2027, 9:00"]),
    ("readings.assigned", {"raters": [1, 999], "readings": 4}, ["Rosalind Okafor", "Readings: 4"]),
    (
        "item.review_asked",
        {"reviewer": 1, "due_on": "2027-04-01"},
        ["Reviewer: Rosalind Okafor", "To be reviewed by: <time", "Apr 1, 2027"],
    ),
    ("item.commented", {"anchor": "option:b"}, ["Place: Option B"]),
    (
        "user.areas_said",
        {"areas": {"from": ["administration"], "to": ["reflection", "thinking"]}},
        ["Areas of expertise: Administration", "Reflection, Thinking"],
    ),
    ("item.enemy_declared", {"enemy": "RF-0002"}, ["Enemy: RF-0002"]),
    ("item.set_joined", {"set": "RF-0003"}, ["Vignette set: RF-0003"]),
    ("something.new_here", {"epoch": "for-machines"}, ["something: new here (thing-1)"]),
]


@pytest.mark.parametrize(("action", "details", "words"), DEEDS)
def test_details_read_as_people_write_them(
    client: Client, administrator: User, db: Session, at: datetime,
    action: str, details: dict[str, object], words: list[str],
) -> None:  # fmt: skip
    people = {"raters": [administrator.id, 999], "reviewer": administrator.id}
    details = {**details, **{key: named for key, named in people.items() if key in details}}
    audit.record(db, action, "thing", "thing-1", by=None, at=at, **details)
    page = client.get("/audit").text
    assert [word for word in words if word not in page] == []
    assert "for-machines" not in page


FILTERS = [
    ("", {"RF-0001", "RF-0002", "old"}),
    ("?thing=rf-0002", {"RF-0002"}),
    ("?person=ana", {"RF-0001"}),
    ("?person=ANA@example", {"RF-0001"}),
    ("?kind=exam_form", {"old"}),
    ("?since=2027-03-15", {"RF-0001", "RF-0002"}),
    ("?until=2027-03-14", {"old"}),
    ("?since=2027-03-15&until=2027-03-15", {"RF-0001", "RF-0002"}),
    ("?since=never&until=0001-01-01&kind=&page=x", {"RF-0001", "RF-0002", "old"}),
    ("?kind=nonsense", set()),
]


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(("query", "things"), FILTERS)
def test_the_trail_is_filtered_by_person_thing_and_day(
    client: Client, personas: Personas, db: Session, at: datetime, query: str, things: set[str]
) -> None:
    ana, bea = personas.author(name="Ana Baca", email="ana@example.org"), personas.author(name="Bea")
    audit.record(db, "item.begun", "item", "RF-0001", by=ana.id, at=at)
    audit.record(db, "item.begun", "item", "RF-0002", by=bea.id, at=at)
    audit.record(db, "exam_form.drafted", "exam_form", "old", by=bea.id, at=at - timedelta(days=2))
    page = client.get("/audit" + query).text.partition('id="events"')[2]
    assert {thing for thing in ("RF-0001", "RF-0002", "old") if thing in page} == things


@pytest.mark.usefixtures("administrator")
def test_a_person_is_found_by_what_was_done_to_them(
    client: Client, personas: Personas, db: Session, at: datetime
) -> None:
    ana = personas.rater(name="Ana Baca")
    audit.record(db, "user.deactivated", "user", ana.id, by=None, at=at)
    assert "The site" in client.get("/audit?person=baca").text
    assert "deactivated the account of Ana Baca" in client.get("/audit?thing=BACA").text


@pytest.mark.usefixtures("administrator")
def test_the_trail_shows_the_newest_first_and_has_pages(client: Client, db: Session, at: datetime) -> None:
    for number in range(30):
        audit.record(db, "item.begun", "item", f"RF-{number:04d}", by=None, at=at + timedelta(seconds=number))
    first, second = client.get("/audit?kind=item").text, client.get("/audit?kind=item&page=2").text
    assert first.index("RF-0029") < first.index("RF-0028")
    assert "RF-0000" not in first and "RF-0000" in second


def test_the_trail_is_for_administrators_to_read(client: Client, personas: Personas, administrator: User) -> None:
    assert client.post("/audit").status_code == 405
    client.sign_in_as(personas.proctor())
    assert client.get("/audit").status_code == 403
