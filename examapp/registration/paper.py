"""Who takes an examination on paper: a copy was printed for them, or an answer sheet is being typed in.

Delivery stands right of registration, so its deeds are read where all deeds are written down.
"""

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from examapp.registration.models import Administration, Registration
from question_bank.audit import AuditEvent


def codes_on_paper(session: Session, administration: Administration) -> set[str]:
    """The codes of these registrations, in one statement: the live room asks it with every look."""
    ids = select(cast(Registration.id, String)).where(Registration.administration_id == administration.id)
    deeds = session.scalars(
        select(AuditEvent)
        .where(
            or_(
                (AuditEvent.target_kind == "administration") & (AuditEvent.target_id == str(administration.id)),
                (AuditEvent.target_kind == "registration") & AuditEvent.target_id.in_(ids),
            ),
            AuditEvent.action.in_(("paper.printed", "paper.entry_begun", "paper.entry_discarded")),
        )
        .order_by(AuditEvent.id)
    )
    printed: set[str] = set()
    typed_in: set[tuple[str, str, int | None]] = set()
    for deed in deeds:
        code, part = deed.details["registration"], deed.details["part"]
        match deed.action:
            case "paper.printed":
                printed.add(code)
            case "paper.entry_begun":
                typed_in.add((code, part, deed.actor_id))
            case _:
                typed_in.discard((code, part, deed.details["entered_by"]))
    return {*printed, *(code for code, _, _ in typed_in)} - {""}
