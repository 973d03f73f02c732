"""Administrations: opening one, changing its window while nobody has started, cancelling it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from examapp.accounts.models import User
from examapp.registration import mails
from examapp.registration.accommodations import time_needed
from examapp.registration.models import Administration, Registration, WindowExtension
from examapp.registration.real import practice_administrations, real_administrations
from examapp.registration.registrations import gate_refusals, policy_for
from examapp.registration.retakes import retake_refusals
from examapp.time_zones import US_ZONES
from question_bank import audit, rule_documents
from question_bank.errors import RuleViolation
from question_bank.exam_forms import ExamForm, FormPurpose, SealedForm, key_document, newest_key, sealed_document
from question_bank.exam_policy import Dates, ExamPolicy, policy_of
from question_bank.item_sets import told_with
from question_bank.rule_documents import DocumentKind, RuleDocument


class Phase(StrEnum):
    OPEN = "open"
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"


def phase_of(administration: Administration, at: datetime) -> Phase:
    if administration.cancelled_at:
        return Phase.CANCELLED
    if at < administration.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if at < administration.closes_at else Phase.PAST


def administrations_in(session: Session, phase: Phase, at: datetime) -> list[Administration]:
    """Those of one phase with their registrations: what ends or begins soonest first, the past newest first."""
    live = Administration.cancelled_at.is_(None)
    conditions: dict[Phase, ColumnElement[bool]] = {
        Phase.OPEN: and_(live, Administration.opens_at <= at, Administration.closes_at > at),
        Phase.UPCOMING: and_(live, Administration.opens_at > at),
        Phase.PAST: and_(live, Administration.closes_at <= at),
        Phase.CANCELLED: Administration.cancelled_at.is_not(None),
    }
    orders = {Phase.OPEN: Administration.closes_at, Phase.UPCOMING: Administration.opens_at}
    return list(
        session.scalars(
            real_administrations()
            .where(conditions[phase])
            .order_by(orders.get(phase, Administration.closes_at.desc()), Administration.id)
            .options(selectinload(Administration.registrations))
        )
    )


def sealed_forms(session: Session, purpose: FormPurpose) -> list[ExamForm]:
    """The forms an administration or a practice can be given, newest first."""
    return list(
        session.scalars(
            select(ExamForm)
            .where(ExamForm.sealed_sha256.is_not(None), ExamForm.purpose == purpose)
            .order_by(ExamForm.sealed_at.desc())
        )
    )


def form_title(session: Session, sha256: str) -> str:
    """The title of a sealed form; its digest's first letters if the draft behind it is gone."""
    return session.scalar(select(ExamForm.title).where(ExamForm.sealed_sha256 == sha256)) or sha256[:12]


def open_administration(
    session: Session,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    time_zone: str,
    form_sha256: str,
    proctored: bool,
    by: int,
    at: datetime,
) -> Administration:
    """Announce an administration. The exam policy in force on its opening day applies to its registrations."""
    if session.get(SealedForm, form_sha256) is None:
        raise RuleViolation("Choose a sealed form.")
    if closes_at <= at:
        raise RuleViolation("This window is over already. Choose a later one.")
    check_window(opens_at, closes_at, time_zone)
    policy = policy_on(session, opens_at.astimezone(ZoneInfo(time_zone)).date())
    refuse_other_dates(policy_of(policy), opens_at.astimezone(ZoneInfo(time_zone)), closes_at)
    refuse_unfitting(session, form_sha256, policy_of(policy))
    refuse_shared(session, form_sha256, practice_administrations())
    administration = Administration(
        title=" ".join(title.split()),
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=time_zone,
        form_sha256=form_sha256,
        proctored=proctored,
        policy_id=policy.id,
        created_at=at,
        created_by_id=by,
    )
    save(session, administration)
    audit.record(
        session, "administration.opened", "administration", administration.id, by=by, at=at,
        title=administration.title, policy_version=policy.version, **window_of(administration),
    )  # fmt: skip
    session.flush()
    return administration


