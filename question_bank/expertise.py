"""Which areas of expertise a reviewer knows: by these reviews are given out."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from question_bank import audit
from question_bank.base import Base
from question_bank.errors import RuleViolation
from question_bank.framework import Framework


class ReviewerExpertise(Base):
    """One reviewer knows one area."""

    __tablename__ = "reviewer_expertise"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(60), primary_key=True)


def areas_known(session: Session, people: Iterable[int]) -> dict[int, set[str]]:
    """The areas that each of these people knows; nothing said is an empty set."""
    known: dict[int, set[str]] = {person: set() for person in people}
    rows = session.scalars(select(ReviewerExpertise).where(ReviewerExpertise.user_id.in_(known)))
    for row in rows:
        known[row.user_id].add(row.area)
    return known


def say_areas(
    session: Session, person: int, areas: Collection[str], framework: Framework, *, by: int, at: datetime
) -> None:
    """From now on the person knows these areas and no others. Writes nothing when nothing changes."""
    if unknown := set(areas) - {area.code for area in framework.areas}:
        raise RuleViolation("%(area)s is not an area of the framework.", area=min(unknown))
    before, after = areas_known(session, [person])[person], set(areas)
    if before == after:
        return
    mine = ReviewerExpertise.user_id == person
    session.execute(delete(ReviewerExpertise).where(mine, ReviewerExpertise.area.in_(before - after)))
    session.add_all(ReviewerExpertise(user_id=person, area=area) for area in sorted(after - before))
    session.flush()
    changed = {"from": sorted(before), "to": sorted(after)}
    audit.record(session, "user.areas_said", "user", person, by=by, at=at, areas=changed)
