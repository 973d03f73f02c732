"""The sample bank: items and vignettes of ours, taken through writing and review as a committee would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml
from sqlalchemy.orm import Session

from question_bank.framework import Framework, current_framework
from question_bank.item_kinds import CONTENT_OF, OPTION_IDS
from question_bank.item_sets import join
from question_bank.item_writing import ItemDraft, add_item
from question_bank.items import CognitiveLevel, Item, ItemKind, ItemVersion
from question_bank.review import Move, move
from question_bank.review_checklists import checklist
from question_bank.review_comments import answer, remark
from question_bank.translations import SPANISH, translate

SOURCE = "Sample bank"
ITEM_FILES = ("items-theoretical-foundations", "items-direct-service-skills", "items-reflection", "items-other-areas")


def read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(text_of(name))
    return entries


def text_of(name: str) -> str:
    return (resources.files("examapp.demo") / "bank" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def spanish() -> dict[str, dict[str, Any]]:
    """What there is in Spanish, by the ref of the item or vignette."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text_of("spanish"))
    return entries


def draft_of_item(entry: dict[str, Any]) -> ItemDraft:
    options = [{"id": OPTION_IDS[place], "text": text} for place, text in enumerate(entry["options"])]
    content = {"stem": entry["stem"].strip(), "options": options, "key": entry["key"].lower()}
    return tagged(entry, content | translations(choice_texts(entry), choice_texts(spanish().get(entry["ref"]))))


