"""What the rules call things is translated on the pages of the staff, not only on those of candidates."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.registration.models import Accommodation, Registration
from examapp.scoring.models import PartScore
from question_bank.exam_policy import default_exam_policy
from question_bank.framework import default_framework
from question_bank.items import Item, ItemVersion, ReviewState
from tests.personas import Client

# Titles of areas, tracks and parts that no item, name or code contains by chance.
AMBIGUOUS = {"Thinking", "Reflection", "Administration"}
ENGLISH = [
    *(area.title for area in default_framework().areas if area.title not in AMBIGUOUS),
    *(part.title for part in default_exam_policy().parts),
    "Research Faculty",
]


@pytest.fixture
def named(db: Session) -> dict[str, object]:
    """What the addresses of the pages name."""
    drafts = select(Item.code).join(Item.versions).where(ItemVersion.state == ReviewState.DRAFT)
    granted = select(Registration).join(Accommodation, Accommodation.registration_id == Registration.id)
    scored = select(Registration).join(PartScore, PartScore.registration_id == Registration.id)
    return {
        "draft": db.scalars(drafts).first(),
        "granted": db.scalars(granted).first(),
        "scored": db.scalars(scored).first(),
    }


@pytest.mark.parametrize(
    ("mailbox", "address"),
    [
        ("author", "/bank"),
        ("author", "/bank/review"),
        ("author", "/bank/items/{draft}"),
        ("author", "/bank/items/{draft}/edit"),
        ("author", "/bank/import"),
        ("author", "/bank/blueprints/1"),
        ("author", "/bank/blueprints/new"),
        ("author", "/bank/forms/1"),
        ("author", "/bank/forms/1/preview?level=4&track=research_faculty"),
        ("admin", "/framework/areas/theoretical-foundations/edit"),
        ("admin", "/administrations/{granted.administration_id}/registrations/{granted.code}"),
        ("admin", "/scoring/1/runs/1"),
        ("admin", "/scoring/1/runs/1/release"),
        ("admin", "/scoring/1/runs/1/registrations/{scored.code}"),
        ("admin", "/scoring/1/agreement"),
        ("admin", "/reports/1"),
        ("admin", "/pass-records"),
    ],
)
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)  # words are the same on every database
def test_titles_of_the_rules_are_in_spanish(
    client: Client, db: Session, someone: Callable[[str], User], named: dict[str, object], mailbox: str, address: str
) -> None:
    user = someone(mailbox)
    user.locale = "es"
    client.sign_in_as(user)
    page = client.get(address.format(**named))
    user.locale = "en"
    assert page.status_code == 200
    shown = re.sub(r"<(input|textarea)\b[^>]*>[^<]*", "", page.text)  # what is edited stays as it was written
    assert not [title for title in ENGLISH if f">{title}<" in shown or f">{title}," in shown or f"“{title}”" in shown]
