"""A candidate gets the pictures of the part they are writing, and no others."""

from datetime import datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from examapp.delivery import attempts
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.registration.models import Registration
from question_bank.item_text import picture_line
from question_bank.pictures import Picture, add_picture
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.delivery.exam_page import OpenPage, is_kept, saved
from tests.personas import Client, Personas
from tests.picture_files import picture_file


@pytest.fixture
def pictures(db: Session, personas: Personas, at: datetime) -> list[Picture]:
    """One for a stem, one for a vignette, and one that stands on no form."""
    by = personas.author().id
    return [add_picture(db, picture_file(size=(900, side)), by=by, at=at) for side in (300, 200, 100)]


@pytest.fixture
def sitting(
    db: Session, personas: Personas, at: datetime, pictures: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> Registration:
    """Registered for a form whose first stem and vignettes show a picture."""
    item, essay = factories.sealed_item, factories.sealed_essay
    shown, in_vignette = (picture_line(picture.sha256, "Two babies at play") for picture in pictures[:2])
    with monkeypatch.context() as patch:
        patch.setattr(
            factories,
            "sealed_item",
            lambda n: item(n).model_copy(update={"stem": f"{shown} Of $x^2$?"} if n == 1 else {}),
        )
        patch.setattr(factories, "sealed_essay", lambda code: essay(code).model_copy(update={"stimulus": in_vignette}))
        given = factories.administration(db, at, personas.administrator())
    made = factories.registration(db, at, personas.candidate(), given)
    db.commit()
    return made


def address(part: str, picture: Picture) -> str:
    return f"parts/{part}/pictures/{picture.sha256}"


def test_the_page_names_pictures_below_its_own_address(
    client: Client, sitting: Registration, part_one: AttemptPart, pictures: list[Picture]
) -> None:
    client.sign_in_as(sitting.candidate)
    page = client.get(f"/exam/{sitting.code}/parts/part_one").text
    assert f'<img class="item-picture" src="part_one/pictures/{pictures[0].sha256}" alt="Two babies at play">' in page
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    answer = client.get(f"/exam/{sitting.code}/{address('part_one', pictures[0])}")
    assert (answer.data, answer.mimetype) == (pictures[0].data, "image/png")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    # When time runs out with the page closed, nothing tells the browser to forget them.
    assert answer.headers["Cache-Control"] == "private, max-age=21600, immutable"


def test_no_picture_of_another_part_or_of_no_form(
    client: Client, sitting: Registration, part_one: AttemptPart, pictures: list[Picture]
) -> None:
    client.sign_in_as(sitting.candidate)
    stem, vignette, elsewhere = pictures
    refused = [("part_one", vignette), ("part_one", elsewhere), ("part_two", vignette), ("part_two", stem)]
    codes = [client.get(f"/exam/{sitting.code}/{address(part, picture)}").status_code for part, picture in refused]
    assert codes == [404] * 4


def test_no_picture_before_the_start_after_the_end_or_for_somebody_else(
    client: Client, db: Session, sitting: Registration, personas: Personas, pictures: list[Picture], at: datetime
) -> None:
    mine = f"/exam/{sitting.code}/{address('part_one', pictures[0])}"
    client.sign_in_as(sitting.candidate)
    assert client.get(mine).status_code == 404
    part = factories.started_part(db, at, sitting)
    assert client.get(mine).status_code == 200
    client.sign_in_as(personas.candidate())
    assert client.get(mine).status_code == 404
    client.sign_in_as(sitting.candidate)
    attempts.close_part(db, part, closed_by=ClosedBy.CANDIDATE, at=at)
    assert client.get(mine).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_picture_is_there_after_a_reload_without_a_connection(open_part: OpenPage, part_one: AttemptPart) -> None:
    page = open_part(part_one, width=390)
    saved(page)
    picture = page.get_by_role("img", name="Two babies at play")
    expect(picture).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    is_kept(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_function("() => document.querySelector('.item-picture').naturalWidth === 900")
    page.get_by_role("button", name="Two babies at play").click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    assert page.locator("#enlarged img").evaluate("(picture) => picture.clientWidth") == 900
