"""The step to two reviews takes along what is in the bank already."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.db import Database
from examapp.schema import alembic_config, migrating, upgrade
from examapp.tables import metadata
from question_bank.item_search import ItemFilter, find_items
from tests.databases import fresh_database

DAY = "'2027-01-04 09:00:00+00:00'"
STATES = {1: "draft", 2: "in_review", 3: "sent_back", 4: "approved", 5: "retired"}
PERSON = f"""INSERT INTO "user" (id, email, name, locale, time_zone, is_demo, created_at)
    VALUES (1, 'ana@example.org', 'Ana', 'en', 'UTC', false, {DAY})"""
# A second version of what was approved; nobody could make this, but the database took it.
TWICE = """INSERT INTO item_version (id, item_id, number, state, title, content, levels, tracks, responsibility_codes,
    rationale, reference, notes, editor_id, edit_count, created_at, updated_at, submitted_at, approved_at)
    SELECT 6, item_id, 2, state, title, content, levels, tracks, responsibility_codes, rationale, reference, notes,
    editor_id, edit_count, created_at, updated_at, submitted_at, approved_at FROM item_version WHERE id = 4"""
REST = (
    TWICE,
    f"""INSERT INTO review_action (item_version_id, move, actor_id, comment, at)
        VALUES (4, 'approve', 1, 'Sound', {DAY})""",
    f"INSERT INTO review_assignment VALUES (2, 1, '2027-02-01', 1, {DAY})",
    f"""INSERT INTO saved_filter (owner_id, name, asked, created_at)
        VALUES (1, 'Mine', '{{"state": "approved", "area": "law"}}', {DAY})""",
    f"INSERT INTO bulk_deed (kind, by_id, at, before) VALUES ('retire', 1, {DAY}, '{{\"items\": {{}}}}')",
)


def rows() -> Iterator[str]:
    """An item in each of the old states, and what else names them."""
    yield PERSON
    for number, state in STATES.items():
        yield f"""INSERT INTO item (id, code, kind, is_sample, source, author_id, created_at)
            VALUES ({number}, 'TF-000{number}', 'essay', false, 'x', 1, {DAY})"""
        yield f"""INSERT INTO item_version (id, item_id, number, state, title, content, levels, tracks,
            responsibility_codes, rationale, reference, notes, editor_id, edit_count, created_at, updated_at,
            submitted_at, approved_at)
            VALUES ({number}, {number}, 1, '{state}', 'Ana visits', '{{}}', '[3]', '[]', '[]', '', '', '', 1, 0, {DAY},
            {DAY}, {"NULL" if state == "draft" else DAY}, {DAY if state == "approved" else "NULL"})"""
    yield from REST


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One that was filled before there were two reviews, and upgraded."""
    with fresh_database(request.param) as database:
        metadata.drop_all(database.engine)
        with migrating(database.engine) as connection:
            connection.execute(text("DROP TABLE alembic_version"))
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0011")
            for statement in rows():
                connection.exec_driver_sql(statement)
        upgrade(database.engine)
        yield database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def test_what_could_stand_on_a_form_is_in_use_and_what_waited_waits(connection: Connection) -> None:
    states = connection.scalars(text("SELECT state FROM item_version ORDER BY id")).all()
    assert states == ["draft", "content_review", "sent_back", "retired", "retired", "operational"]
    assert connection.scalar(text("SELECT stage FROM review_assignment")) == "content"
    assert connection.scalar(text("SELECT undone_at FROM bulk_deed")) is not None


def test_evidence_kept_filters_and_words_are_as_they_were(connection: Connection) -> None:
    assert connection.execute(text("SELECT move, comment, before FROM review_action")).one() == (
        "approve",
        "Sound",
        None,
    )
    with Session(connection) as session:
        assert find_items(session, ItemFilter(words="ana visits"), 1).total == len(STATES)
    assert "operational" in str(connection.scalar(text("SELECT asked FROM saved_filter")))
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql("UPDATE review_action SET comment = 'Other'")
    connection.rollback()
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql("UPDATE item_version SET title = 'Other' WHERE id = 4")


def test_whoever_had_an_account_gets_the_daily_mail(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(text('SELECT email, wants_digest FROM "user"')).all() == [("ana@example.org", True)]
