"""A candidate at Level 3 whose examination is open, and the tab in which they write."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.delivery import leases, tokens
from examapp.delivery.models import AttemptPart
from examapp.registration.models import Accommodation, Registration
from tests import factories
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
        return client.post(f"/exam/log/{token}", json={"after": after, "chain": chain, "events": events})

    return send


def answer(item: str, value: str, kind: str = "answer") -> dict[str, Any]:
    return {"kind": kind, "item": item, "value": value, "client_ms": "1800000000000"}
