"""Items as GIFT. Every text is marked as plain, so that nothing in it is taken for markup."""

import re
from collections.abc import Iterable

from question_bank.interchange.gift import ESCAPED
from question_bank.item_export.entries import Entry
from question_bank.items import ItemKind

# What the comment with tags cannot hold.
NOT_IN_TAGS = re.compile(r"[<>`\[\x00-\x1f]")
ESCAPES = str.maketrans({**{char: f"\\{char}" for char in ESCAPED}, "\n": "\\n"})
# Such a beginning would be read as a mark of the format or as a weight.
LIKE_A_MARK = ("[", "%")


def gift_of(entries: Iterable[Entry]) -> bytes:
    return "\n".join(map(question, entries)).encode()


def question(entry: Entry) -> str:
    tags = "".join(f" [tag:{NOT_IN_TAGS.sub(' ', label).replace(']', chr(92) + ']')}]" for label in entry.labels)
    head = f"// [id:{entry.code}]{tags}\n::{escaped(entry.name)}::[plain]"
    explanation = [f"\t####{marked(entry.explanation)}"] if entry.explanation else []
    if entry.kind is ItemKind.ESSAY:
        text = "\n\n".join(part for part in (entry.stimulus, entry.stem) if part)
        return f"{head}{escaped(text)}{{{''.join(explanation).strip()}}}\n"
    options = [f"\t{'=' if letter == entry.key else '~'}{marked(text)}" for letter, text in entry.options]
    return "\n".join([f"{head}{escaped(entry.stem)}{{", *options, *explanation, "}\n"])


def escaped(text: str) -> str:
    return text.translate(ESCAPES)


def marked(text: str) -> str:
    return f"[plain]{escaped(text)}" if text.startswith(LIKE_A_MARK) else escaped(text)
