"""What finding similar items costs in a bank of 20,000: `python -m tests.benchmarks.similarity`.

On SQLite and PostgreSQL, from the text to the items, for a text whose item was saved just before; and the ratio to
comparing the text with every other one, which also checks the result. The words are those of a file (`--words`), or
invented ones as unevenly common as those of a language. Nothing is asserted about time: machines differ.
"""

import argparse
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, update

from examapp.clock import now
from examapp.db import Database
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.lint.rules import words
from question_bank.similar_items import SimilarItems
from question_bank.similarity import SIMILAR, features, similarity
from tests import databases
from tests.personas import Personas

QUERIES = 30
LENGTHS = range(25, 46)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.similarity", description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--words", type=Path, help="a file whose words the items are made of")
    options = parser.parse_args()
    chance = random.Random(1)
    known = words(options.words.read_text("utf-8")) if options.words else invented(chance)
    texts = [" ".join(chance.choices(known, k=chance.choice(LENGTHS))) for _ in range(options.items)]
    databases.make_folder()
    for dialect in ("sqlite", "postgresql"):
        with databases.fresh_database(dialect) as database:
            measure(database, dialect, texts, chance)
    databases.remove_databases()
    shutil.rmtree(databases.folder())


def invented(chance: random.Random) -> list[str]:
    """100,000 words of 5,000 different ones; the second is half as common as the first, and so on."""
    different = ["".join(chance.choices("abcdefghijklmnoprstuv", k=7)) for _ in range(5000)]
    return chance.choices(different, weights=[1 / rank for rank in range(1, 5001)], k=100_000)


def fill(database: Database, texts: list[str]) -> None:
    at = now()
    with database.sessions() as session:
        author = Personas(session, at).author().id
        common = {"created_at": at, "edit_count": 0}
        items = [
            {
                "id": n,
                "code": f"TF-{n}",
                "kind": ItemKind.SINGLE_BEST_ANSWER,
                "is_sample": False,
                "source": "",
                "author_id": author,
                "created_at": at,
            }
            for n in range(1, len(texts) + 1)
        ]
        session.execute(insert(Item), items)
        versions = [
            {
                "item_id": n,
                "number": 1,
                "state": ReviewState.DRAFT,
                "title": "",
                "content": {"stem": text, "options": [], "key": ""},
                "levels": [],
                "tracks": [],
                "responsibility_codes": [],
                "editor_id": author,
                "updated_at": at - timedelta(hours=1),
                **common,
            }
            for n, text in enumerate(texts, start=1)
        ]
        session.execute(insert(ItemVersion), versions)
        session.commit()


def measure(database: Database, dialect: str, texts: list[str], chance: random.Random) -> None:
    fill(database, texts)
    similar = SimilarItems()
    asked = [
        " ".join([*texts[number].split()[3:], "newly", "written"])
        for number in chance.sample(range(len(texts)), QUERIES)
    ]
    with database.reading() as session:
        warm_up = timed(lambda: similar.near(session, asked[0], besides=()))
    seconds = 0.0
    for text in asked:
        with database.transaction() as session:
            session.execute(
                update(ItemVersion)
                .where(ItemVersion.id == 1)
                .values(edit_count=ItemVersion.edit_count + 1, updated_at=now())
            )
        with database.reading() as session:
            seconds += timed(lambda: similar.near(session, text, besides=()))  # noqa: B023  # called at once
    index, sets = similar.index, list(similar.index.texts.items())

    def one_by_one(text: str) -> set[int]:
        wanted = features(text)
        return {key for key, other in sets if similarity(wanted, other) >= SIMILAR}

    alone = timed(lambda: [index.similar(text) for text in asked])
    plain = timed(lambda: [one_by_one(text) for text in asked])
    wrong = sum({match.key for match in index.similar(text)} != one_by_one(text) for text in asked)
    each = 1000 / QUERIES
    print(  # noqa: T201  # a command speaks
        f"{dialect}: {len(texts)} items read in {warm_up:.1f} s; then {seconds * each:.1f} ms a question, of it "
        f"{alone * each:.1f} ms for comparing; with every item one by one {plain * each:.1f} ms "
        f"({plain / alone:.1f} times); {wrong} of {QUERIES} answers differ"
    )


def timed(deed: Callable[[], object]) -> float:
    begin = perf_counter()
    deed()
    return perf_counter() - begin


if __name__ == "__main__":
    main()
