"""The stage of a rehearsal: a database and an examination made for it, and server processes on it."""

import os
import subprocess  # nosec B404 # only our own words are run
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from examapp.accounts import sign_in
from examapp.accounts.models import Role, User, UserRole
from examapp.accounts.views.browser import TOKEN
from examapp.db import Database
from examapp.endorsements import requirements
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.rehearsal.postgresql import free_port
from examapp.schema import upgrade
from question_bank import blueprint_plans, exam_policy, framework
from question_bank.exam_forms import FormKey, SealedForm
from question_bank.exam_policy import PART_ONE
from question_bank.item_kinds import Option
from question_bank.rule_documents import canonical_json, sha256_of
from question_bank.sealed_documents import ItemKey, KeyDocument, SealedDocument, SealedItem

ROOT = Path(__file__).parent.parent.parent
ITEMS = [f"RH-{number:04}" for number in range(1, 61)]


@dataclass(frozen=True)
class Seat:
    """One registered candidate and the cookie of their sign-in."""

    code: str
    cookie: str


class Site:
    """A site of its own in ``folder``, on the database at ``url``."""

    def __init__(self, app: Flask, folder: Path, url: str, candidates: int, at: datetime) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("EXAMAPP_ENV", "PORT", "HOST")},
            "INSTANCE_PATH": str(folder),
            "DATABASE_URL": url,
            "SECRET_KEY": app.config["SECRET_KEY"],
        }
        self.database = Database(url)
        upgrade(self.database.engine)
        with self.database.transaction() as session:
            for rules in (framework, requirements, exam_policy, blueprint_plans):
                rules.load_default(session, at=at)
            given = open_administration(session, at=at)
            self.seats = [register(session, app, given, number, at=at) for number in range(candidates)]


def open_administration(session: Session, *, at: datetime) -> Administration:
    office = person(session, "office", Role.ADMINISTRATOR, at=at)
    given = Administration(
        title="Rehearsal",
        opens_at=at - timedelta(minutes=1),
        closes_at=at + timedelta(hours=5),
        time_zone="America/Denver",
        form_sha256=seal_form(session, at=at),
        policy_id=exam_policy.load_default(session, at=at).id,
        created_at=at,
        created_by_id=office.id,
    )
    session.add(given)
    session.flush()
    return given


def seal_form(session: Session, *, at: datetime) -> str:
    """A form of sixty questions that mean nothing; its SHA-256."""
    options = [Option(id=letter, text=f"Answer {letter}") for letter in "abcd"]
    items = [
        SealedItem(
            code=code, version=1, kind="single_best_answer", stem=f"Question {code} of a rehearsal?", options=options
        )
        for code in ITEMS
    ]
    document = SealedDocument(
        schema_version=1, title="Rehearsal", purpose="practice", part_one=items, slot_groups=[], essays={}
    )
    text = canonical_json(document.model_dump(mode="json"))
    keys = KeyDocument(items={code: ItemKey(key="a", area="", terms=[]) for code in ITEMS}, essays={})
    session.add(SealedForm(sha256=sha256_of(text), document=text, sealed_at=at))
    session.flush()
    session.add(
        FormKey(
            form_sha256=sha256_of(text),
            version=1,
            keys=keys.model_dump(mode="json"),
            reason="Rehearsal.",
            created_at=at,
        )
    )
    return sha256_of(text)


def person(session: Session, name: str, role: Role, *, at: datetime) -> User:
    user = User(
        email=f"{name}@rehearsal.example", name=name, created_at=at, role_rows=[UserRole(role=role, granted_at=at)]
    )
    session.add(user)
    session.flush()
    return user


def register(session: Session, app: Flask, given: Administration, number: int, *, at: datetime) -> Seat:
    user = person(session, f"candidate{number:05}", Role.CANDIDATE, at=at)
    file = EndorsementFile(
        number=f"EF-R-{number:05}", user_id=user.id, level=3, opened_at=at,
        requirements_id=requirements.load_default(session, at=at).id,
    )  # fmt: skip
    session.add(file)
    session.flush()
    session.add(
        Registration(
            code=f"R-{number:05}", administration_id=given.id, candidate_id=user.id, file_id=file.id, level=3,
            policy_id=given.policy_id, parts=[PART_ONE], registered_at=at, registered_by_id=given.created_by_id,
        )
    )  # fmt: skip
    session.flush()
    token = sign_in.start(session, user, address="127.0.0.1", browser="Rehearsal", at=at)
    return Seat(f"R-{number:05}", f"session={cookie_of(app, token)}")


def cookie_of(app: Flask, token: str) -> str:
    """The cookie a browser has after signing in. Signing in itself, slow on purpose, is not what is rehearsed."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError("This site has no secret key.")
    cookie: str = signer.dumps({TOKEN: token})
    return cookie


class Server:
    """One server process of the site, on a port of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.port = free_port()
        self.process = self.spawn()

    def spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(self.port)]
        return subprocess.Popen(  # noqa: S603  # nosec B603 # our own words only
            command, cwd=ROOT, env=self.site.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """SIGKILL: it gets no chance to finish anything."""
        self.process.kill()
        self.process.wait()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):  # nosec B310 # our own address
                return
            time.sleep(0.1)
        raise RuntimeError("A server of the rehearsal did not start.")
