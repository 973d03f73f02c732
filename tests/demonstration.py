"""The demonstration data, loaded once per worker and kind of database; its tests share it and change little."""

from collections.abc import Callable, Iterator

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
from tests.conftest import MORNING
from tests.databases import fresh_database


@pytest.fixture(scope="session")
def demo_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        environment="development",
        instance_path=tmp_path_factory.mktemp("demo"),
        database_url="sqlite://",
        secret_key="not a secret, only for tests",
        public_url="http://exam.example.org",
        smtp_url=None,
        mail_from="Endorsement office <endorsement@example.org>",
        trusted_proxies=0,
        default_time_zone="America/Denver",
        rate_limit_storage="memory://",
        network_grace_seconds=20,
        testing=True,
    )


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_database(request: pytest.FixtureRequest, demo_config: Config) -> Iterator[Database]:
    make_key(demo_config)
    with fresh_database(request.param) as database:
        with database.transaction() as session:
            for load_default in (load_framework, load_exam_policy, load_requirements, load_blueprint):
                load_default(session, at=MORNING)
            assert load(session, Signer(demo_config), at=MORNING)
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
