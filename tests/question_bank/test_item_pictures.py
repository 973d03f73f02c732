"""Pictures go along with items from one bank to another."""

import json
from datetime import datetime
from html import unescape
from io import BytesIO
from zipfile import ZipFile

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


@pytest.mark.parametrize("format_", [ExportFormat.QTI_21, ExportFormat.QTI_30])
def test_a_picture_goes_into_a_package_and_comes_back(at: datetime, format_: ExportFormat) -> None:
    picture, version = picture_file("JPEG"), shown(at)
    options = version.content["options"]
    options[1]["text"] = f"{picture_line(FOREIGN, 'The door [shut]')} is shut"
    made = export([version], FRAMEWORK, format_, {FOREIGN: picture})
    assert made.left_out.lost == []
    with ZipFile(BytesIO(made.data)) as package:
        assert package.read(f"pictures/{FOREIGN}.jpg") == picture
        assert f'href="pictures/{FOREIGN}.jpg"' in package.read("imsmanifest.xml").decode()
    (row,) = read(made.data, "bank.zip").items
    ((digest, data),) = row.pictures.items()
    assert (row.status, data, row.stem) == (RowStatus.ACCEPTED, picture, f"{STEM} {picture_line(digest, 'A room')}")
    assert row.options[1][0] == f"{picture_line(digest, 'The door [shut]')} is shut"


def test_the_pictures_of_a_shared_stimulus_come_with_each_item_of_its_set(at: datetime) -> None:
    version = shown(at)
    version.item.set_code = "RF-0042"
    version.content = {**version.content, "stem": STEM, "stimulus": f"See {picture_line(FOREIGN, 'A room')}."}
    data = export([version], FRAMEWORK, ExportFormat.QTI_30, {FOREIGN: picture_file("PNG")}).data
    (row,) = read(data, "bank.zip").items
    (digest,) = row.pictures
    assert row.stimulus == f"See {picture_line(digest, 'A room')}."


def test_a_file_in_a_package_that_is_no_picture_is_left_out_and_said(at: datetime) -> None:
    data = export([shown(at)], FRAMEWORK, ExportFormat.QTI_30, {FOREIGN: b"not a picture"}).data
    (row,) = read(data, "bank.zip").items
    assert (row.stem, row.pictures) == (STEM, {})
    assert "was left out. This is not a picture" in str(row.reasons[0])


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
    assert str(row.reasons[0]).startswith(f"The picture “{FOREIGN}” was left out.")


def test_formats_without_pictures_say_so(at: datetime) -> None:
    lost = export([shown(at)], FRAMEWORK, ExportFormat.GIFT).left_out.lost
    assert any("Pictures are not in it" in sentence for sentence in lost)
