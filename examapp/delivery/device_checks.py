"""What a candidate's device was found able to do, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.models import DeviceCheck
from examapp.registration.models import Registration
from question_bank import audit

# A save that takes longer makes the connection a slow one.
SLOW_MS = 3000
# How far the device's clock may be off before people see two different times.
CLOCK_OFF_MS = 120_000
# No honest measure is larger; the column holds no more.
LARGEST_MS = 2_000_000_000


class Fault(StrEnum):
    STORAGE = "storage"  # changes could not be kept on the device while the connection is lost
    CONNECTION = "connection"  # a save takes long
    ANNOUNCEMENT = "announcement"  # the screen reader says nothing
    CLOCK = "clock"  # only a nuisance: the server's time decides


# These keep somebody from working safely; a wrong clock does not.
GRAVE = frozenset({Fault.STORAGE, Fault.CONNECTION, Fault.ANNOUNCEMENT})


@dataclass(frozen=True)
class Findings:
    """What the waiting room's page measured."""

    storage: bool
    clock_offset_ms: int
    round_trip_ms: int
    # None: no screen reader, or not asked yet.
    announcement_heard: bool | None


def record_check(
    session: Session, registration: Registration, findings: Findings, *, user_agent: str, at: datetime
) -> DeviceCheck:
    """Keep what was found. Nothing is replaced: the last check counts."""
    check = DeviceCheck(
        registration_id=registration.id,
        at=at,
        storage=findings.storage,
        clock_offset_ms=bounded(findings.clock_offset_ms),
        round_trip_ms=bounded(findings.round_trip_ms),
        announcement_heard=findings.announcement_heard,
        user_agent=user_agent[:300],
    )
    session.add(check)
    session.flush()
    audit.record(session, "device.checked", "registration", registration.id, by=registration.candidate_id, at=at)
    return check


def bounded(milliseconds: int) -> int:
    return max(-LARGEST_MS, min(milliseconds, LARGEST_MS))


def last_check(session: Session, registration: Registration) -> DeviceCheck | None:
    return session.scalar(
        select(DeviceCheck)
        .where(DeviceCheck.registration_id == registration.id)
        .order_by(DeviceCheck.id.desc())
        .limit(1)
    )


def faults_of(found: Findings | DeviceCheck) -> set[Fault]:
    wrong = {
        Fault.STORAGE: not found.storage,
        Fault.CONNECTION: found.round_trip_ms > SLOW_MS,
        Fault.ANNOUNCEMENT: found.announcement_heard is False,
        Fault.CLOCK: abs(found.clock_offset_ms) > CLOCK_OFF_MS,
    }
    return {fault for fault, present in wrong.items() if present}
