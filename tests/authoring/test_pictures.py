"""Adding a picture to the bank, and looking at it."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.item_text import picture_line
from question_bank.item_writing import add_item
from question_bank.items import Item, ItemKind
from question_bank.pictures import Picture, add_picture
from tests.drafts import STEM, complete_draft, typed
from tests.personas import Client, Personas
from tests.picture_files import picture_file

PNG = picture_file()
HINTS = "/bank/items/RF-0001/hints"


def posted(data: bytes = PNG, description: str = "A room") -> dict[str, Any]:
    return {"picture_file": (BytesIO(data), "room.png"), "description": description}


@pytest.fixture
def picture(db: Session, personas: Personas, at: datetime) -> Picture:
    return add_picture(db, picture_file(), by=personas.author().id, at=at)


@pytest.fixture
def item(db: Session, personas: Personas, at: datetime) -> Item:
    draft, author = complete_draft(), personas.author().id
    return add_item(db, ItemKind.SINGLE_BEST_ANSWER, "RF", draft, source="written here", by=author, at=at)


def test_the_editor_gets_the_line_of_a_picture(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    answer = client.post("/bank/pictures", data=posted())
    kept = db.scalars(select(Picture)).one()
    assert (answer.status_code, answer.json) == (201, {"line": f"![A room](picture:{kept.sha256})"})


@pytest.mark.parametrize("address", ["/bank/pictures", "/bank/pictures/new"])
@pytest.mark.parametrize(
    ("data", "description", "sentence"),
    [
        (b"%PDF-1.7", "A room", "not a picture of a kind that is accepted"),
        (PNG + b"\0" * 102_400, "A room", "larger than 100 KB"),
        (PNG, " ", "Describe the picture."),
        (b"", "A room", "not a picture of a kind that is accepted"),
    ],
    ids=["pdf", "large", "no description", "empty"],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_wrong_is_said(
    client: Client,
    app: Flask,
    personas: Personas,
    db: Session,
    address: str,
    data: bytes,
    description: str,
    sentence: str,
) -> None:
    app.config["EXAMAPP"] = replace(app.config["EXAMAPP"], picture_limit_kb=100)
    client.sign_in_as(personas.author())
    answer = client.post(address, data=posted(data, description))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(Picture)).all() == []


def test_without_a_script_the_line_stands_on_a_page(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    page = client.post("/bank/pictures/new", data=posted(), follow_redirects=True).text
    assert "![A room](picture:" in page
    assert '<img class="item-picture" src="/bank/pictures/' in page


def test_a_picture_may_do_nothing_but_be_seen(client: Client, personas: Personas, picture: Picture) -> None:
    client.sign_in_as(personas.reviewer())
    answer = client.get(f"/bank/pictures/{picture.sha256}")
    assert (answer.data, answer.mimetype) == (picture.data, "image/png")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")


def test_only_the_committee_sees_it_and_only_authors_add(client: Client, personas: Personas, picture: Picture) -> None:
    client.sign_in_as(personas.candidate())
    assert client.get(f"/bank/pictures/{picture.sha256}").status_code == 403
    client.sign_in_as(personas.reviewer())
    assert client.post("/bank/pictures", data=posted()).status_code == 403
    assert client.get(f"/bank/pictures/{'0' * 64}").status_code == 404


def test_the_hints_show_pictures_and_formulas(client: Client, personas: Personas, item: Item, picture: Picture) -> None:
    client.sign_in_as(personas.author())
    page = client.post(HINTS, data=typed(stem=f"{STEM} {picture_line(picture.sha256, 'A room')} $x^2$")).text
    assert f'<img class="item-picture" src="/bank/pictures/{picture.sha256}" alt="A room">' in page
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    assert "No remarks" in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("![](picture:{sha})", "Describe the picture between the square brackets"),
        ("![A room](picture:0123)", "A picture is named that is not here."),
        ("So $\\frac{{a$ is", "A formula cannot be read"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_candidate_could_not_see_keeps_a_draft_from_review(
    client: Client, personas: Personas, item: Item, picture: Picture, text: str, sentence: str
) -> None:
    client.sign_in_as(personas.author())
    stem = f"{STEM} {text.format(sha=picture.sha256)}"
    assert sentence in client.post(HINTS, data=typed(stem=stem)).text
    client.post("/bank/items/RF-0001/edit", data=typed(stem=stem))
    client.post("/bank/items/RF-0001/submit", follow_redirects=True)
    assert "Draft" in client.get("/bank/items/RF-0001").text
    assert sentence in client.get("/bank/items/RF-0001").text
