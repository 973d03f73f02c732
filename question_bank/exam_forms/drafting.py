"""Making a form: drafted from blueprint, policy and seed, then changed entry by entry."""

import random
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import audit
from question_bank.assembly import Assembly, Missing, PoolItem, Shortage, assemble
from question_bank.enemies import enemies_among
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.exam_blueprint import ExamBlueprint
from question_bank.exam_forms.composition import cells_of, fits_group, item_pool, kept_apart, use_counts, versions_for
from question_bank.exam_forms.models import ExamForm, FormEntry, FormPurpose, refuse_sealed
from question_bank.exam_policy import PART_ONE, PART_TWO, ExamPolicy, SlotGroup, policy_of
from question_bank.item_kinds import QUESTIONS
from question_bank.item_pool import for_every_level
from question_bank.item_sets import whole_sets
from question_bank.items import Item, ItemKind, ItemVersion, ReviewState
from question_bank.rule_documents import RuleDocument
from question_bank.slot_filling import Bundle, Search, by_code, enemies_met


class NotEnoughItems(RuleViolation):
    """The bank cannot fill the blueprint; ``missing`` says which cells, or none when only company hinders it."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        cells = _("The bank cannot fill this blueprint.")
        company = _(
            "Enemies and vignette sets leave no form that fits this blueprint. Put more items to use, or change it."
        )
        super().__init__(cells if missing else company)


def draft_form(
    session: Session,
    *,
    title: str,
    purpose: FormPurpose,
    blueprint: ExamBlueprint,
    policy: RuleDocument,
    seed: int,
    differ_from: Sequence[ExamForm] = (),
    by: int,
    at: datetime,
) -> ExamForm:
    """Draft Part One by the blueprint, or raise NotEnoughItems; fill the policy's slot groups where it can."""
    refuse_taken_title(session, title)
    others = sorted(form.id for form in differ_from)
    taken, pool = kept_apart(session, purpose, others), item_pool(session, purpose, blueprint.levels)
    drawn = draw_items(session, pool, blueprint, seed, taken.keys())
    form = ExamForm(
        title=title,
        purpose=purpose,
        blueprint=blueprint,
        policy=policy,
        seed=seed,
        differs_from=others,
        created_at=at,
        created_by_id=by,
        entries=entries(PART_ONE, "", [item.version_id for item in drawn.items]),
    )
    vignettes = [v for v in versions_for(session, purpose, ItemKind.ESSAY) if v.item.code not in taken]
    part_one = {item.code for item in drawn.items}
    for group, chosen in draw_vignettes(session, policy_of(policy), vignettes, part_one, seed).items():
        # A practice form may leave levels and tracks out, but serves the others wholly.
        if purpose is FormPurpose.EXAM or len(chosen) == group.offered:
            form.entries += entries(PART_TWO, group.code, [version.id for version in chosen])
    session.add(form)
    session.flush()
    session.refresh(form)
    audit.record(session, "exam_form.drafted", "exam_form", form.id, by=by, at=at, title=title, seed=seed)
    return form


def draw_items(
    session: Session, pool: Sequence[PoolItem], blueprint: ExamBlueprint, seed: int, taken: Collection[str]
) -> Assembly:
    apart = enemies_among(session, [item.code for item in pool])
    drawn = assemble(pool, cells_of(blueprint), seed=seed, exclude=taken, enemies=apart.keys())
    if isinstance(drawn, Shortage):
        raise NotEnoughItems(drawn.missing)
    return drawn


def entries(part: str, slot_group: str, version_ids: Sequence[int]) -> list[FormEntry]:
    return [
        FormEntry(part=part, slot_group=slot_group, position=position, item_version_id=version_id)
        for position, version_id in enumerate(version_ids, start=1)
    ]


