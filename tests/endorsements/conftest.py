"""A file to record in: a candidate's, kept by an administrator, with reviewers who are two people."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.endorsements import requirements
from examapp.endorsements.components import record_component
from examapp.endorsements.files import open_file
from examapp.endorsements.models import ComponentRecord, ComponentState, EndorsementFile
from tests.personas import Personas

Record = Callable[..., ComponentRecord]


@pytest.fixture
def keeper(personas: Personas) -> User:
    return personas.administrator(name="Rosa Keeper")


@pytest.fixture
def candidate(personas: Personas) -> User:
    return personas.candidate(name="Lucía Baca", email="lucia@example.org")


@pytest.fixture
def file(db: Session, at: datetime, keeper: User, candidate: User) -> EndorsementFile:
    """A Level 3 file under the shipped requirements."""
    requirements.load_default(db, at=at)
    return open_file(db, candidate, 3, "", by=keeper.id, at=at)


@pytest.fixture
def record(db: Session, at: datetime, keeper: User, file: EndorsementFile) -> Record:
    """Records a requirement as met on March 1; each value can be replaced."""

    def record(requirement: str, **values: Any) -> ComponentRecord:
        usual: dict[str, Any] = {
            "state": ComponentState.MET,
            "amount": Decimal(60) if requirement in ("training", "reflective-supervision") else None,
            "occurred_on": date(2027, 3, 1),
            "evidence": "On paper",
            "verified_by": "Rosa Keeper",
            "verifier_id": None,
            "by": keeper.id,
            "at": at,
        }
        return record_component(db, values.pop("file", file), requirement, **{**usual, **values})

    return record
