"""The translations: what is collected, and from the text files people edit to what gettext reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from examapp.translation import FOLDER, RULES

# The values of the rules that ship which people read.
RULE_TEXTS = {"title", "help", "who", "unit", "statement", "labels", "cut_source", "slot", "note"}

Extracted = tuple[int, str, tuple[str, str], list[str]]


def rule_texts(file: IO[bytes], _keywords: object, _comment_tags: object, options: object) -> Iterator[Extracted]:
    """Babel's way to the texts of a YAML file of rules, each in the context of rules."""
    for text in dict.fromkeys(texts_of(yaml.safe_load(file))):
        yield 0, "pgettext", (RULES, text), []


def texts_of(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                if key in RULE_TEXTS:
                    yield from [inner] if isinstance(inner, str) else inner.values()
                else:
                    yield from texts_of(inner)
        case list():
            for inner in value:
                yield from texts_of(inner)


def compile_catalogues(folder: Path = FOLDER) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those. Safe to repeat."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        locale = source.parent.parent.name
        with source.open("rb") as text:
            catalogue = read_po(text, locale=locale)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)
        compiled.append(target)
    return compiled
