"""The pages of files, rules and registrations in a real browser: accessible, and as wide as the window."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements.models import EndorsementFile
from examapp.registration.accommodations import grant
from examapp.registration.models import Administration
from examapp.registration.registrations import register
from question_bank import framework
from tests.browser import assert_accessible, assert_fits
from tests.registration.conftest import MakeFile

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the browser sees the same pages on both


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    db: Session, at: datetime, spring: Administration, file: EndorsementFile, make_file: MakeFile, office: User,
    page_of: Callable[..., Page], width: int,
) -> None:  # fmt: skip
    framework.load_default(db, at=at)
    make_file(level=4, track="policy", reviewed=None)
    made = register(db, spring, file, by=office.id, at=at)
    grant(db, made, factor=Decimal("1.5"), reason="Letter", by=office.id, at=at)
    page = page_of(office, width=width)
    here = f"/administrations/{spring.id}"
    for path in (
        "/files", f"/files/{file.number}", f"/files/{file.number}/training/record", "/files/open", "/requirements",
        "/requirements/versions/1", "/requirements/change", "/policies", "/policies/change", "/verify",
        "/administrations", here, f"{here}/change", f"{here}/register", f"{here}/sheet", f"{here}/cancel",
        f"{here}/registrations/{made.code}", f"{here}/registrations/{made.code}/accommodation",
    ):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


def test_a_sheet_goes_from_the_file_to_the_registrations(
    spring: Administration, file: EndorsementFile, office: User, page_of: Callable[..., Page]
) -> None:
    page = page_of(office)
    page.goto(f"/administrations/{spring.id}/sheet")
    sheet = b"email,level,track\nlucia@example.org,3,\n"
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": sheet})
    page.get_by_role("button", name="Check the sheet").click()
    assert_accessible(page)
    page.get_by_role("button", name="Register 1 candidate").click()
    expect(page.get_by_role("link", name="Lucía Baca")).to_be_visible()
