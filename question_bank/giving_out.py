"""Giving out reviews: who may do which, how much everybody has to do already, and what is proposed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank.assignments import STAGE_NOW, ReviewAssignment
from question_bank.audit import AuditEvent
from question_bank.expertise import areas_known
from question_bank.fair_load import OpenReview, Reviewer, propose
from question_bank.item_writing import WRITTEN
from question_bank.items import ItemVersion, ReviewState
from question_bank.review import Move, ReviewAction
from question_bank.review_conflicts import ReviewConflict


@dataclass(frozen=True)
class Proposal:
    """For each version, by the code of its item: who may review it, and who is proposed."""

    versions: list[ItemVersion]
    reviewers: dict[int, Reviewer]
    able: dict[str, list[int]]
    proposed: dict[str, int | None]

    @property
    def shares(self) -> Counter[int]:
        """How many of these each reviewer would get."""
        return Counter(id_ for id_ in self.proposed.values() if id_ is not None)


def propose_reviewers(session: Session, versions: Collection[ItemVersion], people: Collection[int]) -> Proposal:
    """Somebody of these people for every version, the load spread evenly."""
    barred, loads, known = barred_from(session, versions), open_loads(session), areas_known(session, people)
    reviewers = {id_: Reviewer(id_, frozenset(known[id_]), loads[id_]) for id_ in people}
    wanted = [OpenReview(v.item.code, v.area, frozenset(barred[v.id])) for v in versions]
    able = {review.code: [id_ for id_ in reviewers if id_ not in review.barred] for review in wanted}
    return Proposal(list(versions), reviewers, able, propose(wanted, list(reviewers.values())))


def open_loads(session: Session) -> Counter[int]:
    """For how many reviews each person is asked that are not done."""
    rows = session.execute(
        select(ReviewAssignment.reviewer_id, func.count())
        .join(ItemVersion, ItemVersion.id == ReviewAssignment.item_version_id)
        .where(ReviewAssignment.stage == STAGE_NOW)
        .group_by(ReviewAssignment.reviewer_id)
    )
    return Counter(dict(rows.all()))


def barred_from(session: Session, versions: Iterable[ItemVersion]) -> dict[int, set[int]]:
    """By the id of each version, who may not judge it: the rule of ``review.barred`` for many versions at once."""
    versions = list(versions)
    near = people_near(session, versions)
    second = [version.id for version in versions if version.state is ReviewState.EDITORIAL_REVIEW]
    passed = select(ReviewAction.item_version_id, ReviewAction.actor_id).where(
        ReviewAction.item_version_id.in_(second), ReviewAction.move == Move.PASS_CONTENT
    )
    barred = {version.id: set(near[version.item_id]) for version in versions}
    for version_id, person in session.execute(passed):
        barred[version_id].add(person)
    return barred


def people_near(session: Session, versions: Iterable[ItemVersion]) -> dict[int, set[int]]:
    """By the id of each item, everybody who wrote on it or has a conflict of interest."""
    items = {version.item.code: version.item for version in versions}
    ids = [item.id for item in items.values()]
    near: defaultdict[int, set[int]] = defaultdict(set, {item.id: {item.author_id} for item in items.values()})
    edited = select(ItemVersion.item_id, ItemVersion.editor_id).where(ItemVersion.item_id.in_(ids))
    conflicts = select(ReviewConflict.item_id, ReviewConflict.reviewer_id).where(ReviewConflict.item_id.in_(ids))
    for item_id, person in (*session.execute(edited), *session.execute(conflicts)):
        near[item_id].add(person)
    saved = select(AuditEvent.target_id, AuditEvent.actor_id).where(
        AuditEvent.target_kind == "item",
        AuditEvent.target_id.in_(list(items)),
        AuditEvent.action.in_(WRITTEN),
    )
    for code, person in session.execute(saved.distinct()):
        if person is not None:
            near[items[code].id].add(person)
    return near
