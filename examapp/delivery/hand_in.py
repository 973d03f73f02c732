"""The hand-in code: with it anybody can prove what was handed in and when. Nothing is stored; it is computed again.

The code is a digest of the signature (Ed25519, so the same every time) over what the part and its log say. Whoever
changes either without the key of this installation ends with another code.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, AttemptPart, ClosedBy
from examapp.delivery.verification import Fault, check_parts
from examapp.endorsements.signing import Signer
from examapp.registration.models import Registration
from question_bank.exam_policy import policy_of

# Crockford's base 32: no I, L, O and U. Sixteen letters are 80 bits.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGEST_LENGTH = 16
MISREAD = str.maketrans("OIL", "011")
CODE = re.compile(rf"(R[0-9A-Z]{{4,10}})([1-9])([0-9A-Z]{{{DIGEST_LENGTH}}})")


@dataclass(frozen=True)
class HandIn:
    """What was handed in, and when."""

    registration: str
    part: str
    # Which part of the examination it is, counted from 1.
    number: int
    form_sha256: str
    started_at: datetime
    closed_at: datetime
    closed_by: ClosedBy
    events: int
    chain: str

    @property
    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "registration": self.registration,
            "part": self.part,
            "form": self.form_sha256,
            "started_at": self.started_at.astimezone(UTC).isoformat(),
            "closed_at": self.closed_at.astimezone(UTC).isoformat(),
            "closed_by": self.closed_by.value,
            "events": self.events,
            "chain": self.chain,
        }

    def code(self, signer: Signer) -> str:
        """Such as R-7K2MQX-1-9F3K-TTQ4-0ZBX-WJ6D."""
        return f"{self.registration}-{self.number}-{in_fours(digest_of(signer.sign(self.statement)))}"


def digest_of(signature: str) -> str:
    number = int.from_bytes(hashlib.sha256(signature.encode()).digest()[: DIGEST_LENGTH * 5 // 8])
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(DIGEST_LENGTH)))


def in_fours(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def hand_in_of(part: AttemptPart) -> HandIn | None:
    """What the row of a part says; None while it is open, and for a practice, which proves nothing."""
    registration = part.attempt.registration
    if part.closed_at is None or part.closed_by is None or registration.practice_round:
        return None
    codes = [rules.code for rules in policy_of(registration.policy).parts]
    return HandIn(
        registration=registration.code,
        part=part.part,
        number=codes.index(part.part) + 1,
        form_sha256=part.attempt.form_sha256,
        started_at=part.started_at,
        closed_at=part.closed_at,
        closed_by=part.closed_by,
        events=part.last_seq,
        chain=part.chain,
    )


def code_of(part: AttemptPart, signer: Signer) -> str | None:
    """The code of a part that is closed; none on an installation that has no key yet."""
    hand_in = hand_in_of(part)
    return hand_in.code(signer) if hand_in and signer.path.exists() else None


# Checking a code


@dataclass(frozen=True)
class Verdict:
    """What a code proves. The hand-in as its rows tell it now; ``faults`` when the log has been changed since."""

    hand_in: HandIn
    faults: list[Fault]

    @property
    def intact(self) -> bool:
        return not self.faults


def verify(session: Session, typed: str, signer: Signer) -> Verdict | None:
    """What the rows say about a code: the log is recomputed. None when this code was never given for what is there."""
    parsed = parse(typed)
    part = part_named(session, *parsed[:2]) if parsed else None
    told = hand_in_of(part) if part else None
    if parsed is None or part is None or told is None or not signer.path.exists():
        return None
    check = next(check_parts(session, part.id))
    found = replace(told, events=check.events, chain=check.chain)
    if not any(same_digest(parsed[2], hand_in, signer) for hand_in in (found, told)):
        return None
    return Verdict(found, check.faults)


def parse(typed: str) -> tuple[str, int, str] | None:
    """Registration (letters and digits only), number of the part and digest, however the code was spaced and cased."""
    letters = "".join(character for character in typed[:100].upper() if character.isascii() and character.isalnum())
    match = CODE.fullmatch(letters[: -DIGEST_LENGTH - 1] + letters[-DIGEST_LENGTH - 1 :].translate(MISREAD))
    return (match[1], int(match[2]), match[3]) if match else None


def same_digest(digest: str, hand_in: HandIn, signer: Signer) -> bool:
    return hmac.compare_digest(digest, digest_of(signer.sign(hand_in.statement)))


def part_named(session: Session, registration: str, number: int) -> AttemptPart | None:
    """The part of a registration whose code was typed without its hyphen, perhaps with an O for a 0."""
    asked = {registration[1:], registration[1:].translate(MISREAD)}
    parts = session.scalars(
        select(AttemptPart)
        .join(AttemptPart.attempt)
        .join(Attempt.registration)
        .where(or_(*(Registration.code == f"R-{code}" for code in asked)))
    ).unique()
    return next((part for part in parts if (told := hand_in_of(part)) and told.number == number), None)
