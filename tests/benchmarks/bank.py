"""What finding items costs in a bank of 20,000: `python -m tests.benchmarks.bank`.

Pages of the list through the whole application, on SQLite and PostgreSQL: milliseconds on the clock (the middle one of
many visits, and the quickest, which nothing else on the machine disturbed), statements, and the ratio to the one raw
statement that finds the page's items, sent by the driver alone. Nothing is asserted: machines differ.
"""

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Engine, insert

from examapp import create_app
from examapp.accounts import sign_in
from examapp.clock import now
from examapp.db import Database
from examapp.rehearsal.stage import cookie_of
from question_bank import framework
from question_bank.full_text import asked, for_fts5, for_tsquery
from question_bank.items import Item, ItemKind, ItemTerm, ItemVersion, ReviewState
from tests import databases
from tests.benchmarks.delivery import Visitor
from tests.conftest import SETTINGS
from tests.personas import Personas
from tests.statements import statements_seen

VISITS = 10
BATCH = 2_000
PAGES = {
    "the list": "",
    "its page 400": "?page=400",
    "a word that every item has": "?words=specialist",
    "a beginning that many have": "?words=famil",
    "a rare word": "?words=w4711",
    "a phrase": "?words=%22visits+the+family%22",
    "a part of a code": "?words=04711",
    "words and filters": "?words=baby&state=approved&area=thinking&level=3&track=clinical",
    "term, competency, language, forms": "?term=reflection/curiosity&competency=RF-01&spanish=outdated&used=no",
}
RAW = {
    "sqlite": "SELECT rowid FROM item_words WHERE item_words MATCH ? ORDER BY bm25(item_words, 8.0, 2.0, 1.0) LIMIT 25",
    "postgresql": "SELECT id FROM item_version WHERE words @@ CAST(%s AS tsquery) "
    "ORDER BY ts_rank(words, CAST(%s AS tsquery)) DESC LIMIT 25",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bank", description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    options = parser.parse_args()
    databases.make_folder()
    for dialect in ("sqlite", "postgresql"):
        with databases.fresh_database(dialect) as database:
            measure(database, dialect, options.items)
    databases.remove_databases()
    shutil.rmtree(databases.folder())


def measure(database: Database, dialect: str, items: int) -> None:
    app = create_app(replace(SETTINGS, instance_path=Path(databases.folder()), database_url="sqlite://"))
    app.extensions["database"] = database
    reader = Visitor(app, fill(app, database, items))
    raw = {word: raw_ms(database.engine, dialect, word) for word in ("specialist", "w4711")}
    print(f"\n{dialect}, {items} items\n{'page':<38}{'ms':>8}{'best':>8}{'statements':>12}")  # noqa: T201  # a command speaks
    for name, query in PAGES.items():
        times, statements = visits(reader, f"/bank{query}")
        middle, best = 1000 * median(times), 1000 * min(times)
        word = query.partition("=")[2]
        ceiling = f"  {best / raw[word]:.1f} times the raw statement ({raw[word]:.1f} ms)" if word in raw else ""
        print(f"{name:<38}{middle:>8.1f}{best:>8.1f}{statements:>12}{ceiling}")  # noqa: T201  # as above


def visits(reader: Visitor, path: str) -> tuple[list[float], int]:
    """How long each visit of a page took, and the statements of one; the first visit warms up."""
    reader.ask("GET", path)
    times = []
    with statements_seen() as sent:
        for _ in range(VISITS):
            begun = perf_counter()
            reader.ask("GET", path)
            times.append(perf_counter() - begun)
    return times, len(sent) // VISITS


def raw_ms(engine: Engine, dialect: str, word: str) -> float:
    """The ceiling: one statement by the driver, over one open connection."""
    words = asked(word)
    values = (for_fts5(words),) if dialect == "sqlite" else (for_tsquery(words),) * 2
    connection = engine.raw_connection()
    cursor = connection.cursor()
    times = []
    for _ in range(VISITS):
        begun = perf_counter()
        cursor.execute(RAW[dialect], values)
        cursor.fetchall()
        times.append(perf_counter() - begun)
    connection.close()
    return 1000 * min(times)


def fill(app: Flask, database: Database, items: int) -> str:
    """Items of 110 words each in every area; the cookie of an author who has signed in."""
    at = now()
    with database.sessions() as session:
        framework.load_default(session, at=at)
        author = Personas(session, at).author()
        areas = framework.current_framework(session).areas
        common = {"kind": ItemKind.SINGLE_BEST_ANSWER, "is_sample": False, "source": "x", "author_id": author.id}
        numbers = range(1, items + 1)
        for part in (numbers[first : first + BATCH] for first in range(0, items, BATCH)):
            of = {number: areas[number % len(areas)] for number in part}
            rows = [{"id": n, "code": f"{area.prefix}-{n:05}", "created_at": at, **common} for n, area in of.items()]
            session.execute(insert(Item), rows)
            written = [version(n, area, author.id) for n, area in of.items()]
            session.execute(insert(ItemVersion), [{**v, "created_at": at, "updated_at": at} for v in written])
            terms = {n: area.terms[n % len(area.terms)].code for n, area in of.items()}
            rows = [{"item_version_id": n, "position": 0, "term": term} for n, term in terms.items()]
            session.execute(insert(ItemTerm), rows)
        token = sign_in.start(session, author, address="127.0.0.1", browser="Benchmark", at=at)
        session.commit()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return f"session={cookie_of(app, token)}"


def version(number: int, area: framework.Area, author: int) -> dict[str, Any]:
    some = " ".join(f"w{(number * step) % 9973}" for step in range(1, 60))
    stem = f"A mother says that her baby cries when the specialist visits the family, {some}. What comes first?"
    options = [{"id": letter, "text": f"The specialist asks w{number % 997} {letter}"} for letter in "abcd"]
    content: dict[str, Any] = {"stem": stem, "options": options, "key": "a"}
    if number % 4 == 0:
        texts = {"stem": f"Una madre dice w{number}", **dict.fromkeys("abcd", "La especialista pregunta")}
        of = {"stem": stem if number % 8 else "Older", **{o["id"]: o["text"] for o in options}}
        content["translations"] = {"es": {"texts": texts, "of": of}}
    state = list(ReviewState)[number % 8]
    return {
        "id": number, "item_id": number, "number": 1, "state": state, "title": "", "content": content,
        "area": area.code, "levels": [3, 4], "tracks": ["clinical"], "responsibility_codes": ["C"],
        "competency": f"{area.prefix}-01", "rationale": "Curiosity comes before advice.", "reference": "A book.",
        "notes": "", "editor_id": author, "edit_count": 0,
        "submitted_at": None if state is ReviewState.DRAFT else now(), "approved_at": now(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
