"""The demonstration data, loaded once a test run and copied for each worker; its tests change little of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.config import Config
from examapp.db import Database
from examapp.demo.loading import load
from examapp.demo.people import DOMAIN
from examapp.endorsements.requirements import load_default as load_requirements
from examapp.endorsements.signing import Signer, make_key
from question_bank.blueprint_plans import load_default as load_blueprint
from question_bank.exam_policy import load_default as load_exam_policy
from question_bank.framework import load_default as load_framework
from tests.conftest import MORNING, SETTINGS
from tests.databases import Content, folder, fresh_database


def demo_config() -> Config:
    """The settings under which the demonstration is loaded: one signing key for the whole test run."""
    return replace(SETTINGS, instance_path=folder() / "demo")


def fill(database: Database) -> None:
    make_key(demo_config())
    with database.transaction() as session:
        for load_default in (load_framework, load_exam_policy, load_requirements, load_blueprint):
            load_default(session, at=MORNING)
        assert load(session, Signer(demo_config()), public_url=demo_config().public_url, at=MORNING)


DEMONSTRATION = Content("demonstration", fill)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with fresh_database(request.param, DEMONSTRATION) as database:
        yield database


@pytest.fixture
def database(demo_database: Database) -> Database:
    return demo_database


@pytest.fixture
def someone(db: Session) -> Callable[[str], User]:
    """Somebody of the demonstration, by mailbox."""

    def find(mailbox: str) -> User:
        return db.scalars(select(User).where(User.email == f"{mailbox}@{DOMAIN}")).one()

    return find
