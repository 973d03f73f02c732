"""How a part is written down as begun: the part itself, its time ledger and the audit trail.

A whole room does it in the same second, so the statements are built once. On PostgreSQL they are one, as for a save:
every way to the server costs more than the work it asks for.
"""

from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, true
from sqlalchemy.orm import Session

from examapp.db import rows_of_json
from examapp.delivery.models import AttemptPart, TimeAdjustment
from question_bank.audit import AuditEvent

PART = cast(Table, AttemptPart.__table__)
LEDGER = cast(Table, TimeAdjustment.__table__)
AUDIT = cast(Table, AuditEvent.__table__)

BEGUN = ("attempt_id", "part", "started_at", "deadline_at", "accepts_until", "chain", "last_seen_at")
NOTED = ("at", "actor_id", "action", "target_kind", "target_id", "details")


def values(table: Table, names: tuple[str, ...]) -> dict[str, Any]:
    """Each of these columns from a parameter named after the table and the column."""
    return {name: bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names}


OPEN = (
    insert(PART)
    .values(**values(PART, BEGUN), lease_epoch=0, lease_holder="", last_seq=0, messages=0, unsent=0)
    .returning(PART.c.id)
)
ALLOW = insert(LEDGER)
NOTE = insert(AUDIT).values(values(AUDIT, NOTED))

OPENED = OPEN.cte("opened")
ALLOWANCES = rows_of_json("allowances", LEDGER.c["kind", "seconds", "reason"])
ALLOWED = insert(LEDGER).from_select(
    ["part_id", "at", *ALLOWANCES.c.keys()],
    select(OPENED.c.id, bindparam("attempt_part_started_at", type_=LEDGER.c.at.type), *ALLOWANCES.c).select_from(
        OPENED.join(ALLOWANCES, true())
    ),
)
AT_ONCE = select(OPENED.c.id).add_cte(ALLOWED.cte("allowed"), NOTE.cte("noted"))


def write(session: Session, part: dict[str, Any], ledger: list[TimeAdjustment], note: dict[str, Any]) -> None:
    """Write the rows: ``part`` with the columns of BEGUN, ``note`` an audit row."""
    connection, at = session.connection(), part["started_at"]
    allowances = [{"kind": row.kind, "seconds": row.seconds, "reason": row.reason} for row in ledger]
    begun = {f"{PART.name}_{name}": value for name, value in part.items()}
    noted = {f"{AUDIT.name}_{name}": value for name, value in note.items()}
    if connection.dialect.name == "postgresql":
        connection.execute(AT_ONCE, {**begun, **noted, "allowances": allowances})
        return
    part_id: int = connection.execute(OPEN, begun).scalar_one()
    connection.execute(ALLOW, [{**row, "part_id": part_id, "at": at} for row in allowances])
    connection.execute(NOTE, noted)
