"""An examination for scoring tests: people sit it, raters read, administrators score. Everything is a real row."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery.attempts import close_part
from examapp.delivery.models import AttemptPart, ClosedBy, EventKind, ResponseEvent
from examapp.registration.models import Administration, Registration
from examapp.scoring import assignment, essays, ratings, runs
from examapp.scoring.models import EssayResponse, RatingTask, ScoringRun
from question_bank.exam_policy import PART_ONE, PART_TWO
from tests import factories
from tests.personas import Personas

Event = tuple[EventKind, str, str]

# Rubric of two dimensions: level 3 in both is exactly the cut of 80 percent.
COMPETENT = {"insight": 3, "planning": 3}
STRONG = {"insight": 4, "planning": 4}
WEAK = {"insight": 1, "planning": 2}
VIGNETTES = ("RFV-0001", "RFV-0002", "RFV-0003")


@dataclass
class Exam:
    """One administration of five items (key "b", so four right is the cut) and two of three vignettes."""

    db: Session
    personas: Personas
    at: datetime
    administration: Administration

    @cached_property
    def chief(self) -> User:
        return self.personas.administrator(name="Rosa Chief")

    @cached_property
    def second(self) -> User:
        return self.personas.administrator(name="Sol Second")

    @cached_property
    def raters(self) -> list[User]:
        return [self.personas.rater(name=name) for name in ("Ana Rater", "Ben Rater", "Cruz Rater")]

    def registered(self, candidate: User | None = None, **values: Any) -> Registration:
        return factories.registration(
            self.db, self.at, candidate or self.personas.candidate(), self.administration, **values
        )

    def write(self, sitting: Registration, part: str, *events: Event, close: bool = True) -> AttemptPart:
        """Start a part, log these events, and hand it in."""
        started = factories.started_part(self.db, self.at, sitting, part)
        for seq, (kind, item, value) in enumerate(events, start=1):
            self.db.add(
                ResponseEvent(
                    part_id=started.id, seq=seq, kind=kind, item=item, value=value,
                    client_ms="0", received_at=self.at, chain=f"{seq:064}",
                )
            )  # fmt: skip
        self.db.flush()
        if close:
            close_part(self.db, started, closed_by=ClosedBy.CANDIDATE, at=self.at)
        return started

    def sat(
        self, candidate: User | None = None, *, right: int = 5, essays: tuple[str, ...] = VIGNETTES[:2], **values: Any
    ) -> Registration:
        """Somebody registered who answered so many items right and wrote these essays."""
        sitting = self.registered(candidate, **values)
        letters = "b" * right + "a" * (5 - right)
        if PART_ONE in sitting.parts:
            self.write(sitting, PART_ONE, *(answer(f"TF-{n:04}", x) for n, x in enumerate(letters, start=1)))
        if PART_TWO in sitting.parts:
            texts = [answer(item, f"What {sitting.candidate.name} wrote on {item}.") for item in essays]
            self.write(sitting, PART_TWO, *(chosen(item) for item in essays), *texts)
        return sitting

    def collect(self, at: datetime | None = None) -> int:
        return essays.collect(self.db, self.administration, by=self.chief.id, at=at or self.at)

    def assign(self, *raters: User) -> int:
        chosen_raters = list(raters) or self.raters
        return assignment.assign(self.db, self.administration, chosen_raters, by=self.chief.id, at=self.at)

    def tasks(self, *, rater: User | None = None, response: EssayResponse | None = None) -> list[RatingTask]:
        query = self.db.query(RatingTask)
        if rater:
            query = query.filter_by(rater_id=rater.id)
        if response:
            query = query.filter_by(essay_response_id=response.id)
        return query.order_by(RatingTask.reading, RatingTask.code).all()

    def rate(self, task: RatingTask, levels: dict[str, int]) -> None:
        """Save and lock a reading."""
        ratings.save_draft(self.db, task, levels=levels, comment="", seen=task.saved_at, at=self.at)
        ratings.lock(self.db, task, seen=task.saved_at, at=self.at)

    def rate_all(self, levels: dict[str, int] = STRONG) -> None:
        """Lock every reading there is, and those that follow from it."""
        while waiting := [task for task in self.tasks() if task.locked_at is None]:
            self.rate(waiting[0], levels)

    def score(self, at: datetime | None = None) -> ScoringRun:
        return runs.score(self.db, self.administration, by=self.chief.id, at=at or self.at)

    def scored(self, levels: dict[str, int] = STRONG) -> ScoringRun:
        """Everything up to the scoring run, with these levels in every reading."""
        self.collect()
        self.assign()
        self.rate_all(levels)
        return self.score()


def answer(item: str, value: str) -> Event:
    return (EventKind.ANSWER, item, value)


def chosen(item: str, value: str = "1") -> Event:
    return (EventKind.CHOOSE, item, value)
