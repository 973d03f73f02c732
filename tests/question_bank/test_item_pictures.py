"""Pictures go along with items from one bank to another."""

import json
from datetime import datetime
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.framework import default_framework
from question_bank.interchange import RowStatus, read
from question_bank.item_export import ExportFormat, export
from question_bank.item_import import ImportDefaults, import_items, plan_import
from question_bank.item_text import picture_line, pictures_in
from question_bank.item_writing import make_version
from question_bank.items import Item, ItemKind, ItemVersion
from question_bank.pictures import LARGEST_FILE, Picture
from tests.drafts import STEM, complete_draft
from tests.personas import Personas
from tests.picture_files import picture_file

FRAMEWORK = default_framework()
FOREIGN = "f" * 64


def shown(at: datetime) -> ItemVersion:
    version = make_version(complete_draft(stem=f"{STEM} {picture_line(FOREIGN, 'A room')}"), number=1, by=1, at=at)
    kind = ItemKind.SINGLE_BEST_ANSWER
    version.item = Item(code="RF-0042", kind=kind, source="x", author_id=1, created_at=at)
    return version


def test_a_picture_comes_along_and_is_made_anew(db: Session, personas: Personas, at: datetime) -> None:
    data = export([shown(at)], FRAMEWORK, ExportFormat.JSON, {FOREIGN: picture_file("JPEG")}).data
    plan = plan_import(set(), read(data, "bank.json"), FRAMEWORK, ImportDefaults())
    assert plan.rows[0].parsed.status is RowStatus.ACCEPTED
    (made,) = import_items(db, plan.usable, FRAMEWORK, filename="bank.json", by=personas.author().id, at=at)
    kept = db.scalars(select(Picture)).one()
    (placed,) = pictures_in(made.latest.content["stem"])
    assert (placed.sha256, placed.description) == (kept.sha256, "A room")
    assert kept.sha256 != FOREIGN


def test_a_picture_goes_to_moodle_and_comes_back(at: datetime) -> None:
    picture = picture_file("JPEG")
    data = export([shown(at)], FRAMEWORK, ExportFormat.MOODLE_XML, {FOREIGN: picture}).data
    assert 'alt="A room"' in unescape(data.decode())
    (row,) = read(data, "moodle.xml").items
    (digest,) = row.pictures
    assert row.pictures[digest] == picture
    assert row.stem == f"{STEM} {picture_line(digest, 'A room')}"


def test_only_pictures_of_other_programs_are_bounded_by_their_bytes(
    db: Session, personas: Personas, at: datetime
) -> None:
    large = picture_file("PNG", (900, 900), compress_level=0)
    assert len(large) > LARGEST_FILE
    own, moodle = (
        read(export([shown(at)], FRAMEWORK, kind, {FOREIGN: large}).data, "bank")
        for kind in (ExportFormat.JSON, ExportFormat.MOODLE_XML)
    )
    plan = plan_import(set(), own, FRAMEWORK, ImportDefaults())
    import_items(db, plan.usable, FRAMEWORK, filename="bank.json", by=personas.author().id, at=at)
    assert db.scalars(select(Picture)).one().width == 900
    assert moodle.items[0].pictures == {}
    data = export([shown(at)], FRAMEWORK, ExportFormat.MOODLE_XML, {FOREIGN: large}).data
    assert read(data, "bank", largest_picture=len(large)).items[0].pictures != {}


@pytest.mark.parametrize("data", ["no base64!", "aGVsbG8="])
def test_a_picture_that_is_none_is_left_out_and_said(at: datetime, data: str) -> None:
    document = json.loads(export([shown(at)], FRAMEWORK, ExportFormat.JSON).data)
    document["pictures"] = {FOREIGN: data}
    (row,) = read(json.dumps(document).encode(), "bank.json").items
    assert row.status is RowStatus.CHANGED
    assert "A picture was left out" in str(row.reasons[0])


def test_formats_without_pictures_say_so(at: datetime) -> None:
    lost = export([shown(at)], FRAMEWORK, ExportFormat.GIFT).left_out.lost
    assert any("Pictures are not in it" in sentence for sentence in lost)
