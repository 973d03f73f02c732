"""What every format needs to know of an item, in words rather than codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from question_bank.framework import Framework
from question_bank.interchange.answers import share_of
from question_bank.interchange.labels import MARKING_NAMES, WAYS_OF_MARKING, explanation_of
from question_bank.interchange.parsed import FULL_MARK
from question_bank.item_kinds import (
    AS_WRITTEN,
    Essay,
    ItemContent,
    MarkingRule,
    Question,
    ShortText,
    SingleBestAnswer,
    content_of,
)
from question_bank.item_kinds.matching import pairs_in
from question_bank.items import ItemKind, ItemVersion
from question_bank.sealed_documents import LANGUAGE
from question_bank.translations import SPANISH


@dataclass(frozen=True)
class Entry:
    """One item as it is written to a file."""

    code: str
    kind: ItemKind
    tags: dict[str, str]  # name of the column, and its cell; empty ones too
    rationale: str
    reference: str
    title: str = ""  # of a vignette
    stem: str = ""  # of an essay the prompt
    stimulus: str = ""
    # Letter and text. Of a short answer there is none, of a statement the words are always the same.
    options: list[tuple[str, str]] = field(default_factory=list)
    premises: list[tuple[str, str]] = field(default_factory=list)  # number and text
    accepted: list[str] = field(default_factory=list)
    key: str = ""
    key_shown: str = ""  # as people read it
    marking: MarkingRule = MarkingRule.ALL_OR_NOTHING
    spanish: Mapping[str, str] = field(default_factory=dict)  # text by its place in the content
    set_code: str = ""  # of its vignette set
    # Whether other programs can do anything with it.
    is_whole: bool = True

    @property
    def name(self) -> str:
        return self.title or self.code

    @property
    def one_text(self) -> str:
        """The vignette and what is asked about it, for formats that do not tell them apart."""
        return "\n\n".join(part for part in (self.stimulus, self.stem) if part)

    @property
    def labels(self) -> list[str]:
        return [f"{name}: {text}" for name, text in self.tags.items() if text]

    @property
    def explanation(self) -> str:
        return explanation_of(self.rationale, self.reference)

    @property
    def keys(self) -> list[str]:
        """The letters of the options that are right."""
        return self.key.split(",")

    @property
    def share(self) -> Decimal:
        """What each key, or each line, gives in percent."""
        return share_of(max(1, len(self.keys)))

    @property
    def other(self) -> Decimal:
        """What a wrong choice gives in a format that knows only sums: so much away that nothing is left, if need be."""
        away = {MarkingRule.PARTIAL: Decimal(0), MarkingRule.PARTIAL_WITH_PENALTY: self.share}
        return -away.get(self.marking, FULL_MARK)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The lines with their options, and after them "" with each option that goes with no line."""
        options, matched = dict(self.options), pairs_in(self.key)
        lines = [(text, options.get(matched.get(number, ""), "")) for number, text in self.premises]
        return lines + [("", text) for letter, text in self.options if letter not in matched.values()]


def entry_of(version: ItemVersion, framework: Framework) -> Entry:
    content = content_of(version.item.kind, version.content)
    entry = Entry(
        code=version.item.code,
        kind=version.item.kind,
        tags=tags_of(version, framework),
        rationale=version.rationale,
        reference=version.reference,
        spanish=spanish.texts if (spanish := content.translations.get(SPANISH)) else {},
        set_code=version.item.set_code or "",
        is_whole=is_whole(content),
    )
    if isinstance(content, Question):
        return question_entry(entry, content)
    if isinstance(content, Essay):
        tags = {**entry.tags, "vignette kind": content.slot}
        return replace(entry, title=version.title, stem=content.prompt, stimulus=content.stimulus, tags=tags)
    return entry


def question_entry(entry: Entry, content: Question) -> Entry:
    marking = {"marking": MARKING_NAMES[content.rule]} if entry.kind in WAYS_OF_MARKING else {}
    return replace(
        entry,
        stem=content.stem,
        stimulus=content.stimulus,
        options=[(option.id, option.text) for option in content.offered()],
        premises=[(premise.id, premise.text) for premise in content.premises_offered()],
        accepted=content.key_text().split("\n") if isinstance(content, ShortText) else [],
        key=content.key_text(),
        key_shown=content.shown(content.key_text(), {**AS_WRITTEN, **content.fixed_texts.get(LANGUAGE, {})}),
        marking=content.rule,
        tags={**entry.tags, **marking},
    )


def is_whole(content: ItemContent) -> bool:
    """Whether other programs can do anything with it. Of a choice they ask less than review does."""
    if isinstance(content, Essay):
        return bool(content.prompt.strip())
    if not isinstance(content, SingleBestAnswer):
        return not content.problems()
    texts = [content.stem, *(option.text for option in content.options)]
    return all(map(str.strip, texts)) and len(texts) > 2 and content.key in {option.id for option in content.options}


def tags_of(version: ItemVersion, framework: Framework) -> dict[str, str]:
    area = version.area or ""
    return {
        "area": framework.area_title(area) if area else "",
        "term": "; ".join(framework.term_label(area, term) for term in version.terms),
        "level": ", ".join(map(str, version.levels)),
        "track": ", ".join(framework.track_title(track) or track for track in version.tracks),
        "responsibility code": ", ".join(version.responsibility_codes),
        "competency": version.competency or "",
        "cognitive level": version.cognitive_level.value if version.cognitive_level else "",
    }
