"""Makes items and vignettes in use for tests, as review would have left them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from question_bank.blueprint_plans import default_plan
from question_bank.framework import default_framework
from question_bank.item_kinds import CONTENT_OF, RUBRIC_LEVELS
from question_bank.items import STANDING, Item, ItemKind, ItemVersion, ReviewState
from question_bank.translations import SPANISH, source_texts, translate

AREAS = {area.code: area for area in default_framework().areas}


class Bank:
    """``bank.item(...)`` and ``bank.vignette(...)`` make one; ``bank.fill()`` enough for forms of the shipped rules."""

    def __init__(self, db: Session, author_id: int, at: datetime) -> None:
        self.db = db
        self.author_id = author_id
        self.at = at
        self.count = 0
        self.spanish = False  # whether what is made has a Spanish text too: the English after "ES: "
        self.story = ""  # the vignette before the questions that are made
        # Whether what is made next are samples.
        self.samples = False

    def item(
        self,
        area: str = "theoretical-foundations",
        term: str = "attachment",
        *,
        key: str = "a",
        stem: str = "",
        levels: Sequence[int] = (3, 4),
        state: ReviewState = ReviewState.OPERATIONAL,
    ) -> ItemVersion:
        item = self.new_item(area, ItemKind.SINGLE_BEST_ANSWER)
        options = [{"id": letter, "text": f"Answer {letter} of {item.code}"} for letter in "abcd"]
        content = {"stem": stem or f"What does {item.code} ask?", "options": options, "key": key}
        version = self.version(item, {**content, "stimulus": self.story}, area, levels, state)
        version.terms = [term]
        version.rationale = f"Secret reason of {item.code}"
        return self.translated(version)

    def vignette(
        self, slot: str = "clinical", *, levels: Sequence[int] = (3, 4), tracks: Sequence[str] = ()
    ) -> ItemVersion:
        item = self.new_item("reflection", ItemKind.ESSAY)
        levels_of = [{"level": n, "title": f"Level {n}", "descriptor": "Secret"} for n in range(1, RUBRIC_LEVELS + 1)]
        rubric = {"dimensions": [{"code": "insight", "title": "Insight", "description": "", "levels": levels_of}]}
        content = {"slot": slot, "stimulus": f"Story of {item.code}", "prompt": "What would you do?", "rubric": rubric}
        version = self.version(item, content, "reflection", levels, ReviewState.OPERATIONAL)
        version.title, version.tracks = f"Vignette {item.code}", list(tracks)
        return self.translated(version)

    def translated(self, version: ItemVersion) -> ItemVersion:
        source = source_texts(CONTENT_OF[version.item.kind].model_validate(version.content), version.title)
        spanish = translate(source, {place: f"ES: {english}" for place, english in source.items()})
        if self.spanish and spanish:
            version.content = {**version.content, "translations": {SPANISH: spanish.model_dump()}}
        return version

    def newer(self, old: ItemVersion) -> ItemVersion:
        """The next version of an item, in use in place of the old one."""
        old.state = ReviewState.RETIRED
        self.db.flush()
        version = self.version(
            old.item, old.content, old.area, old.levels, ReviewState.OPERATIONAL, number=old.number + 1
        )
        version.terms = old.terms
        self.db.flush()
        return version

    def fill(self, forms: int = 1, keys: str = "abcd") -> None:
        """Enough for that many forms without a common item, by the shipped blueprint and exam policy."""
        plan = default_plan()
        for area, count in plan.counts.items():
            terms = [t.code for t in AREAS[area].terms if set(plan.levels) <= set(t.labels)]
            for number in range(count * forms):
                self.item(area, terms[number % len(terms)], key=keys[number % len(keys)])
        for slot, needed in {"clinical": 3, "supervisory": 1, "policy": 2, "teaching": 1, "research": 1}.items():
            for _ in range(needed * forms):
                self.vignette(slot)
        self.db.flush()

    def new_item(self, area: str, kind: ItemKind) -> Item:
        self.count += 1
        code = f"{AREAS[area].prefix}{'V' if kind is ItemKind.ESSAY else ''}-{self.count:04}"
        return Item(
            code=code, kind=kind, is_sample=self.samples, source="written here", author_id=self.author_id,
            created_at=self.at,
        )  # fmt: skip

    def version(
        self,
        item: Item,
        content: Mapping[str, Any],
        area: str | None,
        levels: Sequence[int],
        state: ReviewState,
        number: int = 1,
    ) -> ItemVersion:
        version = ItemVersion(
            item=item,
            number=number,
            state=state,
            content=dict(content),
            area=area,
            levels=list(levels),
            tracks=[],
            responsibility_codes=[],
            editor_id=self.author_id,
            created_at=self.at,
            updated_at=self.at,
            submitted_at=None if state is ReviewState.DRAFT else self.at,
            approved_at=self.at if state in (*STANDING, ReviewState.RETIRED) else None,
        )
        self.db.add(version)
        return version
