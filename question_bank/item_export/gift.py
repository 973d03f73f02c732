"""Items as GIFT. Every text is marked as plain, so that nothing in it is taken for markup."""

import re
from collections.abc import Callable, Iterable

from question_bank.interchange.answers import with_wildcards_escaped
from question_bank.interchange.gift import ARROW, ESCAPED
from question_bank.item_export.entries import Entry
from question_bank.item_kinds.true_false import TRUE
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
        return f"{head}{escaped(entry.one_text)}{{{''.join(explanation).strip()}}}\n"
    answers = ANSWERS[entry.kind](entry)
    return "\n".join(
        [f"{head}{escaped(entry.one_text)}{{", *(f"\t{answer}" for answer in answers), *explanation, "}\n"]
    )


def one_key(entry: Entry) -> list[str]:
    return [f"{'=' if letter == entry.key else '~'}{marked(text)}" for letter, text in entry.options]


def several_keys(entry: Entry) -> list[str]:
    other = f"%{entry.other:f}%" if entry.other else ""
    return [
        f"~{f'%{entry.share:f}%' if letter in entry.keys else other}{marked(text)}" for letter, text in entry.options
    ]


def statement(entry: Entry) -> list[str]:
    return ["TRUE" if entry.key == TRUE else "FALSE"]


def matching(entry: Entry) -> list[str]:
    return [f"={marked(line)} {ARROW} {marked(option)}" for line, option in entry.pairs]


def typed(entry: Entry) -> list[str]:
    return [f"={marked(with_wildcards_escaped(text))}" for text in entry.accepted]


ANSWERS: dict[ItemKind, Callable[[Entry], list[str]]] = {
    ItemKind.SINGLE_BEST_ANSWER: one_key,
    ItemKind.MULTIPLE_RESPONSE: several_keys,
    ItemKind.TRUE_FALSE: statement,
    ItemKind.MATCHING: matching,
    ItemKind.SHORT_TEXT: typed,
}


def can_say(entry: Entry) -> bool:
    """An arrow ends a line to be matched, and makes a typed answer a pair: the format knows no way around that."""
    return not any(ARROW in text for text in (*(text for _number, text in entry.premises), *entry.accepted))


def escaped(text: str) -> str:
    return text.translate(ESCAPES)


def marked(text: str) -> str:
    return f"[plain]{escaped(text)}" if text.startswith(LIKE_A_MARK) else escaped(text)