def draw_vignettes(
    session: Session, policy: ExamPolicy, vignettes: Sequence[ItemVersion], part_one: Collection[str], seed: int
) -> dict[SlotGroup, list[ItemVersion]]:
    """Slot group -> its vignettes: first those another group of the form has already, then the least used.

    Sharing keeps the number of vignettes that are shown, and so spent, small. Groups that one candidate answers never
    share. Enemies of each other, and of the items of Part One, are left out. A vignette set comes whole, or not at all
    where a group has fewer places than it has prompts.
    """
    uses, version_of = use_counts(session), {version.item.code: version for version in vignettes}
    enemies_of = by_code(enemies_among(session, {*part_one, *version_of}))
    order = list(vignettes)
    random.Random(seed).shuffle(order)
    drawn: dict[SlotGroup, list[ItemVersion]] = {}
    on_form = set(part_one)
    of_candidate: dict[tuple[int, str | None], set[str]] = {}
    for group in policy.slot_groups:
        answered = of_candidate.setdefault((group.level, group.track), set())
        kept_off = answered | enemies_met(on_form, enemies_of)
        fitting = [v for v in order if fits_group(v, group) and v.item.code not in kept_off]
        bundles = bundled(whole_sets(session, fitting))
        bundles.sort(key=lambda codes: (not on_form.issuperset(codes), max(uses[version_of[c].item_id] for c in codes)))
        shown = [codes for codes in bundles if on_form.issuperset(codes)]
        found = Search(enemies_of).filling(shown, group.offered) or Search(enemies_of).fullest(bundles, group.offered)
        chosen = list(chain.from_iterable(found))
        drawn[group] = [version_of[code] for code in chosen]
        on_form |= set(chosen)
        answered |= set(chosen)
    return drawn


def bundled(versions: Sequence[ItemVersion]) -> list[Bundle]:
    """The codes of these versions, those of a set together and in the order in which they stand on a form."""
    together: dict[str, list[str]] = {}
    for version in versions:
        together.setdefault(version.item.set_code or version.item.code, []).append(version.item.code)
    return [tuple(sorted(codes)) for codes in together.values()]


def refuse_taken_title(session: Session, title: str) -> None:
    if session.scalar(select(ExamForm.id).where(ExamForm.title == title)):
        raise RuleViolation("Another form is called “%(title)s”. Choose another title.", title=title)


def replacements_for(session: Session, form: ExamForm, entry: FormEntry) -> list[ItemVersion]:
    """What may stand in place of an entry: in use, of the same cell, not on the form nor on one it differs from.

    A newer version of the same item is among them; no enemy of what stays is, nor an item of a vignette set, which
    comes and goes as a whole.
    """
    taken = {other.item_version.item.code for other in entries_seen_with(form, entry) if other is not entry}
    taken |= kept_apart(session, form.purpose, form.differs_from).keys()
    fitting = fitting_items(session, form, entry) if entry.part == PART_ONE else fitting_vignettes(session, form, entry)
    own = entry.item_version
    free = [v for v in fitting if v is not own and v.item.code not in taken]
    if own.item.set_code:
        return [v for v in free if v.item_id == own.item_id]
    codes = {other.item_version.item.code for other in form.entries if other is not entry}
    met = enemies_met(codes, by_code(enemies_among(session, [*codes, *(v.item.code for v in free)])))
    return [v for v in free if v.item.code not in met and not v.item.set_code]


def entries_seen_with(form: ExamForm, entry: FormEntry) -> list[FormEntry]:
    """The entries one candidate may meet together with this one: in Part Two, those of its level and track."""
    if entry.part == PART_ONE:
        return form.part_one
    policy = policy_of(form.policy)
    own = group_of(policy, entry)
    return [e for group in policy.slot_groups_for(own.level, own.track) for e in form.slot_group(group.code)]


def group_of(policy: ExamPolicy, entry: FormEntry) -> SlotGroup:
    return next(group for group in policy.slot_groups if group.code == entry.slot_group)


def fitting_items(session: Session, form: ExamForm, entry: FormEntry) -> list[ItemVersion]:
    """Items of the same area; of the same primary term too where the form has no more of it than it must."""
    old = entry.item_version
    same_term = sum(
        e.item_version.area == old.area and e.item_version.primary_term == old.primary_term for e in form.part_one
    )
    bound = same_term <= form.blueprint.minimums.get((old.area or "", old.primary_term), 0)
    fitting = [
        version
        for version in for_every_level(versions_for(session, form.purpose, *QUESTIONS), form.blueprint.levels)
        if version.area == old.area and (not bound or version.primary_term == old.primary_term)
    ]
    return sorted(fitting, key=lambda version: (version.primary_term != old.primary_term, version.item.code))


