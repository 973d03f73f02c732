"""Importing items: upload, dry run, import."""

import os
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from question_bank.audit import AuditEvent
from question_bank.items import Item, ReviewState
from tests.bank import Bank
from tests.personas import Client, Personas

MOMENT = "20270315T160000000000"  # in which the tests begin
SHEET = b"question,a,b,c,answer\nWhat comes first?,Ask,Wait,Tell,A\n<i>And</i> then?,x,y,z,C\nThird?,x,y,z,\n"


def upload(client: Client, data: bytes, name: str = "bank.csv", **fields: Any) -> TestResponse:
    return client.post("/bank/import", data={"file": (BytesIO(data), name), **fields})


def count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Item)) or 0


def test_a_file_is_shown_row_by_row_before_anything_is_written(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    page = client.get(upload(client, SHEET).location).text
    for text in ("bank.csv", "What comes first?", "A · Ask", "Formatting was removed.", "It has no key."):
        assert text in page
    assert "Import 2 items as drafts" in page
    assert count(db) == 0


def test_all_accepted_rows_are_imported_at_once_as_drafts(client: Client, personas: Personas, db: Session) -> None:
    author = personas.author()
    client.sign_in_as(author)
    address = upload(client, SHEET, area="reflection", levels=["4"]).location
    assert client.post(address, data={"expected": 2}).location == f"/bank/imported/{MOMENT}"
    items = list(db.scalars(select(Item).order_by(Item.id)))
    assert [(item.code, item.source) for item in items] == [
        ("RF-0001", "bank.csv, row 2"),
        ("RF-0002", "bank.csv, row 3"),
    ]
    assert {(item.latest.state, item.author_id, *item.latest.levels) for item in items} == {
        (ReviewState.DRAFT, author.id, 4)
    }
    assert db.scalar(select(AuditEvent).where(AuditEvent.action == "items.imported"))
    assert client.post(address, data={"expected": 2}).status_code == 409  # imported already
    assert count(db) == 2


def test_a_refused_tag_is_shown_with_what_there_is(client: Client, personas: Personas) -> None:
    author = personas.author()
    author.locale = "es"
    client.sign_in_as(author)
    sheet = b"question,a,b,answer,track,level\nQ?,x,y,a,Clinicall,4\n"
    page = client.get(upload(client, sheet).location).text
    assert "Clinicall" in page
    assert "Research Faculty" in page


def test_a_picture_left_out_is_shown_with_its_reason_in_the_language_of_the_reader(
    client: Client, personas: Personas
) -> None:
    author = personas.author()
    author.locale = "es"
    client.sign_in_as(author)
    text = '<text><![CDATA[<p>See <img src="@@PLUGINFILE@@/a.svg"></p>]]></text><file name="a.svg">PHN2Zy8+</file>'
    quiz = f'<quiz><question type="essay"><questiontext format="html">{text}</questiontext></question></quiz>'
    page = client.get(upload(client, quiz.encode(), "quiz.xml").location).text
    assert "“a.svg”" in page
    assert "Este archivo no es una imagen de los tipos aceptados" in page


def test_what_is_in_the_bank_is_refused(client: Client, personas: Personas, bank: Bank) -> None:
    bank.item(stem="What comes first?")
    client.sign_in_as(personas.author())
    page = client.get(upload(client, SHEET).location).text
    assert "The bank already holds an item with this text." in page
    assert "Import 1 item as a draft" in page


def test_a_bank_that_has_changed_since_is_shown_again(
    client: Client, personas: Personas, bank: Bank, db: Session
) -> None:
    client.sign_in_as(personas.author())
    address = upload(client, SHEET).location
    bank.item(stem="What comes first?")
    response = client.post(address, data={"expected": 2})
    assert response.status_code == 409
    assert "The bank has changed since you looked" in response.text
    assert count(db) == 1


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "bank.csv", "empty"),
        (b"%PDF-1.4", "bank.csv", "PDF"),
        (bytes(range(256)), "bank.xlsx", "not text"),
        (b"PK\x03\x04", "bank.xlsx", "damaged"),
        (b"hello", "../../etc/passwd", "No question was recognised"),
    ],
)
def test_a_wrong_file_is_refused_beside_the_field(
    client: Client, personas: Personas, data: bytes, name: str, sentence: str
) -> None:
    client.sign_in_as(personas.author())
    response = upload(client, data, name)
    assert response.status_code == 422
    assert sentence in response.text


