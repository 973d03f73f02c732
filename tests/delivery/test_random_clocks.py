"""Random histories of a clock, carried out on the database and on a model in plain Python: they agree at every step."""

import contextlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts, clock, clock_stops, window_extensions
from examapp.delivery.models import AttemptPart, ClosedBy
from examapp.delivery.time_ledger import give_time
from examapp.registration.models import Accommodation, Registration
from question_bank.errors import RuleViolation
from tests import factories
from tests.personas import Personas

Step = tuple[str, int]

GRACE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)


@dataclass
class Model:
    """What a clock should be: written down a second time, without looking at the product."""

    started: datetime
    window: datetime
    breaks: int
    rows: list[int]
    now: datetime
    stop: tuple[str, datetime] | None = None
    closed: datetime | None = None
    changes: int = field(default=0)

    @property
    def ledger_end(self) -> datetime:
        return self.started + timedelta(seconds=sum(self.rows))

    @property
    def ends(self) -> datetime:
        """When it would close if nobody did anything any more."""
        if self.stop and self.stop[0] == "pause":
            return self.window
        rest = timedelta(seconds=self.breaks) if self.stop else timedelta(0)
        return min(self.ledger_end + rest, self.window)

    @property
    def left(self) -> timedelta:
        if self.stop is None:
            return max(self.ends - self.now, timedelta(0))
        return max(min(self.ledger_end - self.stop[1], self.ends - self.now), timedelta(0))

    def settle(self) -> None:
        if self.stop and self.stop[0] == "break" and self.stop[1] + timedelta(seconds=self.breaks) <= self.now:
            self.end_stop(self.stop[1] + timedelta(seconds=self.breaks))

    def end_stop(self, until: datetime) -> None:
        assert self.stop
        kind, since = self.stop
        seconds = max(0, math.ceil((until - since) / SECOND))
        self.rows.append(seconds)
        self.breaks -= seconds if kind == "break" else 0
        self.stop = None
        self.changes += 1

    def close(self) -> None:
        self.closed = max(self.started, min(self.now, self.ends))
        if self.stop:
            kind, since = self.stop
            end = self.closed if kind == "pause" else min(self.closed, since + timedelta(seconds=self.breaks))
            self.end_stop(end)

    def take(self, deed: str, amount: int) -> None:
        open_still = self.closed is None and self.ends + GRACE > self.now
        if deed == "wait":
            self.now += timedelta(milliseconds=amount)
        elif self.closed is None and (deed == "close" or (deed == "sweep" and not open_still)):
            self.close()
        elif open_still and deed not in ("close", "sweep"):
            self.settle()
            self.change(deed, amount)

    def change(self, deed: str, amount: int) -> None:
        stopped = self.stop[0] if self.stop else ""
        if deed == "give":
            self.rows.append(amount)
            self.changes += 1
        elif deed == "extend" and self.now < self.window:
            self.window += timedelta(seconds=amount)
            self.changes += 1
        elif deed == "pause" and stopped != "pause":
            if stopped:
                self.end_stop(self.now)
            if self.ends > self.now:
                self.stop = ("pause", max(self.now, self.started))
        elif deed == "break" and not stopped and self.breaks and self.ends > self.now:
            self.stop = ("break", max(self.now, self.started))
        elif (deed, stopped) in (("resume", "pause"), ("go on", "break")):
            self.end_stop(self.now)


@dataclass
class Clock:
    """The same deeds, on the database."""

    db: Session
    part: AttemptPart
    staff: int

    def take(self, deed: str, amount: int, at: datetime) -> None:
        with contextlib.suppress(RuleViolation):
            self.carry_out(deed, amount, at)
        self.db.flush()

    def carry_out(self, deed: str, amount: int, at: datetime) -> None:
        db, parts = self.db, [self.part]
        given = self.part.attempt.registration.administration
        match deed:
            case "give":
                give_time(db, parts, seconds=amount, reason="Noise.", by=self.staff, at=at)
            case "pause":
                clock_stops.pause(db, parts, reason="Alarm.", by=self.staff, at=at)
            case "resume":
                clock_stops.resume(db, parts, by=self.staff, at=at)
            case "break":
                clock_stops.start_break(db, self.part, at=at)
            case "go on":
                clock_stops.end_break(db, self.part, at=at)
            case "extend":
                seen = given.closes_at.isoformat()
                window_extensions.extend(db, given, seconds=amount, reason="Power.", seen=seen, by=self.staff, at=at)
            case "close":
                attempts.close_part(db, self.part, closed_by=ClosedBy.STAFF, at=at, by=self.staff)
            case "sweep":
                attempts.close_overdue(db, at)


