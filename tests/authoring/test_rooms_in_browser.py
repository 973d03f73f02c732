"""The pages of blueprints, forms and framework in a browser: accessible, and as wide as the window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from question_bank.exam_forms import ExamForm
from tests.browser import assert_accessible, assert_fits
from tests.personas import Personas

PAGES = (
    "/bank/blueprints", "/bank/blueprints/{blueprint}", "/bank/blueprints/new?copy={blueprint}", "/bank/forms",
    "/bank/forms/new", "/bank/forms/{form}", "/bank/forms/{form}/preview", "/framework",
)  # fmt: skip
RULE_PAGES = ("/framework/areas/reflection/edit", "/framework/levels/edit", "/framework/versions/1")


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_the_committee(page_of: Callable[..., Page], personas: Personas, sealed: ExamForm, width: int) -> None:
    page = page_of(personas.author(), width)
    for address in PAGES:
        page.goto(address.format(form=sealed.id, blueprint=sealed.blueprint_id))
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("rules")
def test_pages_that_change_the_framework(page_of: Callable[..., Page], personas: Personas, width: int) -> None:
    page = page_of(personas.administrator(), width)
    for address in RULE_PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