def test_no_file_and_too_large_a_file_are_refused(app: Flask, client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    assert "Choose a file." in client.post("/bank/import", data={}).text
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    large = upload(client, b"x" * 2_000)
    assert large.status_code == 413
    assert "too large" in large.text


@pytest.mark.parametrize("token", ["x", "x" * 22, "..%2F..%2Fsecret_key", "....................%0B"])
def test_an_unknown_upload_has_a_page_that_says_so(client: Client, personas: Personas, token: str) -> None:
    client.sign_in_as(personas.author())
    assert client.get(f"/bank/import/{token}").status_code in (404, 409)


def test_an_upload_belongs_to_its_person_and_lasts_a_day(
    client: Client, personas: Personas, db: Session, at: datetime, tmp_path: Path
) -> None:
    author = personas.author()
    client.sign_in_as(author)
    address = upload(client, SHEET).location
    client.sign_in_as(personas.author())
    assert client.get(address).status_code == 409
    assert "no longer here" in client.post(address, data={"expected": 2}).text
    (parked,) = (tmp_path / "uploads").iterdir()
    os.utime(parked, (at.timestamp() - 90_000,) * 2)
    upload(client, SHEET)
    assert not parked.exists()
    client.sign_in_as(author)
    assert client.get(address).status_code == 409
    assert count(db) == 0


def test_only_authors_import(client: Client, personas: Personas) -> None:
    for person in (personas.reviewer(), personas.administrator(), personas.candidate()):
        client.sign_in_as(person)
        assert client.get("/bank/import").status_code == 403
        assert upload(client, SHEET).status_code == 403
        assert client.get("/bank/import/" + "x" * 22).status_code == 403


def test_a_file_with_nothing_usable_offers_no_import(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    page = client.get(upload(client, b"question,a,b,key\nQ?,x,y,\n").location).text
    assert "No question of this file can be imported" in page
    assert "as drafts" not in page.partition("Every row")[0].partition("Nothing")[2]


def imported(client: Client, data: bytes) -> str:
    address = upload(client, data).location
    return client.post(address, data={"expected": 2}).location


def test_an_import_is_undone_after_a_question(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = imported(client, SHEET)
    assert "Undo this import" in client.get(address).text
    assert "Undo the import of 2 items?" in client.get(f"{address}/undo").text
    assert "2 items were removed again." in client.post(f"{address}/undo", follow_redirects=True).text
    assert count(db) == 0
    assert client.post(f"{address}/undo").status_code == 404


def test_nobody_undoes_the_import_of_another(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = imported(client, SHEET)
    client.sign_in_as(personas.author())
    assert client.post(f"{address}/undo").status_code == 404
    client.sign_in_as(personas.reviewer())
    assert client.post(f"{address}/undo").status_code == 403
    assert count(db) == 2


def test_an_import_that_went_to_review_is_not_undone(client: Client, personas: Personas, db: Session) -> None:
    client.sign_in_as(personas.author())
    address = imported(client, SHEET)
    db.scalars(select(Item)).first().latest.edit_count = 1  # type: ignore[union-attr]
    db.commit()
    answer = client.post(f"{address}/undo")
    assert answer.status_code == 409
    assert "cannot be undone" in answer.text
    assert count(db) == 2


def test_what_is_refused_comes_first_and_long_files_come_in_pages(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    sheet = b"question,a,b,answer\n" + b"".join(b"Q%d?,x,y,a\n" % n for n in range(201)) + b"Last?,x,y,\n"
    address = upload(client, sheet).location
    first, second = client.get(address).text, client.get(f"{address}?page=2").text
    assert first.index("Last?") < first.index("Q0?")
    assert "Q200?" not in first
    assert "Q200?" in second


FOREIGN = b"Frage;W1;W2;L;Quelle\nWhat now?;x;y;b;p. 4\nAnd then?;x;z;a;p. 5\n"
CHOSEN = {"columns-0": "stem", "columns-1": "option a", "columns-2": "option b", "columns-3": "key"}


def test_columns_that_nobody_knows_are_asked_for_with_a_guess(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    address = upload(client, FOREIGN).location
    assert address.endswith("/columns")
    page = client.get(address).text
    for text in ("Frage", "And then?", 'selected value="stem"', 'selected value="key"', 'selected value="option b"'):
        assert text in page
    rows = client.post(address, data={**CHOSEN, "columns-4": "reference"}, follow_redirects=True).text
    assert "Import 2 items as drafts" in rows
    assert "Choose the columns" in rows


def test_what_was_chosen_is_used_for_the_next_sheet_with_these_headings(client: Client, personas: Personas) -> None:
    author = personas.author()
    client.sign_in_as(author)
    client.post(upload(client, FOREIGN).location, data={**CHOSEN, "columns-4": "leave out"})
    again = upload(client, FOREIGN).location
    assert not again.endswith("/columns")
    assert 'selected value="leave out"' in client.get(f"{again}/columns").text
    client.sign_in_as(personas.author())
    assert upload(client, FOREIGN).location.endswith("/columns")  # it is the choice of one person


def test_two_columns_of_one_field_are_refused_beside_it_and_nothing_chosen_is_lost(
    client: Client, personas: Personas
) -> None:
    client.sign_in_as(personas.author())
    address = upload(client, FOREIGN).location
    answer = client.post(address, data={**CHOSEN, "columns-4": "stem"})
    assert answer.status_code == 422
    for heading in ("Frage", "Quelle"):  # beside both, and above the table
        assert answer.text.count(f"“{heading}” cannot be this: another column of the sheet is, too.") == 2
    assert answer.text.count('selected value="stem"') == 2


def test_columns_without_a_question_or_a_key_are_refused(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    address = upload(client, FOREIGN).location
    answer = client.post(address, data={**CHOSEN, "columns-3": "note", "columns-4": "note"})
    assert answer.status_code == 422
    assert "which one names the key" in answer.text


def test_a_file_that_is_no_sheet_has_no_columns_to_choose(client: Client, personas: Personas) -> None:
    client.sign_in_as(personas.author())
    address = upload(client, b"::Q::What now?{=x ~y}", "bank.gift").location
    assert client.get(f"{address}/columns").status_code == 404
    assert "Choose the columns" not in client.get(address).text