def steps(waits: st.SearchStrategy[int]) -> st.SearchStrategy[list[Step]]:
    """Histories of things that happen one after the other, each with a wait; stops come with what may end them."""
    wait = waits.map(lambda milliseconds: [("wait", milliseconds)])
    ends = st.sampled_from(["resume", "go on", "pause", "break", "sweep"]).map(lambda deed: [(deed, 0)])
    stops = st.sampled_from(["pause", "break"]).map(lambda deed: [(deed, 0)])
    amounts = st.tuples(st.sampled_from(["give", "extend"]), st.integers(1, 3600)).map(lambda deed: [deed])
    close = st.just([("close", 0)])
    stretch = st.one_of(
        wait,
        st.tuples(stops, wait, ends, wait).map(joined),
        st.tuples(stops, wait, amounts, wait, ends).map(joined),
        amounts,
    )
    return st.tuples(
        st.lists(stretch, min_size=1, max_size=6).map(joined), st.one_of(close, wait), st.just([("sweep", 0)])
    ).map(joined)


def joined(parts: Iterable[list[Step]]) -> list[Step]:
    return [step for part in parts for step in part]


conditions = st.tuples(
    st.sampled_from(["1", "1.25", "1.5"]), st.integers(0, 10), st.integers(0, 15), st.integers(10, 300)
)
usual = settings(max_examples=40)


@pytest.fixture
def staff(personas: Personas) -> User:
    return personas.administrator()


def begin(
    db: Session, sitting: Registration, staff: User, at: datetime, granted: tuple[str, int, int, int]
) -> tuple[Clock, Model]:
    factor, extra, breaks, window = granted
    sitting.administration.closes_at = at + timedelta(minutes=window)
    sitting.accommodations.append(
        Accommodation(
            factor=Decimal(factor),
            extra_minutes=extra,
            break_minutes=breaks,
            reason="Letter.",
            granted_at=at,
            granted_by_id=staff.id,
        )
    )
    part = factories.started_part(db, at, sitting)
    rows = [math.ceil(90 * 60 * Decimal(factor)) + extra * 60]
    return Clock(db, part, staff.id), Model(at, sitting.administration.closes_at, breaks * 60, rows, now=at)


def walk(clock_of: Clock, model: Model, history: list[Step]) -> Iterator[tuple[Step, Model, timedelta, int]]:
    """Carry the history out on both; after each step, what was left before it and the changes made until then."""
    for deed, amount in history:
        before, changes = model.left, model.changes
        model.take(deed, amount)
        if deed != "wait":
            clock_of.take(deed, amount, model.now)
        yield (deed, amount), model, before, changes


def assert_agrees(part: AttemptPart, model: Model) -> None:
    assert part.deadline_at == model.ends
    assert part.accepts_until == model.ends + GRACE
    assert part.closed_at == model.closed
    assert sum(row.seconds for row in part.adjustments) == sum(model.rows)
    assert (part.stopped_left is None) == (model.stop is None)
    if model.stop is None:
        assert part.deadline_at == min(model.ledger_end, model.window)
    shown = clock.seconds_left(part.deadline_at, part.stopped_left, model.now)
    assert model.closed or shown == math.ceil(model.left / SECOND)


@usual
@given(granted=conditions, history=steps(st.integers(0, 2_400_000)))
def test_any_history_of_a_clock_agrees_with_the_model(
    db: Session, sitting: Registration, staff: User, at: datetime, granted: tuple[str, int, int, int],
    history: list[Step],
) -> None:  # fmt: skip
    product, model = begin(db, sitting, staff, at, granted)
    for (deed, _amount), now, left_before, changes in walk(product, model, history):
        assert_agrees(product.part, model)
        if deed == "wait" or now.changes == changes:
            assert now.left <= left_before  # time grows by a row of the ledger or by a longer window alone
        if now.stop and deed == "wait":
            assert now.left == min(left_before, max(now.ends - now.now, timedelta(0)))  # it stands still
        if deed in ("resume", "go on") and not now.closed:
            assert now.left >= min(left_before, now.window - now.now)  # a stop never shortens
        if now.closed:
            assert now.started <= now.closed <= product.part.deadline_at
    db.rollback()


@usual
@given(granted=conditions, history=steps(st.integers(-1_200_000, 2_400_000)))
def test_a_server_clock_that_steps_back_closes_nothing_early_and_opens_nothing_again(
    db: Session, sitting: Registration, staff: User, at: datetime, granted: tuple[str, int, int, int],
    history: list[Step],
) -> None:  # fmt: skip
    product, model = begin(db, sitting, staff, at, granted)
    closed = None
    for (deed, _amount), now, _left, _changes in walk(product, model, history):
        part = product.part
        assert_agrees(part, model)
        if part.closed_at and not closed:
            assert deed == "close" or now.now >= part.deadline_at + GRACE
            assert part.started_at <= part.closed_at <= part.deadline_at
        assert closed in (None, part.closed_at)
        closed = part.closed_at
    db.rollback()
