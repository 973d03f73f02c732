"""What a form is made of: which items and vignettes fit where, and which are taken elsewhere."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank.assembly import Cell, PoolItem
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms.models import ExamForm, FormEntry, FormPurpose, SealedForm
from question_bank.exam_policy import ExamPolicy, SlotGroup, policy_of
from question_bank.item_kinds import QUESTIONS, Essay, Question, SingleBestAnswer, content_of
from question_bank.item_pool import for_every_level, versions_in_use
from question_bank.item_sets import told_with, whole_sets
from question_bank.items import Item, ItemKind, ItemVersion
from question_bank.translations import spanish_texts


def cells_of(blueprint: ExamBlueprint) -> list[Cell]:
    return [Cell(cell.area, cell.term, cell.count) for cell in blueprint.cells]


def versions_for(session: Session, purpose: FormPurpose, *kinds: ItemKind) -> list[ItemVersion]:
    """What a form of this purpose may be made of. The keys of a practice form are shown, so it holds samples only."""
    return versions_in_use(session, *kinds, samples_only=purpose is FormPurpose.PRACTICE)


def item_pool(session: Session, purpose: FormPurpose, levels: list[int]) -> list[PoolItem]:
    """The questions that are meant for every one of these levels."""
    uses = use_counts(session)
    versions = whole_sets(session, for_every_level(versions_for(session, purpose, *QUESTIONS), levels))
    return [pool_item(version, uses[version.item_id]) for version in versions]


def pool_item(version: ItemVersion, used_count: int = 0) -> PoolItem:
    return PoolItem(
        code=version.item.code,
        version_id=version.id,
        area=version.area or "",
        primary_term=version.primary_term,
        key=key_of(version),
        used_count=used_count,
        travels_with=version.item.set_code or "",
    )


def key_of(version: ItemVersion) -> str:
    """The letter of the key; "" where no single letter is, so that only letters are spread."""
    content = question_of(version)
    return content.key if isinstance(content, SingleBestAnswer) else ""


def question_of(version: ItemVersion) -> Question:
    return QUESTIONS[version.item.kind].model_validate(version.content)


def use_counts(session: Session) -> Counter[int]:
    """Item id -> on how many sealed forms it stands."""
    rows = session.execute(
        select(ItemVersion.item_id, func.count(FormEntry.form_id.distinct()).label("uses"))
        .join(FormEntry, FormEntry.item_version_id == ItemVersion.id)
        .join(ExamForm, ExamForm.id == FormEntry.form_id)
        .where(ExamForm.sealed_sha256.is_not(None))
        .group_by(ItemVersion.item_id)
    )
    return Counter({row.item_id: row.uses for row in rows})


def codes_on(session: Session, form_ids: list[int]) -> dict[str, str]:
    """Item code -> the title of one of these forms on which it stands, in whatever version."""
    rows = session.execute(
        select(Item.code, ExamForm.title)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(FormEntry, FormEntry.item_version_id == ItemVersion.id)
        .join(ExamForm, ExamForm.id == FormEntry.form_id)
        .where(ExamForm.id.in_(form_ids))
    )
    return {row.code: row.title for row in rows}


def kept_apart(session: Session, purpose: FormPurpose, differs_from: list[int]) -> dict[str, str]:
    """Item code -> the title of a form that keeps it off one of this purpose: an exam asks nothing of a practice.

    Where one of a vignette set stands on such a form, its vignette is known there, and so all of the set is kept off.
    """
    practice: list[int] = []
    if purpose is FormPurpose.EXAM:
        practice += session.scalars(select(ExamForm.id).where(ExamForm.purpose == FormPurpose.PRACTICE))
    taken = codes_on(session, [*differs_from, *practice])
    return {other: taken[code] for other, code in told_with(session, taken).items()} | taken


def fits_group(version: ItemVersion, group: SlotGroup) -> bool:
    """Whether a vignette is meant for a slot group. One that names no track is meant for all of its level."""
    return (
        Essay.model_validate(version.content).slot == group.slot
        and group.level in version.levels
        and (group.track is None or not version.tracks or group.track in version.tracks)
    )


def groups_for(versions: Collection[ItemVersion], policy: ExamPolicy) -> list[SlotGroup]:
    """The slot groups that have places for all of these vignettes."""
    groups = (group for group in policy.slot_groups if group.offered >= len(versions))
    return [group for group in groups if all(fits_group(version, group) for version in versions)]


def spanish_of(version: ItemVersion) -> dict[str, str] | None:
    """The Spanish texts of an item or vignette, when candidates may be given them."""
    return spanish_texts(content_of(version.item.kind, version.content), version.title)


@dataclass(frozen=True)
class SpanishShare:
    """How much of Part One, or of Part Two for one level and track, is there in Spanish too."""

    found: int
    total: int
    level: int | None = None
    track: str | None = None

    @property
    def whole(self) -> bool:
        """Candidates are given both languages of a part, or English."""
        return 0 < self.total == self.found


def spanish_shares(form: ExamForm) -> list[SpanishShare]:
    groups = policy_of(form.policy).slot_groups
    shares = [SpanishShare(*spanish_count(entry.item_version for entry in form.part_one))]
    for level, track in dict.fromkeys((group.level, group.track) for group in groups):
        mine = [group.code for group in groups if (group.level, group.track) == (level, track)]
        versions = {e.item_version.id: e.item_version for code in mine for e in form.slot_group(code)}
        shares.append(SpanishShare(*spanish_count(versions.values()), level, track))
    return shares


def spanish_count(versions: Iterable[ItemVersion]) -> tuple[int, int]:
    """How many of these have a Spanish text, and how many there are."""
    found = [spanish_of(version) is not None for version in versions]
    return sum(found), len(found)


def newest_forms(session: Session) -> list[ExamForm]:
    return list(session.scalars(select(ExamForm).order_by(ExamForm.id.desc())))


def shared_with(session: Session, form: ExamForm) -> Counter[str]:
    """Title of another form -> how many items and vignettes of this one stand on it too."""
    items = {entry.item_version.item_id for entry in form.entries}
    rows = session.execute(
        select(ExamForm.title, func.count(ItemVersion.item_id.distinct()).label("shared"))
        .join(FormEntry, FormEntry.form_id == ExamForm.id)
        .join(ItemVersion, ItemVersion.id == FormEntry.item_version_id)
        .where(ExamForm.id != form.id, ItemVersion.item_id.in_(items))
        .group_by(ExamForm.title)
        .order_by(ExamForm.title)
    )
    return Counter({row.title: row.shared for row in rows})


def forms_with(session: Session, item: Item) -> list[tuple[ItemVersion, ExamForm]]:
    """Which version of an item stands on which form, the newest form first."""
    rows = session.execute(
        select(ItemVersion, ExamForm)
        .join(FormEntry, FormEntry.item_version_id == ItemVersion.id)
        .join(ExamForm, ExamForm.id == FormEntry.form_id)
        .where(ItemVersion.item_id == item.id)
        .order_by(ExamForm.id.desc(), ItemVersion.number)
    ).unique()
    return list(dict.fromkeys((row[0], row[1]) for row in rows))


def written_since(session: Session, sha256: str) -> datetime:
    """When the first item of a sealed form was begun: since then its questions were to be read in the bank."""
    begun = session.scalar(
        select(func.min(Item.created_at))
        .join(Item.versions)
        .join(FormEntry, FormEntry.item_version_id == ItemVersion.id)
        .join(ExamForm, ExamForm.id == FormEntry.form_id)
        .where(ExamForm.sealed_sha256 == sha256)
    )
    return begun or session.get_one(SealedForm, sha256).sealed_at