def fitting_vignettes(session: Session, form: ExamForm, entry: FormEntry) -> list[ItemVersion]:
    group = group_of(policy_of(form.policy), entry)
    return [version for version in versions_for(session, form.purpose, ItemKind.ESSAY) if fits_group(version, group)]


def exchange(
    session: Session, form: ExamForm, entry: FormEntry, replacement: ItemVersion, *, by: int, at: datetime
) -> None:
    """Put another item of the same cell, or another vignette of the same slot, in place of an entry."""
    refuse_sealed(form)
    if replacement not in replacements_for(session, form, entry):
        raise RuleViolation(
            "%(code)s does not fit here: choose one in use of the same kind that is not on the form yet.",
            code=replacement.item.code,
        )
    removed = entry.item_version.item.code
    entry.item_version = replacement
    session.flush()
    audit.record(
        session,
        "exam_form.exchanged",
        "exam_form",
        form.id,
        by=by,
        at=at,
        removed=removed,
        added=replacement.item.code,
        slot_group=entry.slot_group,
    )


def trials_for(session: Session, form: ExamForm) -> list[ItemVersion]:
    """The questions that are being tried out and may stand on this form besides what counts."""
    codes = {entry.item_version.item.code for entry in form.entries}
    taken = codes | kept_apart(session, form.purpose, form.differs_from).keys()
    tried = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(ItemVersion.state == ReviewState.PRETEST, Item.kind.in_(QUESTIONS), Item.set_code.is_(None))
    )
    if form.purpose is FormPurpose.PRACTICE:
        tried = tried.where(Item.is_sample)
    fitting = for_every_level(session.scalars(tried.order_by(Item.code)), form.blueprint.levels)
    apart = enemies_among(session, [*codes, *(version.item.code for version in fitting)])
    met = {code for pair in apart if pair & codes for code in pair - codes}
    return [version for version in fitting if version.item.code not in taken | met]


def add_trial(session: Session, form: ExamForm, version: ItemVersion, *, by: int, at: datetime) -> None:
    """Put a question that is tried out somewhere into Part One, where it does not show: the other moves to the end."""
    refuse_sealed(form)
    if version not in trials_for(session, form):
        raise RuleViolation("%(code)s cannot be tried out on this form. Reload the page.", code=version.item.code)
    # Not within a vignette set, which stands in one piece.
    single = [entry for entry in form.part_one if entry.item_version.item.set_code is None]
    place = random.Random(f"{form.seed} {version.item.code}").choice(single)
    moved, place.item_version = place.item_version, version
    session.flush()
    last = max(entry.position for entry in form.part_one)
    form.entries.append(FormEntry(part=PART_ONE, slot_group="", position=last + 1, item_version=moved))
    session.flush()
    audit.record(session, "exam_form.trial_added", "exam_form", form.id, by=by, at=at, added=version.item.code)


def remove_trial(session: Session, form: ExamForm, entry: FormEntry, *, by: int, at: datetime) -> None:
    """Take a question that was to be tried out off a form."""
    refuse_sealed(form)
    if entry.item_version.state is not ReviewState.PRETEST:
        raise RuleViolation("%(code)s counts on this form: exchange it.", code=entry.item_version.item.code)
    removed = entry.item_version.item.code
    form.entries.remove(entry)
    session.flush()
    audit.record(session, "exam_form.trial_removed", "exam_form", form.id, by=by, at=at, removed=removed)


def discard(session: Session, form: ExamForm, *, by: int, at: datetime) -> None:
    """Throw a draft away; its items are free again."""
    refuse_sealed(form)
    audit.record(session, "exam_form.discarded", "exam_form", form.id, by=by, at=at, title=form.title)
    session.delete(form)
    session.flush()
