"""What every format needs to know of an item, in words rather than codes."""

from dataclasses import dataclass, field, replace

from question_bank.framework import Framework
from question_bank.interchange.labels import explanation_of
from question_bank.item_kinds import CONTENT_OF, Essay, SingleBestAnswer
from question_bank.items import ItemKind, ItemVersion


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
    options: list[tuple[str, str]] = field(default_factory=list)  # letter, text
    key: str = ""

    @property
    def name(self) -> str:
        return self.title or self.code

    @property
    def labels(self) -> list[str]:
        return [f"{name}: {text}" for name, text in self.tags.items() if text]

    @property
    def explanation(self) -> str:
        return explanation_of(self.rationale, self.reference)

    @property
    def is_whole(self) -> bool:
        """Whether other programs can do anything with it."""
        if self.kind is ItemKind.ESSAY:
            return bool(self.stem.strip())
        texts = [self.stem, *(text for _letter, text in self.options)]
        return all(map(str.strip, texts)) and len(texts) > 2 and self.key in dict(self.options)


def entry_of(version: ItemVersion, framework: Framework) -> Entry:
    content = CONTENT_OF[version.item.kind].model_validate(version.content)
    entry = Entry(
        code=version.item.code,
        kind=version.item.kind,
        tags=tags_of(version, framework),
        rationale=version.rationale,
        reference=version.reference,
    )
    if isinstance(content, SingleBestAnswer):
        options = [(option.id, option.text) for option in content.options]
        return replace(entry, stem=content.stem, options=options, key=content.key)
    if isinstance(content, Essay):
        tags = {**entry.tags, "vignette kind": content.slot}
        return replace(entry, title=version.title, stem=content.prompt, stimulus=content.stimulus, tags=tags)
    return entry


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