def policy_on(session: Session, day: date) -> RuleDocument:
    policy = rule_documents.in_force(session, DocumentKind.EXAM_POLICY, day)
    if policy is None:
        raise RuleViolation("No exam policy is in force on %(day)s. Write one first.", day=day)
    return policy


def refuse_unfitting(session: Session, form_sha256: str, policy: ExamPolicy) -> None:
    """A form sealed under other rules would give candidates another examination than their policy promises."""
    form, keys = sealed_document(session, form_sha256), key_document(newest_key(session, form_sha256)).items
    items = sum(part.item_count or 0 for part in policy.parts)
    counted = sum(not keys[item.code].pretest for item in form.part_one)
    if counted != items:
        raise RuleViolation(
            "This form has %(has)s items in Part One; the exam policy of the opening day asks for %(needs)s. "
            "Choose or seal a form that follows it.",
            has=counted,
            needs=items,
        )
    has = {(group.code, group.level, group.track, group.choose, len(group.essays)) for group in form.slot_groups}
    needs = {(group.code, group.level, group.track, group.choose, group.offered) for group in policy.slot_groups}
    if has != needs:
        raise RuleViolation(
            "The vignettes of this form do not follow the exam policy of the opening day. "
            "Choose or seal a form that follows it."
        )


def refuse_shared(session: Session, form_sha256: str, others: Select[Administration]) -> None:
    """What candidates practise, with its keys, is asked in no examination; nor what travels with its vignette."""
    codes = sealed_document(session, form_sha256).codes
    codes |= told_with(session, codes).keys()
    for other in session.scalars(others.where(Administration.cancelled_at.is_(None))):
        shared = codes & sealed_document(session, other.form_sha256).codes
        if shared:
            raise RuleViolation(
                "What candidates practise is asked in no examination, and this form shares with “%(title)s”: "
                "%(codes)s. Choose another form.",
                title=other.title,
                codes=", ".join(sorted(shared)),
            )


def check_window(opens_at: datetime, closes_at: datetime, time_zone: str) -> None:
    if time_zone not in US_ZONES:
        raise RuleViolation("Choose a time zone from the list.")
    if closes_at <= opens_at:
        raise RuleViolation("The window must close after it opens.")


def refuse_other_dates(policy: ExamPolicy, opening: datetime, closing: datetime) -> None:
    """``opening`` stands in the zone of the administration."""
    if policy.dates is Dates.ONE_DAY and opening.date() != closing.astimezone(opening.tzinfo).date():
        raise RuleViolation(
            "The exam policy of the opening day gives the examination on one day. "
            "Let it close on the day on which it opens."
        )


def save(session: Session, administration: Administration) -> None:
    """Flush it, so that a doubled title is refused with a sentence."""
    try:
        with session.begin_nested():
            session.add(administration)
    except IntegrityError:
        raise RuleViolation("Another administration has this title. Give this one a title of its own.") from None


def window_of(administration: Administration) -> dict[str, object]:
    return {
        "opens_at": administration.opens_at.isoformat(),
        "closes_at": administration.closes_at.isoformat(),
        "time_zone": administration.time_zone,
        "proctored": administration.proctored,
    }


def fingerprint(administration: Administration) -> str:
    """What a page shows of it: a form that was filled over other values is refused."""
    return rule_documents.sha256_of(
        rule_documents.canonical_json({"title": administration.title, **window_of(administration)})
    )


