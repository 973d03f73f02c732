"""What looks odd about a candidate's device or connection: a reason to go and look, never a judgement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from examapp.delivery.device_checks import CLOCK_OFF_MS, GRAVE, Fault, Findings, faults_of
from examapp.proctoring.roll import PartTaken, Registered

LONG_SILENCE = timedelta(minutes=5)
# A page that is in touch keeps a few changes for a second or two; more than these wait for something.
USUALLY_UNSENT = 20


class AnomalyKind(StrEnum):
    DEVICES = "devices"  # another window or device has taken over
    CLOCK = "clock"  # the device's clock is off, by so many minutes
    SILENCE = "silence"  # not heard of for so many minutes
    UNSENT = "unsent"  # so many changes are still on the device
    LATE = "late"  # so many changes came after the end, and are kept apart
    # What the device failed when it was checked.
    CHECK_STORAGE = "check_storage"
    CHECK_CONNECTION = "check_connection"
    CHECK_ANNOUNCEMENT = "check_announcement"


class Anomaly(NamedTuple):
    kind: AnomalyKind
    number: int = 0


def anomalies_of(
    registration: Registered, parts: Sequence[PartTaken], open_part: PartTaken | None, at: datetime
) -> list[Anomaly]:
    """What is odd now. Of a part that has ended, only what may still cost the candidate an answer."""
    found = of_open_part(open_part, at) if open_part else []
    for part in parts:
        if part.unsent and part is not open_part:
            found.append(Anomaly(AnomalyKind.UNSENT, part.unsent))
        if part.late:
            found.append(Anomaly(AnomalyKind.LATE, part.late))
    if open_part or not parts:
        found += of_device_check(registration, writing=open_part is not None)
    return found


def of_open_part(part: PartTaken, at: datetime) -> list[Anomaly]:
    found = []
    silent = at - part.last_seen_at
    if part.lease_epoch > 1:
        found.append(Anomaly(AnomalyKind.DEVICES))
    if part.clock_offset_ms and abs(part.clock_offset_ms) > CLOCK_OFF_MS:
        found.append(clock_off(part.clock_offset_ms))
    if silent >= LONG_SILENCE and part.stopped_left is None:
        found.append(Anomaly(AnomalyKind.SILENCE, int(silent / timedelta(minutes=1))))
    if part.unsent > USUALLY_UNSENT:
        found.append(Anomaly(AnomalyKind.UNSENT, part.unsent))
    return found


def of_device_check(registration: Registered, *, writing: bool) -> list[Anomaly]:
    """What the last check found; of somebody who writes, the exam page tells the clock better."""
    findings = findings_of(registration)
    if findings is None:
        return []
    faults = faults_of(findings)
    found = [Anomaly(AnomalyKind(f"check_{fault}")) for fault in sorted(faults & GRAVE)]
    if Fault.CLOCK in faults and not writing:
        found.append(clock_off(findings.clock_offset_ms))
    return found


def findings_of(registration: Registered) -> Findings | None:
    storage, offset, trip = registration.storage, registration.clock_offset_ms, registration.round_trip_ms
    if storage is None or offset is None or trip is None:  # no check: all three or none
        return None
    return Findings(storage, offset, trip, registration.announcement_heard)


def clock_off(offset_ms: int) -> Anomaly:
    return Anomaly(AnomalyKind.CLOCK, abs(offset_ms) // 60_000)