def choice_texts(entry: dict[str, Any] | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {"stem": entry["stem"].strip(), **dict(zip(OPTION_IDS, entry["options"], strict=False))}


def translations(english: dict[str, str], typed: dict[str, str]) -> dict[str, Any]:
    made = translate(english, typed)
    return {"translations": {SPANISH: made.model_dump()}} if made else {}


def draft_of_other_kind(entry: dict[str, Any]) -> ItemDraft:
    english = CONTENT_OF[ItemKind(entry["kind"])].model_validate(entry["content"]).texts()
    return tagged(entry, entry["content"] | translations(english, entry["spanish"]))


def draft_of_vignette(entry: dict[str, Any]) -> ItemDraft:
    content = {name: entry[name] for name in ("slot", "stimulus", "prompt", "rubric")}
    english = {name: entry[name] for name in ("title", "stimulus", "prompt")}
    content |= translations(english, spanish().get(entry["ref"], {}))
    # The supervisory and clinical vignettes of Level 4 name their track; at Level 3 there is none.
    return tagged(entry, content, title=entry["title"], tracks=entry["tracks"])


def tagged(entry: dict[str, Any], content: dict[str, Any], **fields: Any) -> ItemDraft:
    return ItemDraft(
        content=content,
        area=entry["area"],
        terms=entry["terms"],
        levels=entry["levels"],
        responsibility_codes=entry.get("responsibility_codes", []),
        cognitive_level=CognitiveLevel(entry["cognitive_level"]),
        rationale=entry["rationale"].strip(),
        reference=entry["reference"].strip(),
        **fields,
    )


@dataclass(frozen=True)
class Committee:
    """Who writes, and the two who review: nobody does both reviews of an item."""

    author: int
    reviewer: int
    second: int


def add_items(session: Session, committee: Committee, *, at: datetime) -> None:
    """Every multiple-choice item, in use."""
    entries = [entry for name in ITEM_FILES for entry in read(name)]
    for number, entry in enumerate(entries):
        written = at + timedelta(minutes=7 * number)
        reasons = entry.get("advice_reasons", {})
        draft = draft_of_item(entry)
        add_in_use(session, ItemKind.SINGLE_BEST_ANSWER, draft, committee, at=written, reasons=reasons)


def add_other_kinds(session: Session, committee: Committee, *, at: datetime) -> list[Item]:
    """Questions of the kinds besides one best answer, in use."""
    return [
        add_in_use(session, ItemKind(entry["kind"]), draft_of_other_kind(entry), committee, at=at)
        for entry in read("items-other-kinds")
    ]


def add_vignette_set(session: Session, committee: Committee, *, at: datetime) -> None:
    """Two questions about one vignette, in use."""
    first, second = (
        add_in_use(session, ItemKind(entry["kind"]), draft_of_other_kind(entry), committee, at=at)
        for entry in read("items-vignette-set")
    )
    join(session, second, first, by=committee.author, at=at + timedelta(days=7))


def add_vignettes(session: Session, set_name: str, committee: Committee, *, at: datetime) -> dict[str, str]:
    """The vignettes of one set, in use; returns their refs by item code."""
    refs = {}
    for entry in read("vignettes"):
        if entry["set"] == set_name:
            item = add_in_use(session, ItemKind.ESSAY, draft_of_vignette(entry), committee, at=at)
            refs[item.code] = entry["ref"]
    return refs


def add_in_use(
    session: Session,
    kind: ItemKind,
    draft: ItemDraft,
    committee: Committee,
    *,
    at: datetime,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> Item:
    """One item, written, submitted, reviewed twice by others and put to use six days later."""
    prefix = prefix_of(current_framework(session), draft)
    item = add_item(session, kind, prefix, draft, source=SOURCE, by=committee.author, at=at, is_sample=True)
    move(session, item.latest, Move.SUBMIT, by=committee.author, comment="", at=at, reasons=reasons)
    review(session, item.latest, Move.PASS_CONTENT, by=committee.reviewer, at=at + timedelta(days=3))
    review(session, item.latest, Move.APPROVE, by=committee.second, at=at + timedelta(days=6))
    review(session, item.latest, Move.PUT_TO_USE, by=committee.reviewer, at=at + timedelta(days=6))
    return item


def review(session: Session, version: ItemVersion, step: Move, *, by: int, at: datetime, comment: str = "") -> None:
    """One step of a reviewer, with every box of the checklist ticked."""
    ticked = [check.code for check in checklist(version)]
    move(session, version, step, by=by, comment=comment, at=at, ticked=ticked)


def prefix_of(framework: Framework, draft: ItemDraft) -> str:
    area = framework.area(draft.area or "")
    if area is None:
        raise LookupError(f"The sample bank names an unknown area: {draft.area}")
    return area.prefix


# How an item in the making came to its state.
WAYS: dict[str, tuple[Move, ...]] = {
    "draft": (),
    "content_review": (Move.SUBMIT,),
    "sent_back": (Move.SUBMIT, Move.SEND_BACK),
    "editorial_review": (Move.SUBMIT, Move.PASS_CONTENT),
    "approved": (Move.SUBMIT, Move.PASS_CONTENT, Move.APPROVE),
    "pretest": (Move.SUBMIT, Move.PASS_CONTENT, Move.APPROVE, Move.TRY_OUT),
}


def add_unfinished(session: Session, committee: Committee, *, at: datetime) -> None:
    """Items in every state before use, some with comments."""
    for entry in read("unfinished"):
        draft = draft_of_item(entry)
        prefix, author = prefix_of(current_framework(session), draft), committee.author
        kind = ItemKind.SINGLE_BEST_ANSWER
        item = add_item(session, kind, prefix, draft, source=SOURCE, by=author, at=at, is_sample=True)
        two = (committee.reviewer, committee.second)
        first, other = two if entry.get("first") != "second" else two[::-1]
        for day, step in enumerate(WAYS[entry["state"]]):
            by = {Move.SUBMIT: author, Move.APPROVE: other}.get(step, first)
            review(session, item.latest, step, by=by, at=at + timedelta(hours=8 * day))
            if step is Move.SUBMIT:
                add_remarks(session, item.latest, entry.get("remarks", []), committee, at=at + timedelta(hours=4))


def add_remarks(
    session: Session, version: ItemVersion, remarks: list[dict[str, str]], committee: Committee, *, at: datetime
) -> None:
    for said in remarks:
        by = getattr(committee, said["by"])
        thread = remark(session, version, said["anchor"], said["text"], by=by, at=at)
        if "answer" in said:
            answer(session, thread, said["answer"], by=committee.author, at=at + timedelta(hours=2))
