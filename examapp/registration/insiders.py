"""Who could read the questions or the keys of a form: by a role they have, or by one they had. They do not sit it."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from examapp.accounts.models import Role, User, UserRole
from examapp.accounts.people import roles_given_up
from examapp.registration.models import Administration, Registration
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_forms import written_since

# Authors and reviewers open the bank; raters read vignettes and rubrics; administrators read how marks came about.
INSIDE_ROLES = {Role.AUTHOR, Role.REVIEWER, Role.RATER, Role.ADMINISTRATOR}


def insider_refusals(
    session: Session, administration: Administration, people: Collection[User]
) -> dict[int, list[RuleViolation]]:
    """By person, why what they know keeps them from the form of this administration; for lists too."""
    given_up = roles_given_up(session, [person.id for person in people])
    handled = paper_handlers(session, administration.form_sha256, [person.id for person in people])
    since = open_since(session, administration.form_sha256) if any(given_up.values()) else {}
    zone = ZoneInfo(administration.time_zone)

    def reasons(person: User) -> list[RuleViolation]:
        if person.roles & INSIDE_ROLES:
            return [
                RuleViolation(
                    "%(name)s works on the examination as author, reviewer, rater or administrator. "
                    "Take that role away first. Forms that could be read in this role stay closed to %(name)s.",
                    name=person.name,
                )
            ]
        if person.id in handled:
            return [
                RuleViolation(
                    "%(name)s printed this form or typed in answers to it from paper. "
                    "Choose an administration with another form.",
                    name=person.name,
                )
            ]
        ends = [end for role, end in given_up[person.id].items() if role in since and end >= since[role]]
        if not ends:
            return []
        return [
            RuleViolation(
                "%(name)s could read the questions or keys of this form in an earlier role, until %(day)s. "
                "Choose an administration with another form.",
                name=person.name,
                day=max(ends).astimezone(zone).date(),
            )
        ]

    return {person.id: reasons(person) for person in people}


def may_be_insider(person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether there is anything about a person for ``insider_refusals`` to judge: of most, nothing."""
    return or_(
        exists().where(UserRole.user_id == person_id, UserRole.role.in_(INSIDE_ROLES)),
        exists().where(
            AuditEvent.target_kind == "user",
            AuditEvent.target_id == cast(person_id, String),
            AuditEvent.action == "user.changed",
        ),
        exists().where(AuditEvent.actor_id == person_id, AuditEvent.action.in_(("paper.printed", "paper.entry_begun"))),
    )


def paper_handlers(session: Session, form_sha256: str, user_ids: Collection[int]) -> set[int]:
    """Those of the people who had a form in their hands on paper; read where all deeds are written down."""
    of_form = Administration.form_sha256 == form_sha256
    printed = select(cast(Administration.id, String)).where(of_form)
    typed_in = select(cast(Registration.id, String)).join(Registration.administration).where(of_form)
    deeds = select(AuditEvent.actor_id).where(
        AuditEvent.actor_id.in_(user_ids),
        or_(
            and_(AuditEvent.action == "paper.printed", AuditEvent.target_id.in_(printed)),
            and_(AuditEvent.action == "paper.entry_begun", AuditEvent.target_id.in_(typed_in)),
        ),
    )
    return {user_id for user_id in session.scalars(deeds) if user_id is not None}


def open_since(session: Session, form_sha256: str) -> dict[Role, datetime]:
    """Since when each role could read the questions or the keys of a form; a role that never could is left out."""
    written = written_since(session, form_sha256)
    known = {Role.AUTHOR: written, Role.REVIEWER: written}
    given = select(cast(Administration.id, String)).where(Administration.form_sha256 == form_sha256)
    # Scoring stands right of registration, so its deeds are read where all deeds are written down.
    scored = session.scalar(
        select(func.min(AuditEvent.at)).where(
            AuditEvent.target_kind == "administration",
            AuditEvent.target_id.in_(given),
            AuditEvent.action.in_(("essays.collected", "administration.scored")),
        )
    )
    return known | {Role.RATER: scored, Role.ADMINISTRATOR: scored} if scored else known
