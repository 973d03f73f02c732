"""Writing items: begin one, save its draft, begin the next version, and what is still missing."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from question_bank import audit
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.framework import Area, Framework, current_framework
from question_bank.item_kinds import CONTENT_OF, PREMISE_IDS, content_of
from question_bank.items import IN_REVIEW, CognitiveLevel, Item, ItemKind, ItemVersion, ReviewState
from question_bank.translations import SPANISH, missing, source_texts

# The prefix of items that came without an area; a code is a name and does not change when the area is chosen.
UNPLACED = "IM"
# Drafts save themselves every few seconds; the audit trail gets one row for so long a stretch of it.
EDITING_STRETCH = timedelta(minutes=30)
WRITTEN = ("item.begun", "item.version_begun", "item.draft_saved")


class StaleDraft(RuleViolation):
    """Somebody saved this draft after the page was opened."""


@dataclass(frozen=True)
class ItemDraft:
    """Every field of an item version that its editor may change."""

    content: dict[str, Any]
    title: str = ""
    area: str | None = None
    terms: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)
    responsibility_codes: list[str] = field(default_factory=list)
    competency: str | None = None
    cognitive_level: CognitiveLevel | None = None
    rationale: str = ""
    reference: str = ""
    notes: str = ""

    @classmethod
    def of(cls, version: ItemVersion) -> "ItemDraft":
        return cls(**{entry.name: getattr(version, entry.name) for entry in fields(cls)})


def new_item(
    session: Session, kind: ItemKind, *, source: str, area: str | None, by: int, at: datetime, is_sample: bool = False
) -> Item:
    """Begin an item with an empty first draft. Its code is the next free one of the area."""
    entry = current_framework(session).area(area) if area else None
    prefix = entry.prefix if entry else UNPLACED
    draft = ItemDraft(content=CONTENT_OF[kind]().model_dump(mode="json"), area=area)
    return add_item(session, kind, prefix, draft, source=source, by=by, at=at, is_sample=is_sample)


def add_item(
    session: Session,
    kind: ItemKind,
    prefix: str,
    draft: ItemDraft,
    *,
    source: str,
    by: int,
    at: datetime,
    is_sample: bool = False,
) -> Item:
    """Add an item whose first draft is already written."""
    for _attempt in range(3):
        code = next(free_codes(session, kind, prefix))
        item = Item(code=code, kind=kind, is_sample=is_sample, source=source, author_id=by, created_at=at)
        item.versions.append(make_version(draft, number=1, by=by, at=at))
        try:
            with session.begin_nested():
                session.add(item)
        except IntegrityError:
            continue  # somebody took this code in the same moment
        audit.record(session, "item.begun", "item", code, by=by, at=at, source=source)
        return item
    raise at_the_same_time()


@dataclass(frozen=True)
class NewItem:
    """An item to be added, whose first draft is already written."""

    kind: ItemKind
    prefix: str
    draft: ItemDraft
    source: str


def add_items(session: Session, new: Sequence[NewItem], *, by: int, at: datetime) -> list[Item]:
    """Add many items in their order, all or none. Each prefix is looked up once, however many there are."""
    # Kinds of items share a series, so its codes are counted on from one of them to the next.
    codes = {series_of(n.kind, n.prefix): free_codes(session, n.kind, n.prefix) for n in new}
    items = []
    for entry in new:
        code = next(codes[series_of(entry.kind, entry.prefix)])
        item = Item(code=code, kind=entry.kind, source=entry.source, author_id=by, created_at=at)
        item.versions.append(make_version(entry.draft, number=1, by=by, at=at))
        items.append(item)
    try:
        with session.begin_nested():
            session.add_all(items)
    except IntegrityError:
        raise at_the_same_time() from None
    for item in items:
        audit.record(session, "item.begun", "item", item.code, by=by, at=at, source=item.source)
    return items


def at_the_same_time() -> RuleViolation:
    return RuleViolation("Many items are being added right now. Nothing was saved; try again.")


def series_of(kind: ItemKind, prefix: str) -> str:
    """Vignettes have codes of their own, such as TFV-0003; questions of every kind share the others."""
    return f"{prefix}V" if kind is ItemKind.ESSAY else prefix


def free_codes(session: Session, kind: ItemKind, prefix: str) -> Iterator[str]:
    """The codes after the last one ever given, also to an item whose import was undone: a code is a name."""
    series = series_of(kind, prefix)
    begun = select(AuditEvent.target_id).where(AuditEvent.target_kind == "item", AuditEvent.action == "item.begun")
    used = (
        last_of(session, select(Item.code), Item.code, series),
        last_of(session, begun, AuditEvent.target_id, series),
    )
    return (f"{series}-{number:04}" for number in count(max(used) + 1))


def last_of(session: Session, codes: Select[str], column: InstrumentedAttribute[str], series: str) -> int:
    """The highest number of a series among some codes; 0 when there is none."""
    found = session.scalar(
        codes.where(column.startswith(f"{series}-")).order_by(func.length(column).desc(), column.desc()).limit(1)
    )
    return int(found.rpartition("-")[2]) if found else 0


def make_version(draft: ItemDraft, *, number: int, by: int, at: datetime) -> ItemVersion:
    version = ItemVersion(number=number, editor_id=by, created_at=at, updated_at=at)
    write(version, draft)
    return version


def write(version: ItemVersion, draft: ItemDraft) -> None:
    for name, value in asdict(draft).items():
        setattr(version, name, value)


def as_typed(session: Session, version: ItemVersion, draft: ItemDraft) -> ItemVersion:
    """The version as it would be after a save. It leaves the session, so that nothing is written."""
    session.expunge(version)
    write(version, draft)
    return version


def save_draft(
    session: Session,
    version: ItemVersion,
    draft: ItemDraft,
    *,
    edit_count: int,
    by: int,
    at: datetime,
    by_itself: bool = False,
) -> None:
    """Write the draft as typed, half-finished or not.

    Raises StaleDraft when ``edit_count`` is not the stored one, unless the same text is stored already: then the answer
    to an earlier save was lost on its way. ``by_itself`` means that nobody pressed a button.
    """
    CONTENT_OF[version.item.kind].model_validate(draft.content)
    if not claim(session, version, edit_count):
        if version.state is not ReviewState.DRAFT:
            raise RuleViolation("Only a draft can be changed. Begin a new version of this item instead.")
        if ItemDraft.of(version) == draft:
            return
        raise StaleDraft(_("Somebody else saved this item while you were writing. Nothing was overwritten."))
    write(version, draft)
    version.editor_id = by
    version.updated_at = at
    session.flush()
    if not (by_itself and noted(session, version, by=by, at=at)):
        audit.record(session, "item.draft_saved", "item", version.item.code, by=by, at=at, version=version.number)


def claim(session: Session, version: ItemVersion, edit_count: int) -> bool:
    """Count one more save of the draft. Condition and count are one statement: of two people at once one is told."""
    claimed = session.execute(
        update(ItemVersion)
        .where(
            ItemVersion.id == version.id,
            ItemVersion.edit_count == edit_count,
            ItemVersion.state == ReviewState.DRAFT,
        )
        .values(edit_count=edit_count + 1)
        .returning(ItemVersion.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(version)
    return claimed is not None


def noted(session: Session, version: ItemVersion, *, by: int, at: datetime) -> bool:
    """Whether the audit trail tells already that this person is writing here: it is the last it tells of the item."""
    last = session.scalar(
        select(AuditEvent)
        .where(AuditEvent.target_kind == "item", AuditEvent.target_id == version.item.code)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if last is None or (last.action, last.actor_id) != ("item.draft_saved", by):
        return False
    return last.details["version"] == version.number and at - last.at < EDITING_STRETCH


def new_version(session: Session, item: Item, *, by: int, at: datetime) -> ItemVersion:
    """Begin the next version as a draft: a copy of the latest one."""
    if item.latest.state in (ReviewState.DRAFT, *IN_REVIEW):
        raise RuleViolation("This item already has a version that is being worked on.")
    version = make_version(ItemDraft.of(item.latest), number=item.latest.number + 1, by=by, at=at)
    try:
        with session.begin_nested():
            item.versions.append(version)
    except IntegrityError:
        raise RuleViolation("Somebody else began a new version of this item just now. Reload the page.") from None
    audit.record(session, "item.version_begun", "item", item.code, by=by, at=at, version=version.number)
    return version


def writers(session: Session, item: Item) -> set[int]:
    """Everybody who ever wrote on this item. The audit trail knows: it is written with every save."""
    saved = session.scalars(
        select(AuditEvent.actor_id)
        .where(AuditEvent.target_kind == "item", AuditEvent.target_id == item.code, AuditEvent.action.in_(WRITTEN))
        .distinct()
    )
    return {item.author_id, *(version.editor_id for version in item.versions), *(id_ for id_ in saved if id_)}


def written_by(person: int) -> Select[int]:
    """The ids of the items on which this person ever wrote: the same rule as ``writers``, for all items at once."""
    saved = select(AuditEvent.target_id).where(
        AuditEvent.actor_id == person, AuditEvent.target_kind == "item", AuditEvent.action.in_(WRITTEN)
    )
    edited = select(ItemVersion.item_id).where(ItemVersion.editor_id == person)
    return select(Item.id).where(or_(Item.author_id == person, Item.id.in_(edited), Item.code.in_(saved)))


def problems(version: ItemVersion, framework: Framework) -> list[str]:
    """What keeps this version from review, as sentences: its content first, then its tags."""
    area = framework.area(version.area) if version.area else None
    return [
        *content_of(version.item.kind, version.content).problems(),
        *text_problems(version),
        *translation_problems(version),
        *level_problems(version, framework),
        *(area_problems(version, area, framework) if area else [_("Choose the area of expertise.")]),
    ]


def text_problems(version: ItemVersion) -> list[str]:
    if version.item.kind is ItemKind.ESSAY:
        return [] if version.title.strip() else [_("Give the vignette a title.")]
    checks = (
        (version.rationale, _("Write the rationale: why the key is right.")),
        (version.reference, _("Name the reference that supports the key.")),
    )
    return [message for text, message in checks if not text.strip()]


def translation_problems(version: ItemVersion) -> list[str]:
    """A translation is whole or not there at all; one that is out of date is marked, and no problem."""
    content = content_of(version.item.kind, version.content)
    spanish = content.translations.get(SPANISH)
    if spanish is None:
        return []
    sentences = {
        "title": _("Write the title in Spanish too, or leave all of the Spanish empty."),
        "stimulus": _("Write the vignette in Spanish too, or leave all of the Spanish empty."),
        "prompt": _("Write the prompt in Spanish too, or leave all of the Spanish empty."),
        "stem": _("Write the stem in Spanish too, or leave all of the Spanish empty."),
    }
    sentences |= dict.fromkeys(PREMISE_IDS, _("Write every line in Spanish too, or leave all of the Spanish empty."))
    options = _("Write every option in Spanish too, or leave all of the Spanish empty.")
    places = missing(spanish, source_texts(content, version.title))
    return list(dict.fromkeys(sentences.get(place, options) for place in places))


def level_problems(version: ItemVersion, framework: Framework) -> list[str]:
    known = {entry.level for entry in framework.levels}
    tracks = {track.code for level in version.levels for track in framework.tracks_of(level)}
    checks = (
        (not version.levels, _("Choose at least one level.")),
        (not set(version.levels) <= known, _("Choose levels of the framework only.")),
        (not set(version.tracks) <= tracks, _("Choose only tracks that a chosen level has.")),
    )
    return [message for failed, message in checks if failed]


def area_problems(version: ItemVersion, area: Area, framework: Framework) -> list[str]:
    terms = [area.term(code) for code in version.terms]
    at_every_level = all(term and set(version.levels) <= set(term.labels) for term in terms)
    competencies = {entry.code for entry in framework.competencies if entry.area == area.code}
    checks = (
        (not terms, _("Choose at least one term of the area.")),
        (not at_every_level, _("Choose only terms that every chosen level has.")),
        (
            not set(version.responsibility_codes) <= set(area.responsibility_codes),
            _("Choose only responsibility codes of the area."),
        ),
        (version.competency and version.competency not in competencies, _("Choose a competency of the area.")),
    )
    return [message for failed, message in checks if failed]
