"""Exam blueprints: how many items a form needs per area and term."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.base import Base


class ExamBlueprint(Base):
    """The plan of Part One for the levels it names. Its total is the sum of its area cells."""

    __tablename__ = "exam_blueprint"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    levels: Mapped[list[int]]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    cells: Mapped[list["BlueprintCell"]] = relationship(
        order_by="BlueprintCell.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """Area code -> exact number of items."""
        return {cell.area: cell.count for cell in self.cells if not cell.term}

    @property
    def minimums(self) -> dict[tuple[str, str], int]:
        """(area code, term code) -> least number of items with this primary term."""
        return {(cell.area, cell.term): cell.count for cell in self.cells if cell.term}


class BlueprintCell(Base):
    """Exactly ``count`` items of an area (term ""), or at least ``count`` of them with one primary term."""

    __tablename__ = "blueprint_cell"
    __table_args__ = (
        UniqueConstraint("blueprint_id", "area", "term"),
        CheckConstraint("count >= 0", name="count_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("exam_blueprint.id"), index=True)
    area: Mapped[str] = mapped_column(String(60))
    term: Mapped[str] = mapped_column(String(60), default="")
    count: Mapped[int]
