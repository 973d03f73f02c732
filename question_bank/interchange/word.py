"""Word documents: numbered questions, lettered options, and a key that is marked in any of the usual ways."""

import re
from dataclasses import dataclass, field, replace

from question_bank.errors import sentence as _
from question_bank.interchange.answers import all_of
from question_bank.interchange.archive import Archive
from question_bank.interchange.labels import TAGS, column_named, tags_of
from question_bank.interchange.parsed import FULL_MARK, MAX_QUESTIONS, NO_MARK, PICTURE_LEFT_OUT, ParsedItem, too_many
from question_bank.interchange.word_paragraphs import Look, Paragraph, Place, paragraphs
from question_bank.item_kinds import OPTION_IDS

QUESTION = re.compile(r"(?:question\s+|q\s*)?(\d{1,5})\s*[.):]\s*(.*)", re.IGNORECASE | re.DOTALL)
OPTION = re.compile(r"(\*?)\s*\(?([A-Ha-h])[.)]\s*(\*?)\s*(.*)", re.DOTALL)
# Several letters are keys only where nothing else is said: in "C. A family assessment" the A is a word.
ANSWER = re.compile(
    r"(?:correct\s+)?(?:answer|key)s?\s*[:=]\s*"
    r"(?:(?P<truth>true|false)\b"
    r"|(?P<keys>\(?[A-H]\b(?:[\s,;&/.()]+(?:(?:and|y)\b[\s(]+)?[A-H]\b)*)[\s.)]*$"
    r"|\(?(?P<key>[A-H])\b(?!\s*[-–]\s*[A-H]\W*$))",  # from A to C is no letter that can be told
    re.IGNORECASE,
)
KEY_LIST = re.compile(r"(?:\d{1,5}(?:\s*[.):\-–])?\s*[A-Ha-h](?:[\s,;]+|$))+")
KEY_ENTRY = re.compile(r"(\d{1,5})(?:\s*[.):\-–])?\s*([A-Ha-h])\b")
LABEL = re.compile(r"([A-Za-z ]{3,25}):\s*(\S.*)", re.DOTALL)


@dataclass
class Draft:
    """What has been read of a question so far."""

    line: int
    number: str  # as typed, or counted where Word numbers by itself
    stem: list[str]
    options: list[tuple[str, set[Look]]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  # letters that the document names
    truth: str = ""  # "true" or "false", where it says that
    said: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    has_picture: bool = False


def read_word(data: bytes) -> list[ParsedItem]:
    drafts = list[Draft]()
    keys: dict[str, str] = {}
    for paragraph in paragraphs(Archive(data)):
        if KEY_LIST.fullmatch(paragraph.text):
            keys |= {number: letter.lower() for number, letter in KEY_ENTRY.findall(paragraph.text)}
        else:
            add(drafts, paragraph)
        if len(drafts) > MAX_QUESTIONS:
            raise too_many()
    return [finished(draft, keys) for draft in drafts]


def add(drafts: list[Draft], paragraph: Paragraph) -> None:
    """Put a paragraph where it belongs. What stands before the first question belongs to none."""
    typed = QUESTION.fullmatch(paragraph.text)
    option = OPTION.fullmatch(paragraph.text)
    answer = ANSWER.match(paragraph.text)
    if paragraph.place is Place.QUESTION or (typed and paragraph.place is Place.NONE):
        number, text = typed.groups() if typed else (str(len(drafts) + 1), paragraph.text)
        drafts.append(Draft(paragraph.line, number, [text] if text else []))
    elif not drafts:
        return
    elif answer:
        drafts[-1].truth = (answer["truth"] or "").lower()
        drafts[-1].keys |= set(re.findall(r"\b[a-h]\b", (answer["keys"] or answer["key"] or "").lower()))
    elif paragraph.place is Place.OPTION or option:
        add_option(drafts[-1], paragraph, option)
    else:
        add_text(drafts[-1], paragraph.text)
    drafts[-1].has_picture |= paragraph.has_picture


def add_option(draft: Draft, paragraph: Paragraph, typed: re.Match[str] | None) -> None:
    text, starred = paragraph.text, paragraph.text.startswith("*")
    if typed:
        text, starred = typed[4], bool(typed[1] or typed[3])
    if (starred or text.endswith("*")) and len(draft.options) < len(OPTION_IDS):
        draft.keys.add(OPTION_IDS[len(draft.options)])
    draft.options.append((text.strip("*").strip(), set(paragraph.looks)))


def add_text(draft: Draft, text: str) -> None:
    """A further paragraph of the stem; after the options something said about the question."""
    labelled = LABEL.fullmatch(text)
    column = column_named(labelled[1]) if labelled else None
    if labelled and column in TAGS:
        draft.said[column] = labelled[2].strip()
    elif draft.options:
        draft.notes.append(text)
    else:
        draft.stem.append(text)


def finished(draft: Draft, keys_at_end: dict[str, str]) -> ParsedItem:
    tags = tags_of(draft.said, {"Also in the file": "\n".join(draft.notes)})
    item = ParsedItem(line=draft.line, stem="\n".join(draft.stem), tags=tags)
    if draft.has_picture:
        item = item.changed(PICTURE_LEFT_OUT)
    named = draft.keys | told_by_word(draft) | ({keys_at_end[draft.number]} if draft.number in keys_at_end else set())
    keys = named or emphasised(draft)
    if draft.truth and not draft.options:
        options = [(word, FULL_MARK if word.casefold() == draft.truth else NO_MARK) for word in ("True", "False")]
        return replace(item, options=options).checked()
    are_keys = [place < len(OPTION_IDS) and OPTION_IDS[place] in keys for place in range(len(draft.options))]
    texts = [text for text, _looks in draft.options]
    if (keys and sum(are_keys) < len(keys)) or (draft.truth and not named):
        return item.refused(_("Its key names no option."))
    if len(keys) > 1:
        return all_of(item, list(zip(texts, are_keys, strict=True))).checked()
    marks = [FULL_MARK if is_key else NO_MARK for is_key in are_keys]
    return replace(item, options=list(zip(texts, marks, strict=True))).checked()


def told_by_word(draft: Draft) -> set[str]:
    """The letter of the option that says what the document names: true, or false."""
    words = [text.casefold().strip(" .") for text, _looks in draft.options]
    return {letter for letter, word in zip(OPTION_IDS, words, strict=False) if draft.truth and word == draft.truth}


def emphasised(draft: Draft) -> set[str]:
    """The one option that looks different from all the others; nothing when several do."""
    for look in Look:
        marked = [place for place, (_text, looks) in enumerate(draft.options) if look in looks]
        if len(marked) == 1 and marked[0] < len(OPTION_IDS) and len(draft.options) > 1:
            return {OPTION_IDS[marked[0]]}
    return set()
