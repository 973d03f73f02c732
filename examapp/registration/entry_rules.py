"""What a device must show before a part is opened on it: writing the rules, and letting one candidate in without."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration, EntryOverride, EntryRules, Registration
from examapp.registration.registrations import record_deed, refuse_inactive, refuse_own
from question_bank import audit
from question_bank.errors import RuleViolation

LONGEST_CODE = 40
KEY = re.compile(r"[0-9a-f]{64}")
# So much of a key tells it from others in the audit trail, and is of no use to anybody.
SHOWN_OF_KEY = 8


@dataclass(frozen=True)
class WantedRules:
    """The rules as they shall be; everything empty: nothing is asked."""

    access_code: str = ""
    allowed_networks: Sequence[str] = ()
    config_keys: Sequence[str] = ()
    browser_exam_keys: Sequence[str] = ()


def rules_of(administration: Administration) -> WantedRules:
    rules = administration.entry_rules
    if rules is None:
        return WantedRules()
    return WantedRules(rules.access_code, rules.allowed_networks, rules.config_keys, rules.browser_exam_keys)


def network(text: str) -> str:
    """A network in CIDR notation, or one address, as it is kept."""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError:
        raise RuleViolation("“%(text)s” is no network such as 192.0.2.0/24.", text=text.strip()) from None


def browser_key(text: str) -> str:
    """A key of Safe Exam Browser as it is kept."""
    key = text.strip().lower()
    if not KEY.fullmatch(key):
        raise RuleViolation("“%(text)s” is no key: a key has 64 digits from 0 to 9 and a to f.", text=text.strip())
    return key


def lines_of(text: str, read: Callable[[str], str]) -> list[str]:
    """What stands in a text, a line each, every one once."""
    return list(dict.fromkeys(read(line) for line in text.splitlines() if line.strip()))


def change_rules(
    session: Session, administration: Administration, wanted: WantedRules, *, by: int, at: datetime
) -> None:
    """Put these rules in the place of the ones before. They hold from the next page that is opened."""
    if administration.cancelled_at or at >= administration.closes_at:
        raise RuleViolation("This administration is over. Choose another one.")
    before = rules_of(administration)
    rules = administration.entry_rules or EntryRules(administration_id=administration.id)
    rules.access_code = " ".join(wanted.access_code.split())
    rules.allowed_networks = [network(line) for line in wanted.allowed_networks]
    rules.config_keys = [browser_key(line) for line in wanted.config_keys]
    rules.browser_exam_keys = [browser_key(line) for line in wanted.browser_exam_keys]
    administration.entry_rules = rules
    session.flush()
    after = rules_of(administration)
    audit.record(
        session, "administration.entry_rules_changed", "administration", administration.id, by=by, at=at,
        before=for_the_trail(before), after=for_the_trail(after),
        code_changed=before.access_code != after.access_code,
    )  # fmt: skip


def for_the_trail(rules: WantedRules) -> dict[str, object]:
    """The rules without their secrets: the trail is kept for ever and goes into exports."""
    return {
        "access_code": bool(rules.access_code),
        "allowed_networks": list(rules.allowed_networks),
        "config_keys": shortened(rules.config_keys),
        "browser_exam_keys": shortened(rules.browser_exam_keys),
    }


def shortened(keys: Iterable[str]) -> list[str]:
    return [f"{key[:SHOWN_OF_KEY]}…" for key in keys]


def let_in(session: Session, registration: Registration, *, reason: str, by: int, at: datetime) -> EntryOverride:
    """This candidate may enter although the device does not show what is asked."""
    refuse_own(registration.candidate_id, by)
    refuse_inactive(registration)
    if not reason.strip():
        raise RuleViolation("Write down the reason.")
    override = EntryOverride(registration_id=registration.id, reason=reason.strip(), at=at, by_id=by)
    session.add(override)
    record_deed(session, registration, "let_in", by=by, at=at, reason=override.reason)
    session.flush()
    return override


def overrides_of(session: Session, registration: Registration) -> Sequence[EntryOverride]:
    """How often this candidate was let in without, the latest first."""
    mine = select(EntryOverride).where(EntryOverride.registration_id == registration.id)
    return session.scalars(mine.order_by(EntryOverride.id.desc())).all()
