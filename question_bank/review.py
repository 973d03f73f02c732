"""Review: the table of allowed moves, who may take them, and what each leaves behind."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ForeignKey, Select, Text, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base, enum_type
from question_bank.errors import RuleViolation
from question_bank.errors import sentence as _
from question_bank.framework import Framework, current_framework
from question_bank.item_kinds import CONTENT_OF
from question_bank.item_pictures import picture_problems, pictures_here
from question_bank.item_sets import set_problems
from question_bank.item_writing import problems, writers
from question_bank.items import Item, ItemVersion, ReviewState
from question_bank.lint import blocking
from question_bank.review_checklists import checklist
from question_bank.review_comments import has_remarked
from question_bank.review_conflicts import conflicted
from question_bank.standing_advice import check_reasons, keep_reasons, standing_advice

# So many drafts are sent in at once: more would hold up everybody else's writing.
SUBMITTED_AT_ONCE = 500


class Move(StrEnum):
    SUBMIT = "submit"
    PASS_CONTENT = "pass_content"  # nosec B105 # a move of the review, no password
    APPROVE = "approve"
    SEND_BACK = "send_back"
    TRY_OUT = "try_out"
    PUT_TO_USE = "put_to_use"
    TAKE_BACK = "take_back"
    RETIRE = "retire"
    RESTORE = "restore"


# Every step there is, and where it leads. Two of them undo: they lead back to where the step before them began, and to
# the first state named here when that is none of these.
MOVES: dict[tuple[ReviewState, Move], tuple[ReviewState, ...]] = {
    (ReviewState.DRAFT, Move.SUBMIT): (ReviewState.CONTENT_REVIEW,),
    (ReviewState.CONTENT_REVIEW, Move.PASS_CONTENT): (ReviewState.EDITORIAL_REVIEW,),
    (ReviewState.CONTENT_REVIEW, Move.SEND_BACK): (ReviewState.SENT_BACK,),
    (ReviewState.EDITORIAL_REVIEW, Move.APPROVE): (ReviewState.APPROVED,),
    (ReviewState.EDITORIAL_REVIEW, Move.SEND_BACK): (ReviewState.SENT_BACK,),
    (ReviewState.APPROVED, Move.TRY_OUT): (ReviewState.PRETEST,),
    (ReviewState.APPROVED, Move.PUT_TO_USE): (ReviewState.OPERATIONAL,),
    (ReviewState.PRETEST, Move.PUT_TO_USE): (ReviewState.OPERATIONAL,),
    (ReviewState.PRETEST, Move.TAKE_BACK): (ReviewState.APPROVED,),
    (ReviewState.OPERATIONAL, Move.TAKE_BACK): (ReviewState.APPROVED, ReviewState.PRETEST),
    (ReviewState.APPROVED, Move.RETIRE): (ReviewState.RETIRED,),
    (ReviewState.PRETEST, Move.RETIRE): (ReviewState.RETIRED,),
    (ReviewState.OPERATIONAL, Move.RETIRE): (ReviewState.RETIRED,),
    (ReviewState.RETIRED, Move.RESTORE): (ReviewState.APPROVED, ReviewState.PRETEST, ReviewState.OPERATIONAL),
}
# A review is passed with these; they need its checklist.
PASSING = frozenset({Move.PASS_CONTENT, Move.APPROVE})
# By these somebody judges an item, so nobody takes them who wrote it or is too near to it.
JUDGEMENTS = PASSING | {Move.SEND_BACK, Move.TRY_OUT, Move.PUT_TO_USE}


class ReviewAction(Base):
    """One move of one version, with its comment. Append-only."""

    __tablename__ = "review_action"
    __append_only__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    move: Mapped[Move] = mapped_column(enum_type(Move))
    # The state in which it was taken; not known of steps before there were two reviews.
    before: Mapped[ReviewState | None] = mapped_column(enum_type(ReviewState))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(Text)
    # The codes of the questions that the reviewer has answered with yes: see review_checklists.py.
    ticked: Mapped[list[str]] = mapped_column(default=list)
    at: Mapped[datetime]


def move(
    session: Session,
    version: ItemVersion,
    step: Move,
    *,
    by: int,
    comment: str,
    at: datetime,
    reasons: Mapping[str, str] = MappingProxyType({}),
    ticked: Collection[str] = (),
) -> ReviewAction:
    """Take one step of the review, if the table allows it and the person may.

    ``reasons`` say by rule why advice on item writing is not followed; they are needed on submission only. ``ticked``
    are the codes of the checklist, needed to pass a review.
    """
    comment = comment.strip()
    check(session, version, step, by=by, comment=comment, ticked=ticked)
    if step is Move.SUBMIT:
        check_reasons(version, reasons)
        keep_reasons(session, version, reasons, by=by, at=at)
    if step is Move.PUT_TO_USE:
        # One version of an item counts at a time.
        for replaced in replaced_by(version):
            take(session, replaced, Move.RETIRE, by=by, comment=f"Replaced by version {version.number}.", at=at)
    asked = [check.code for check in checklist(version)] if step in PASSING else []
    return take(session, version, step, by=by, comment=comment, at=at, ticked=asked)


def replaced_by(version: ItemVersion) -> list[ItemVersion]:
    """The other versions of the item that are in use or tried out."""
    replaceable = (ReviewState.PRETEST, ReviewState.OPERATIONAL)
    return [other for other in version.item.versions if other is not version and other.state in replaceable]


def check(
    session: Session, version: ItemVersion, step: Move, *, by: int, comment: str, ticked: Collection[str] = ()
) -> None:
    if (version.state, step) not in MOVES:
        raise RuleViolation("This cannot be done now: the item is in another state. Reload the page.")
    if step is Move.SUBMIT and hindrances(session, version):
        raise RuleViolation("Finish the item first: what is missing is listed on its page.")
    if step in (Move.TRY_OUT, Move.PUT_TO_USE) and version.is_overtaken:
        raise RuleViolation("A newer version of this item is tried out or in use already.")
    if step in JUDGEMENTS:
        refuse_partial(session, version, by)
    if step is Move.RETIRE and not comment:
        raise RuleViolation("Write a comment: it tells others why.")
    if step is Move.SEND_BACK and not comment and not has_remarked(session, version, by):
        raise RuleViolation("Write a comment, here or at a place of the item: it tells the author what to do.")
    if step in PASSING and not {check.code for check in checklist(version)} <= set(ticked):
        raise RuleViolation("Tick every question of the checklist, or send the item back.")
    back_in_use = step is Move.RESTORE and target(session, version, step) is ReviewState.OPERATIONAL
    if back_in_use and version.item.in_use:
        raise RuleViolation("Another version of this item is in use now, so this one cannot come back.")


def refuse_partial(session: Session, version: ItemVersion, by: int) -> None:
    """Nobody judges what they wrote or are too near to, and the two reviews are by two people."""
    if by in writers(session, version.item):
        raise RuleViolation("You wrote on this item, so somebody else must review it.")
    if by in conflicted(session, version.item):
        raise RuleViolation("You declared a conflict of interest, so somebody else must review this item.")
    if by in passed_content(session, version):
        raise RuleViolation("You passed the content of this version, so somebody else must do its second review.")


def barred(session: Session, version: ItemVersion) -> set[int]:
    """Everybody who may not judge this version as it stands: the rule of ``refuse_partial`` for pages."""
    return writers(session, version.item) | conflicted(session, version.item) | passed_content(session, version)


def passed_content(session: Session, version: ItemVersion) -> set[int]:
    """Who did the first review of a version whose second one waits."""
    if version.state is not ReviewState.EDITORIAL_REVIEW:
        return set()
    passed = (ReviewAction.item_version_id == version.id, ReviewAction.move == Move.PASS_CONTENT)
    return set(session.scalars(select(ReviewAction.actor_id).where(*passed)))


def passed_by(person: int) -> Select[int]:
    """The ids of the versions whose content this person has passed."""
    return select(ReviewAction.item_version_id).where(
        ReviewAction.actor_id == person, ReviewAction.move == Move.PASS_CONTENT
    )


def target(session: Session, version: ItemVersion, step: Move) -> ReviewState:
    """Where a step leads that the table allows."""
    states = MOVES[version.state, step]
    if len(states) == 1:
        return states[0]
    taken = select(ReviewAction.before).where(ReviewAction.item_version_id == version.id)
    before = session.scalar(taken.order_by(ReviewAction.id.desc()).limit(1))
    return before if before in states else states[0]


def hindrances(session: Session, version: ItemVersion) -> list[str]:
    """Everything that keeps a draft from review: what is missing, and what the lint rules forbid."""
    found = hindrances_in(current_framework(session), version, pictures_here(session, [version]))
    return [*found, *set_problems(session, version)]


def hindrances_in(framework: Framework, version: ItemVersion, pictures: Collection[str]) -> list[str]:
    content = CONTENT_OF[version.item.kind].model_validate(version.content)
    return [
        *problems(version, framework),
        *picture_problems(version, pictures),
        *dict.fromkeys(finding.message for finding in blocking(content)),
    ]


def left_out(session: Session, framework: Framework, version: ItemVersion, pictures: Collection[str]) -> list[str]:
    """What keeps a draft from being sent in with others: advice that is not followed needs a reason of its own.

    ``pictures`` are the digests of those that are here.
    """
    unexplained = [_("Follow the advice on its page, or send it in from there with a reason.")]
    hindered = [*hindrances_in(framework, version, pictures), *set_problems(session, version)]
    return [*hindered, *(unexplained if standing_advice(version) else [])]


def take(
    session: Session,
    version: ItemVersion,
    step: Move,
    *,
    by: int,
    comment: str,
    at: datetime,
    ticked: Collection[str] = (),
) -> ReviewAction:
    """Write the step. The old state and text are part of the condition, so of two people at once only one takes it."""
    times = {Move.SUBMIT: {"submitted_at": at}, Move.APPROVE: {"approved_at": at}}
    before = version.state
    taken = (
        update(ItemVersion)
        .where(
            ItemVersion.id == version.id,
            ItemVersion.state == before,
            ItemVersion.edit_count == version.edit_count,  # the text that was checked
        )
        .values(state=target(session, version, step), **times.get(step, {}))
        .returning(ItemVersion.id)
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            was_taken = session.scalar(taken) is not None
    except IntegrityError:
        raise RuleViolation("Another version of this item came into use just now. Reload the page.") from None
    if not was_taken:
        raise RuleViolation("This cannot be done now: the item is in another state. Reload the page.")
    session.refresh(version)
    action = ReviewAction(
        item_version_id=version.id, move=step, before=before, actor_id=by, comment=comment, ticked=list(ticked), at=at
    )
    session.add(action)
    session.flush()
    audit.record(session, f"item.{step}", "item", version.item.code, by=by, at=at, version=version.number)
    return action


def release_as_sample(session: Session, item: Item, *, by: int, at: datetime) -> None:
    """From now on the item may stand on practice forms, where candidates see its key and rationale."""
    if item.in_use is None:
        raise RuleViolation("Only an item that is in use can become a sample.")
    if item.is_sample:
        raise RuleViolation("This item is a sample already.")
    item.is_sample = True
    session.flush()
    audit.record(session, "item.released_as_sample", "item", item.code, by=by, at=at)


@dataclass(frozen=True)
class Submission:
    """What became of drafts that were sent in together, by the codes of their items."""

    submitted: list[str]
    unfinished: list[str]


def submit_all(session: Session, drafts: Iterable[ItemVersion], *, by: int, at: datetime) -> Submission:
    """Send the finished drafts to review; the others stay drafts."""
    framework = current_framework(session)
    drafts = [version for version in drafts if version.state is ReviewState.DRAFT][:SUBMITTED_AT_ONCE]
    pictures = pictures_here(session, drafts)
    ready = [version for version in drafts if not left_out(session, framework, version, pictures)]
    taken = set(
        session.scalars(
            update(ItemVersion)
            .where(
                tuple_(ItemVersion.id, ItemVersion.edit_count).in_([(v.id, v.edit_count) for v in ready]),
                ItemVersion.state == ReviewState.DRAFT,
            )
            .values(state=ReviewState.CONTENT_REVIEW, submitted_at=at)
            .returning(ItemVersion.id)
            .execution_options(synchronize_session=False)
        )
    )
    submitted = [version for version in ready if version.id in taken]
    for version in submitted:
        session.expire(version, ["state", "submitted_at"])
        sent = ReviewAction(
            item_version_id=version.id, move=Move.SUBMIT, before=ReviewState.DRAFT, actor_id=by, comment="", at=at
        )
        session.add(sent)
        audit.record(session, "item.submit", "item", version.item.code, by=by, at=at, version=version.number)
    session.flush()
    codes = {version.item.code for version in submitted}
    return Submission(sorted(codes), sorted({version.item.code for version in drafts} - codes))


def history(session: Session, item: Item) -> list[ReviewAction]:
    """The steps of all versions of an item, newest first."""
    return list(
        session.scalars(
            select(ReviewAction)
            .join(ItemVersion, ItemVersion.id == ReviewAction.item_version_id)
            .where(ItemVersion.item_id == item.id)
            .order_by(ReviewAction.at.desc(), ReviewAction.id.desc())
        )
    )
