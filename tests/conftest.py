"""The ground every test stands on. A test that uses the database runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture

from examapp import create_app
from examapp.accounts.models import User
from examapp.catalogues import compile_catalogues
from examapp.config import Config
from examapp.db import Database
from examapp.extensions import limiter
from question_bank.similar_items import SimilarItems
from tests import databases
from tests.bank import Bank
from tests.browser import CHROMIUM_ARGS, sign_in_cookie
from tests.live_server import serving
from tests.personas import Client, Personas
from tests.quick_passwords import use_quick_hashing
from tests.system_tools import find_chromium

MORNING = datetime(2027, 3, 15, 16, 0, tzinfo=UTC)  # 10:00 in Denver, the day after the clocks went forward


# What every application of the tests runs under; the folder and the database are a test's own.
SETTINGS = Config(
    environment="development",
    instance_path=Path("instance-of-a-test"),
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


# The gate says the same of the same code, on machines of any speed; `--hypothesis-profile=explore` looks further.
ANY_SPEED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("gate", derandomize=True, deadline=None, suppress_health_check=ANY_SPEED)
settings.register_profile("explore", max_examples=1000, deadline=None, suppress_health_check=ANY_SPEED)
settings.load_profile("gate")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # not a worker: the process that starts them, or the only one
        databases.make_folder()
        compile_catalogues()
    use_quick_hashing()
    expect.set_options(timeout=20_000)  # milliseconds: a page asks the server every 15 seconds
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


# What takes longest comes first, so that no worker has a long test left when the others are done: the tests that play
# the whole product, then those in a browser.
LONGEST = ("test_whole_line.py", "test_rehearse.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (item.path.name not in LONGEST, "new_context" not in getattr(item, "fixturenames", ())))


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.remove_databases()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(databases.folder(), ignore_errors=True)


@pytest.fixture
def at() -> datetime:
    """The moment at which a test begins. Pages see the same time: move it with ``time_machine.shift(…)``."""
    return MORNING


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database without rows, once per kind of database."""
    with databases.empty_database(request.param) as database:
        yield database


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session of the test. The client commits it before each request, so that pages see what the test has made."""
    with database.sessions() as session:
        yield session


@pytest.fixture(scope="session")
def worker_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application per worker, because making one takes longer than most tests."""
    app = create_app(replace(SETTINGS, instance_path=tmp_path_factory.mktemp("instance")))
    app.test_client_class = Client
    return app


@pytest.fixture
def app(
    worker_app: Flask, database: Database, tmp_path: Path, at: datetime, time_machine: TimeMachineFixture
) -> Iterator[Flask]:
    """The application on this test's database and instance folder; no CSRF tokens, no rate limits."""
    settings = dict(worker_app.config)
    worker_app.config["EXAMAPP"] = replace(settings["EXAMAPP"], instance_path=tmp_path)
    worker_app.config["WTF_CSRF_ENABLED"] = False
    worker_app.extensions["database"] = database
    worker_app.extensions["similar_items"] = SimilarItems()
    limiter.enabled = False
    time_machine.move_to(at, tick=False)
    yield worker_app
    worker_app.config.clear()
    worker_app.config.update(settings)


@pytest.fixture
def rate_limits(app: Flask) -> None:
    """Turns the rate limits on for a test about them."""
    limiter.reset()
    limiter.enabled = True


@pytest.fixture
def client(app: Flask, db: Session) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    client.db = db
    return client


@pytest.fixture
def personas(db: Session, at: datetime) -> Personas:
    """Makes people: ``personas.candidate()``, ``personas.person(Role.AUTHOR, Role.RATER, name="Ana")``."""
    return Personas(db, at)


@pytest.fixture
def bank(db: Session, personas: Personas, at: datetime) -> Bank:
    """Makes items and vignettes in use: ``bank.item(area, term)``, ``bank.vignette(slot)``, ``bank.fill()``."""
    return Bank(db, personas.author().id, at)


@pytest.fixture
def live_server(app: Flask, at: datetime, time_machine: TimeMachineFixture) -> Iterator[str]:
    """The application behind waitress on a free port, with CSRF tokens; the address. Its clock runs, from ``at``."""
    app.config["WTF_CSRF_ENABLED"] = True
    time_machine.move_to(at, tick=True)
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find_chromium()
    if path is None:
        pytest.exit("The tests need Chromium. On Debian and Ubuntu: apt-get install chromium", returncode=1)
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_ARGS}


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], live_server: str) -> BrowserContext:
    """A browser without a sign-in; addresses are relative to the live server."""
    return new_context(base_url=live_server)


@pytest.fixture
def page_of(new_context: Callable[..., BrowserContext], live_server: str, client: Client) -> Callable[..., Page]:
    """Opens a browser window of its own in which ``user`` has signed in: ``page_of(user, width=390)``."""

    def open_page(user: User, width: int = 1280, **options: Any) -> Page:
        context = new_context(base_url=live_server, viewport={"width": width, "height": 900}, **options)
        context.add_cookies([sign_in_cookie(client, user, live_server)])
        return context.new_page()

    return open_page
