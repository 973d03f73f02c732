"""The checks before sealing: problems forbid it, notes advise."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.assembly import (
    LARGEST_KEY_SHARE,
    LONGEST_KEY_RUN,
    largest_share,
    longest_run,
    missing_from,
)
from question_bank.enemies import enemies_among
from question_bank.errors import RuleViolation
from question_bank.exam_forms.composition import (
    cells_of,
    codes_on,
    fits_group,
    kept_apart,
    key_of,
    pool_item,
    question_of,
    spanish_shares,
)
from question_bank.exam_forms.models import ExamForm, FormPurpose
from question_bank.exam_policy import PART_ONE, policy_of
from question_bank.framework import Framework, current_framework
from question_bank.item_sets import members, tells_several
from question_bank.items import ItemVersion, ReviewState


def problems_of(session: Session, form: ExamForm) -> list[RuleViolation]:
    """What keeps this form from being sealed, as sentences; empty when nothing does."""
    framework = current_framework(session)
    return [
        *count_problems(form, framework),
        *state_problems(form),
        *sample_problems(form),
        *duplicate_problems(form),
        *slot_group_problems(form, framework),
        *overlap_problems(session, form),
        *enemy_problems(session, form),
        *set_problems(session, form),
    ]


def notes_of(session: Session, form: ExamForm) -> list[RuleViolation]:
    """What the committee should know before sealing; nothing here forbids it."""
    framework = current_framework(session)
    return [*key_notes(form), *practice_notes(session, form), *language_notes(form, framework)]


def count_problems(form: ExamForm, framework: Framework) -> Iterator[RuleViolation]:
    """The blueprint says what counts; what is tried out stands on the form besides."""
    versions = [entry.item_version for entry in form.part_one]
    pool = [pool_item(version) for version in versions if version.state is not ReviewState.PRETEST]
    for cell in missing_from(pool, cells_of(form.blueprint)):
        yield RuleViolation(
            "%(cell)s: %(needed)s needed, %(found)s on the form.",
            cell=framework.cell_name(cell.area, cell.term),
            needed=cell.needed,
            found=cell.available,
        )
    if len(pool) > form.blueprint.total:
        yield RuleViolation(
            "The form has %(found)s items, its blueprint asks for %(needed)s.",
            found=len(pool),
            needed=form.blueprint.total,
        )
    required = policy_of(form.policy).part(PART_ONE).item_count
    if form.purpose is FormPurpose.EXAM and required and len(pool) != required:
        yield RuleViolation(
            "The exam policy asks for %(needed)s items in Part One; this form has %(found)s.",
            needed=required,
            found=len(pool),
        )


def state_problems(form: ExamForm) -> Iterator[RuleViolation]:
    """What is tried out does not count, so it may stand in Part One only: every essay counts."""
    tried = {entry.item_version.id for entry in form.part_one if entry.item_version.state is ReviewState.PRETEST}
    versions = {entry.item_version.id: entry.item_version for entry in form.entries}
    for version in versions.values():
        if version.state is not ReviewState.OPERATIONAL and version.id not in tried:
            yield RuleViolation(
                "%(code)s version %(number)s is not in use. Exchange it.",
                code=version.item.code,
                number=version.number,
            )


def sample_problems(form: ExamForm) -> Iterator[RuleViolation]:
    items = {entry.item_version.item for entry in form.entries}
    for code in sorted(item.code for item in items if not item.is_sample):
        if form.purpose is FormPurpose.PRACTICE:
            yield RuleViolation(
                "%(code)s is not a sample, and candidates see the keys of a practice form. Exchange it.", code=code
            )


def duplicate_problems(form: ExamForm) -> Iterator[RuleViolation]:
    codes_of_stem: dict[str, list[str]] = defaultdict(list)
    for entry in form.part_one:
        question = question_of(entry.item_version)
        asked = " ".join([question.stem, *(premise.text for premise in question.premises_offered())])
        codes_of_stem[" ".join(asked.casefold().split())].append(entry.item_version.item.code)
    for codes in codes_of_stem.values():
        if len(codes) > 1:
            yield RuleViolation("%(codes)s have the same stem. Exchange all but one.", codes=", ".join(codes))


def slot_group_problems(form: ExamForm, framework: Framework) -> Iterator[RuleViolation]:
    for group in policy_of(form.policy).slot_groups:
        entries = form.slot_group(group.code)
        track = framework.track_title(group.track)
        place = f"{track}, {group.title}" if track else group.title
        if not entries and form.purpose is FormPurpose.PRACTICE:
            continue
        if len(entries) != group.offered:
            yield RuleViolation(
                "Level %(level)s, %(group)s: %(needed)s needed, %(found)s in use and on the form.",
                level=group.level,
                group=place,
                needed=group.offered,
                found=len(entries),
            )
        for entry in entries:
            if not fits_group(entry.item_version, group):
                yield RuleViolation(
                    "%(code)s does not fit Level %(level)s, %(group)s. Exchange it.",
                    code=entry.item_version.item.code,
                    level=group.level,
                    group=place,
                )


def overlap_problems(session: Session, form: ExamForm) -> Iterator[RuleViolation]:
    taken = kept_apart(session, form.purpose, form.differs_from)
    for code in sorted(codes_of(form) & taken.keys()):
        yield RuleViolation(
            "%(code)s, or its vignette, stands on “%(other)s” too, from which this form must differ. Exchange it.",
            code=code,
            other=taken[code],
        )


def enemy_problems(session: Session, form: ExamForm) -> Iterator[RuleViolation]:
    for pair, reason in enemies_among(session, codes_of(form)).items():
        yield RuleViolation(
            "%(codes)s are enemies (%(reason)s). Exchange one of them.", codes=", ".join(sorted(pair)), reason=reason
        )


def set_problems(session: Session, form: ExamForm) -> Iterator[RuleViolation]:
    """A vignette set stands whole and in one piece wherever it stands, with the same vignette in each of its items."""
    groups = sorted({entry.slot_group for entry in form.entries if entry.slot_group})
    found: dict[str, RuleViolation] = {}
    for entries in (form.part_one, *map(form.slot_group, groups)):
        for name, run in groupby([e.item_version for e in entries], key=lambda version: version.item.set_code):
            problem = problem_of_set(session, name, list(run)) if name else None
            if name and problem:
                found.setdefault(name, problem)
    yield from found.values()


def problem_of_set(session: Session, name: str, versions: Sequence[ItemVersion]) -> RuleViolation | None:
    """What is wrong with a set of which these stand one after the other in a part or a slot group."""
    needed = members(session, name)
    if not needed <= {version.item.code for version in versions}:
        return RuleViolation(
            "The vignette set of %(code)s is torn: %(codes)s belong together. Discard the form and draw it again.",
            code=name,
            codes=", ".join(sorted(needed)),
        )
    if tells_several(versions):
        return RuleViolation("The items of the vignette set of %(code)s have different vignettes.", code=name)
    return None


def codes_of(form: ExamForm) -> set[str]:
    return {entry.item_version.item.code for entry in form.entries}


def key_notes(form: ExamForm) -> Iterator[RuleViolation]:
    keys = list(filter(None, (key_of(entry.item_version) for entry in form.part_one)))
    if largest_share(keys) > LARGEST_KEY_SHARE:
        letter, count = Counter(keys).most_common(1)[0]
        yield RuleViolation(
            "The key is %(letter)s in %(count)s of %(total)s items, more than %(most)s in a hundred.",
            letter=letter.upper(),
            count=count,
            total=len(keys),
            most=round(LARGEST_KEY_SHARE * 100),
        )
    if longest_run(keys) > LONGEST_KEY_RUN:
        yield RuleViolation("The same letter is the key %(count)s times in a row.", count=longest_run(keys))


def practice_notes(session: Session, form: ExamForm) -> Iterator[RuleViolation]:
    """What a practice form shows is spent for exams. The other way round it is a problem: see ``kept_apart``."""
    if form.purpose is FormPurpose.EXAM:
        return
    ids = list(session.scalars(select(ExamForm.id).where(ExamForm.purpose == FormPurpose.EXAM)))
    shared = sorted(codes_of(form) & codes_on(session, ids).keys())
    if shared:
        yield RuleViolation(
            "On a practice form and on an exam form: %(codes)s. Candidates may have seen them.", codes=", ".join(shared)
        )


def language_notes(form: ExamForm, framework: Framework) -> Iterator[RuleViolation]:
    """A part that is only partly translated is given in English only, which may not be what its makers expect."""
    for share in spanish_shares(form):
        if share.whole or not share.found:
            continue
        counts = {"found": share.found, "total": share.total}
        if share.level is None:
            yield RuleViolation(
                "Part One: %(found)s of %(total)s items have a Spanish text that is up to date. "
                "With all, it is given in both languages.",
                **counts,
            )
        elif share.track is None:
            yield RuleViolation(
                "Part Two, Level %(level)s: %(found)s of %(total)s vignettes have a Spanish text that is up to date. "
                "With all, it is given in both languages.",
                level=share.level,
                **counts,
            )
        else:
            yield RuleViolation(
                "Part Two, Level %(level)s, %(track)s: %(found)s of %(total)s vignettes have a Spanish text that is up "
                "to date. With all, it is given in both languages.",
                level=share.level,
                track=framework.track_title(share.track),
                **counts,
            )
