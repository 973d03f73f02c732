"""The outbox: what is written in a transaction leaves after it, once, and is tried again when it fails."""

import asyncio
import email
import itertools
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts import outbox
from examapp.accounts.models import OutboxMail
from examapp.accounts.outbox import CLAIM, MOST_ATTEMPTS, deliver_pending, write_mail
from examapp.config import Config, load_config
from examapp.db import Database
from examapp.rehearsal.postgresql import free_port
from question_bank.errors import RuleViolation
from tests.personas import Personas

DAY = timedelta(days=1)


class Mailbox(Message):
    """A mail server that keeps what it gets; it refuses “full” addresses, and the first “slow” one holds it up."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[email.message.Message] = []
        self.held_up, self.go_on = threading.Event(), threading.Event()

    def handle_message(self, message: email.message.Message) -> None:
        self.messages.append(message)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd looks for this name
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        if address.startswith("full"):
            return "552 mailbox full"
        if address.startswith("slow") and not self.held_up.is_set():
            self.held_up.set()
            await asyncio.to_thread(self.go_on.wait, 10)
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]  # aiosmtpd has no types for its envelope
        return "250 OK"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config({"INSTANCE_PATH": str(tmp_path), "MAIL_FROM": "Office <office@example.org>"})


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield mailbox, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def mail(db: Session, personas: Personas, at: datetime) -> OutboxMail:
    return written(db, personas, at)


def written(db: Session, personas: Personas, at: datetime, address: str = "ana@example.org") -> OutboxMail:
    write_mail(db, personas.rater(email=address), subject="Hello", body="¡Hola!\nhttp://x/secret\n", at=at)
    db.commit()
    return db.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).one()


def deliver(db: Session, database: Database, config: Config, at: datetime) -> int:
    db.commit()
    delivered = deliver_pending(database, config, lambda: at)
    db.expire_all()
    return delivered


def test_mail_leaves_by_smtp_once_and_its_text_is_forgotten(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], mail: OutboxMail, at: datetime
) -> None:
    config = replace(config, smtp_url=mailbox[1])
    assert [deliver(db, database, config, at), deliver(db, database, config, at + DAY)] == [1, 0]
    [message] = mailbox[0].messages
    assert (message["To"], message["From"], message["Subject"]) == (
        "ana@example.org",
        "Office <office@example.org>",
        "Hello",
    )
    assert message.get_payload(decode=True) == "¡Hola!\r\nhttp://x/secret\r\n".encode()
    assert (mail.sent_at, mail.body) == (at, "")


def test_without_a_mail_server_mails_are_files_and_stay_readable(
    db: Session, database: Database, config: Config, mail: OutboxMail, at: datetime
) -> None:
    assert deliver(db, database, config, at) == 1
    [path] = (config.instance_path / "outbox").iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "ana@example.org"
    assert message.get_content() == "¡Hola!\nhttp://x/secret\n"
    assert "secret" in mail.body


def test_what_was_rolled_back_is_never_sent(
    db: Session, database: Database, config: Config, personas: Personas, at: datetime
) -> None:
    user = personas.rater()
    write_mail(db, user, subject="Hello", body="never", at=at)
    db.rollback()
    assert deliver(db, database, config, at) == 0


def test_the_same_event_writes_one_mail(db: Session, personas: Personas, at: datetime) -> None:
    user = personas.rater()
    for _ in range(2):
        write_mail(db, user, subject="Registered", body="…", at=at, dedupe_key="registered:R-7K2MQX")
    assert len(db.scalars(select(OutboxMail)).all()) == 1


def test_a_subject_stays_one_line(db: Session, personas: Personas, at: datetime) -> None:
    write_mail(db, personas.rater(), subject="Hello\r\nBcc: all@example.org", body="…", at=at)
    assert db.scalars(select(OutboxMail)).one().subject == "Hello Bcc: all@example.org"


def test_a_refused_mail_is_tried_again_later_and_holds_up_no_other(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], personas: Personas, at: datetime
) -> None:
    config = replace(config, smtp_url=mailbox[1])
    refused = written(db, personas, at, "full@example.org")
    write_mail(db, personas.rater(email="ana@example.org"), subject="Second", body="…", at=at)
    assert deliver(db, database, config, at) == 1
    assert refused.last_error is not None and "mailbox full" in refused.last_error
    assert (refused.sent_at, refused.attempts, refused.due_at) == (None, 1, at + timedelta(minutes=1))


def test_when_no_server_answers_the_rest_waits(
    db: Session, database: Database, config: Config, personas: Personas, mail: OutboxMail, at: datetime
) -> None:
    write_mail(db, personas.rater(email="bea@example.org"), subject="Second", body="…", at=at)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        config = replace(config, smtp_url=f"smtp://127.0.0.1:{closed.getsockname()[1]}")
        assert deliver(db, database, config, at) == 0
    assert sorted(row.attempts for row in db.scalars(select(OutboxMail))) == [0, 1]


def test_tries_grow_rarer_and_end(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], personas: Personas, at: datetime
) -> None:
    config, mail, pauses = replace(config, smtp_url=mailbox[1]), written(db, personas, at, "full@example.org"), []
    moment: datetime | None = at
    while moment is not None:
        deliver(db, database, config, moment)
        pauses.append((mail.due_at - moment).total_seconds() / 60 if mail.due_at else None)
        moment = mail.due_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, None]
    assert mail.attempts == MOST_ATTEMPTS
    assert outbox.given_up(db) == 1


def test_an_administrator_gives_a_mail_a_fresh_start(
    db: Session, database: Database, config: Config, personas: Personas, mail: OutboxMail, at: datetime
) -> None:
    administrator = personas.administrator()
    mail.attempts, mail.due_at = MOST_ATTEMPTS, None
    outbox.try_again(db, mail, by=administrator, at=at + DAY)
    assert deliver(db, database, config, at + DAY) == 1
    with pytest.raises(RuleViolation, match="sent already"):
        outbox.try_again(db, mail, by=administrator, at=at + DAY)


def test_of_two_processes_delivering_at_once_one_gets_the_mail(
    db: Session, database: Database, mail: OutboxMail, at: datetime
) -> None:
    db.commit()
    assert outbox.claim(database, mail.id, at) is not None
    assert outbox.claim(database, mail.id, at) is None


def test_under_a_slow_mail_server_a_second_sender_sends_nothing_twice(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], personas: Personas, at: datetime
) -> None:
    config, moments = replace(config, smtp_url=mailbox[1]), itertools.count()
    for address in ("ana@example.org", "slow@example.org"):
        write_mail(db, personas.rater(email=address), subject="Hello", body="…", at=at)
    db.commit()
    with ThreadPoolExecutor() as pool:
        # Each look at the clock finds it 90 seconds on, so the second mail is begun long after the batch.
        first = pool.submit(deliver_pending, database, config, lambda: at + next(moments) * timedelta(seconds=90))
        assert mailbox[0].held_up.wait(10)
        second = deliver(db, database, config, at + next(moments) * timedelta(seconds=90))
        mailbox[0].go_on.set()
        assert (first.result(10), second) == (2, 0)
    assert sorted(message["To"] for message in mailbox[0].messages) == ["ana@example.org", "slow@example.org"]


def test_what_a_dead_process_had_taken_is_sent_by_the_next(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], mail: OutboxMail, at: datetime
) -> None:
    config = replace(config, smtp_url=mailbox[1])
    db.commit()
    assert outbox.claim(database, mail.id, at) is not None
    assert deliver(db, database, config, at + CLAIM - timedelta(seconds=1)) == 0
    assert deliver(db, database, config, at + CLAIM) == 1


def test_a_password_is_not_sent_over_an_open_line(
    db: Session, database: Database, config: Config, mailbox: tuple[Mailbox, str], mail: OutboxMail, at: datetime
) -> None:
    config = replace(config, smtp_url=mailbox[1].replace("://", "://user:word@"))
    assert deliver(db, database, config, at) == 0
    assert mail.last_error is not None and "no encryption" in mail.last_error
