"""A candidate at Level 3 whose examination is open, and the tab in which they write."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.delivery import attempts, leases, tokens
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.registration.models import Accommodation, Registration
from tests import factories
from tests.delivery.exam_page import OpenPage
from tests.personas import Client, Personas

HOLDER = "tab-of-the-candidate"

Post = Callable[..., TestResponse]


@pytest.fixture
def sitting(db: Session, personas: Personas, at: datetime) -> Registration:
    given = factories.administration(db, at, personas.administrator())
    made = factories.registration(db, at, personas.candidate(name="Lucía Baca"), given)
    db.commit()
    return made


@pytest.fixture
def breaks(db: Session, sitting: Registration, at: datetime) -> Accommodation:
    """Fifteen minutes of breaks in each part. Ask for it before ``part``."""
    granted = Accommodation(
        factor=Decimal(1), break_minutes=15, reason="Letter.", granted_at=at, granted_by_id=sitting.registered_by_id
    )
    sitting.accommodations.append(granted)
    db.flush()
    return granted


@pytest.fixture
def part(db: Session, sitting: Registration, at: datetime) -> AttemptPart:
    """Part One, just started; the tab holds the lease."""
    started = factories.started_part(db, at, sitting)
    leases.acquire(db, started, HOLDER, take_over=False, at=at)
    db.commit()
    return started


@pytest.fixture
def post(app: Flask, client: Client, part: AttemptPart) -> Post:
    """Posts a batch as the tab does: ``post(answer("TF-0001", "b"), after=0, chain=part.chain)``."""

    def send(*events: dict[str, Any], after: int, chain: str, token: str | None = None) -> TestResponse:
        token = token or tokens.sign(factories.ticket(part), app.config["SECRET_KEY"])
        batch = {"after": after, "chain": chain, "events": events}
        return client.post("/exam/log", json=batch, headers=bearer(token))

    return send


def bearer(token: str) -> dict[str, str]:
    """The header in which a tab shows its token."""
    return {"Authorization": f"Bearer {token}"}


# In a browser


@pytest.fixture
def part_one(db: Session, sitting: Registration, at: datetime) -> AttemptPart:
    part = factories.started_part(db, at, sitting)
    db.commit()
    return part


@pytest.fixture
def part_two(db: Session, sitting: Registration, part_one: AttemptPart, at: datetime) -> AttemptPart:
    attempts.close_part(db, part_one, closed_by=ClosedBy.CANDIDATE, at=at)
    part = attempts.start_part(db, sitting, "part_two", at=at)
    db.commit()
    return part


@pytest.fixture
def open_part(page_of: OpenPage, sitting: Registration) -> OpenPage:
    def open_it(part: AttemptPart, page: Page | None = None, **options: object) -> Page:
        page = page or page_of(sitting.candidate, **options)
        page.goto(f"/exam/{sitting.code}/parts/{part.part}")
        return page

    return open_it


def answer(item: str, value: str, kind: str = "answer") -> dict[str, Any]:
    return {"kind": kind, "item": item, "value": value, "client_ms": "1800000000000"}