def change_administration(
    session: Session,
    administration: Administration,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    time_zone: str,
    proctored: bool,
    seen: str,
    by: int,
    at: datetime,
) -> None:
    """Change title, window or proctoring while nobody has started, and write to everybody whose window moved."""
    refuse_begun(session, administration)
    if seen != fingerprint(administration):
        raise RuleViolation(
            "Somebody changed this administration while you had this page open. "
            "Nothing was saved: reload and look again."
        )
    if closes_at <= at:
        raise RuleViolation("This window is over already. Choose a later one.")
    check_window(opens_at, closes_at, time_zone)
    opening = opens_at.astimezone(ZoneInfo(time_zone))
    refuse_other_rules(session, administration, opening, closes_at)
    refuse_lapsed_approvals(session, administration, opening, at)
    before = {"title": administration.title, **window_of(administration)}
    moved = (administration.opens_at, administration.closes_at) != (opens_at, closes_at)
    administration.title = " ".join(title.split())
    administration.opens_at, administration.closes_at = opens_at, closes_at
    administration.time_zone, administration.proctored = time_zone, proctored
    save(session, administration)
    audit.record(
        session, "administration.changed", "administration", administration.id, by=by, at=at,
        before=before, after={"title": administration.title, **window_of(administration)},
    )  # fmt: skip
    if moved:
        for registration in active_registrations(session, administration):
            mails.window_moved(session, registration, at=at)
    session.flush()


def refuse_other_rules(session: Session, administration: Administration, opening: datetime, closing: datetime) -> None:
    """The rules of an administration stay those under which it was announced."""
    if policy_on(session, opening.date()).id != administration.policy_id:
        raise RuleViolation(
            "On that day another version of the exam policy is in force. Announce a new administration instead."
        )
    refuse_other_dates(policy_for(administration), opening, closing)


def refuse_begun(session: Session, administration: Administration) -> None:
    if administration.cancelled_at:
        raise RuleViolation("This administration is cancelled.")
    if has_begun(session, administration):
        raise RuleViolation("Somebody has started the examination, so the administration stays as it is.")


def has_begun(session: Session, administration: Administration) -> bool:
    return any(registration.started_at for registration in registrations_in(session, administration))


def registrations_in(session: Session, administration: Administration) -> list[Registration]:
    return list(
        session.scalars(
            select(Registration)
            .where(Registration.administration_id == administration.id)
            .order_by(Registration.registered_at.desc(), Registration.id.desc())
        )
    )


def active_registrations(session: Session, administration: Administration) -> list[Registration]:
    return [registration for registration in registrations_in(session, administration) if registration.active]


def refuse_lapsed_approvals(session: Session, administration: Administration, opening: datetime, at: datetime) -> None:
    """Another opening day must suit everybody who is registered: their approval, and their wait after a failure."""
    policy = policy_for(administration)
    lapsed = [
        registration.candidate.name
        for registration in active_registrations(session, administration)
        if gate_refusals(registration.file, policy, at.astimezone(opening.tzinfo), opening)
        or retake_refusals(registration.file, policy, opening.date())
    ]
    if lapsed:
        raise RuleViolation(
            "On that day these candidates may not sit: %(names)s. Withdraw them first or choose another day.",
            names=", ".join(lapsed),
        )


def cancel(session: Session, administration: Administration, *, by: int, at: datetime) -> None:
    """Call it off, for everybody, before anybody has started."""
    refuse_begun(session, administration)
    administration.cancelled_at = at
    audit.record(session, "administration.cancelled", "administration", administration.id, by=by, at=at)
    for registration in active_registrations(session, administration):
        mails.cancelled(session, registration, at=at)
    session.flush()


def shortest_window(policy: ExamPolicy) -> timedelta:
    """What taking every part needs without an accommodation."""
    return timedelta(minutes=sum(part.minutes for part in policy.parts))


def too_short_for(administration: Administration, registration: Registration, policy: ExamPolicy) -> bool:
    """Whether the window ends before this candidate's time, even when they start at once."""
    return administration.closes_at - administration.opens_at < time_needed(registration, policy)


def extensions_of(session: Session, administration: Administration) -> list[tuple[WindowExtension, str]]:
    """How the window was made longer, and the names of who did it, in their order."""
    rows = session.execute(
        select(WindowExtension, User.name)
        .join(User, User.id == WindowExtension.by_id)
        .where(WindowExtension.administration_id == administration.id)
        .order_by(WindowExtension.id)
    )
    return [(extension, name) for extension, name in rows]
