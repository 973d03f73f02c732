"""Searching the words of items: one way to ask, two databases that answer.

The databases keep the words themselves (migrations/full_text.py). What a person types is taken apart here into words
and phrases, so that nothing of it is an operator to a database, and no text is a mistake.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Select, SQLColumnExpression, bindparam, cast, false, func, literal_column, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from question_bank.items import ItemVersion
from question_bank.translations import SPANISH

# Quoted words belong together; a quotation mark that is never closed quotes the rest.
PIECE = re.compile(r'"([^"]*)("|$)|([^\s"]+)')
WORD = re.compile(r"[^\W_]+")
READ = 1000  # characters of what was typed
MOST_PHRASES = 20
AROUND = 70  # characters shown on each side of what was found

SQLITE_WORDS = table("item_words")
WORDS = literal_column("item_version.words", TSVECTOR)


@dataclass(frozen=True)
class Words:
    """What is searched for: every phrase must occur. The last word may be the beginning of one, unless it is quoted."""

    phrases: tuple[tuple[str, ...], ...]
    open_ended: bool

    def __bool__(self) -> bool:
        return bool(self.phrases)


def folded(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def asked(text: str) -> Words:
    """What was typed, as words. What is joined without a space, such as a code, is a phrase."""
    pieces = list(PIECE.finditer(re.sub("[“”„«»]", '"', text[:READ])))
    phrases = [tuple(WORD.findall(folded(piece[1] or piece[3] or ""))) for piece in pieces]
    phrases = [phrase for phrase in phrases if phrase][:MOST_PHRASES]
    return Words(tuple(phrases), open_ended=bool(pieces) and pieces[-1][2] != '"')


def matching(statement: Select[Any], words: Words, dialect: str) -> tuple[Select[Any], SQLColumnExpression[Any]]:
    """The statement about item versions narrowed to those with the words, and what to order them by, best first."""
    if not words:
        return statement.where(false()), ItemVersion.id
    if dialect == "sqlite":
        # The plus keeps SQLite from asking the index of words about one version after the other.
        found = statement.join(SQLITE_WORDS, literal_column("+item_words.rowid") == ItemVersion.id).where(
            literal_column("item_words").op("MATCH")(bindparam("words", for_fts5(words), unique=True))
        )
        return found, literal_column("bm25(item_words, 8.0, 2.0, 1.0)", Float)
    query = cast(for_tsquery(words), TSQUERY)
    return statement.where(WORDS.op("@@")(query)), func.ts_rank(WORDS, query).desc()


def for_fts5(words: Words) -> str:
    """As SQLite reads it. The words hold only letters and digits, so they need no escaping."""
    return " AND ".join(f'"{" ".join(phrase)}"' for phrase in words.phrases) + ("*" if words.open_ended else "")


def for_tsquery(words: Words) -> str:
    """As PostgreSQL reads it."""
    phrases = " & ".join("(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in words.phrases)
    return phrases[:-1] + ":*)" if words.open_ended else phrases


def marked(text: str, words: Words) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words searched for."""
    last = words.phrases[-1][-1] if words.open_ended and words else None
    whole = {word for phrase in words.phrases for word in phrase}
    text, end = unicodedata.normalize("NFC", text), 0
    for found in WORD.finditer(text):
        word = folded(found[0])
        if word in whole or (last and word.startswith(last)):
            yield text[end : found.start()], False
            yield found[0], True
            end = found.end()
    yield text[end:], False


def has_any(text: str, words: Words) -> bool:
    return any(hit for _piece, hit in marked(text, words))


def first_found(version: ItemVersion, words: Words) -> tuple[str, str] | None:
    """The first place where a word stands, and the text around it."""
    for place, text in places_of(version):
        before = ""
        for piece, hit in marked(text, words):
            if hit:
                start = max(0, len(before) - AROUND)
                cut = text[start : len(before) + AROUND]
                return place, ("…" if start else "") + cut + ("…" if len(text) > len(before) + AROUND else "")
            before += piece
    return None


def places_of(version: ItemVersion) -> Iterator[tuple[str, str]]:
    """Every text of an item that is searched, with the kind of its place; what candidates read comes first."""
    content = version.content
    yield from ((place, content[place]) for place in ("stem", "stimulus", "prompt") if place in content)
    yield from (("line", premise["text"]) for premise in content.get("premises", ()))
    yield from (("option", option["text"]) for option in content.get("options", ()))
    yield from (("answer", answer["text"]) for answer in content.get("accepted", ()))
    spanish = content.get("translations", {}).get(SPANISH, {}).get("texts", {})
    yield from (("spanish", text) for text in spanish.values())
    yield from (("rubric", text) for text in rubric_texts(content))
    yield from (("rationale", version.rationale), ("reference", version.reference), ("notes", version.notes))


def rubric_texts(content: Mapping[str, Any]) -> Iterator[str]:
    for dimension in content.get("rubric", {}).get("dimensions", ()):
        yield from (dimension["title"], dimension["description"])
        for level in dimension["levels"]:
            yield from (level["title"], level["descriptor"])
