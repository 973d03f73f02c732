"""Loading the demonstration: once, and never beside real people."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.demo.administrations import Cast, give_past, open_current, open_trial
from examapp.demo.bank import Committee, add_items, add_other_kinds, add_unfinished, add_vignette_set, add_vignettes
from examapp.demo.committee import share_reviews
from examapp.demo.people import add_people
from examapp.demo.results import release_past
from examapp.endorsements.signing import Signer
from question_bank import blueprint_plans
from question_bank.errors import RuleViolation
from question_bank.exam_forms import ExamForm, FormPurpose, SealedForm, draft_form, exchange, replacements_for, seal
from question_bank.rule_documents import DocumentKind, newest


def load(session: Session, signer: Signer, *, public_url: str, at: datetime) -> bool:
    """Load everything; False when it is there already. Raises RuleViolation beside real people."""
    people = session.scalar(select(func.count()).select_from(User)) or 0
    if session.scalar(select(func.count()).where(User.is_demo.is_(False))):
        raise RuleViolation("This database holds real people. The demonstration needs a database of its own.")
    if people:
        return False
    users = add_people(session, at=at - timedelta(days=260))
    author, reviewer = users["author"].id, users["reviewer"].id
    committee = Committee(author, reviewer, users["reviewer2"].id)
    add_items(session, committee, at=at - timedelta(days=240))
    refs = add_vignettes(session, "A", committee, at=at - timedelta(days=220))
    first, first_sealed = make_form(
        session, "Form A", seed=1, author=author, sealer=reviewer, at=at - timedelta(days=200)
    )
    refs |= add_vignettes(session, "B", committee, at=at - timedelta(days=100))
    second, second_sealed = make_form(
        session, "Form B", seed=2, author=author, sealer=reviewer, at=at - timedelta(days=60), differ_from=first
    )
    # Form A was given long ago: what it asked may be practised.
    practice = draft(
        session, "Practice form", purpose=FormPurpose.PRACTICE, seed=3, author=author, at=at - timedelta(days=50),
        differ_from=second,
    )  # fmt: skip
    hold_every_kind(session, practice, committee, at=at - timedelta(days=49))
    practice_sealed = seal(session, practice, by=reviewer, at=at - timedelta(days=40))
    add_vignette_set(session, committee, at=at - timedelta(days=30))
    add_unfinished(session, committee, at=at - timedelta(days=3))
    share_reviews(session, {name: users[name].id for name in ("reviewer", "reviewer2")}, at=at - timedelta(days=1))
    cast = Cast(users, refs)
    past = give_past(session, cast, first_sealed, at=at)
    release_past(session, cast, past, signer, public_url=public_url, at=past.closes_at + timedelta(days=1))
    open_current(session, cast, second_sealed, at=at)
    open_trial(session, cast, practice_sealed, at=at)
    return True


def make_form(
    session: Session, title: str, *, seed: int, author: int, sealer: int, at: datetime,
    differ_from: ExamForm | None = None,
) -> tuple[ExamForm, SealedForm]:  # fmt: skip
    form = draft(session, title, purpose=FormPurpose.EXAM, seed=seed, author=author, at=at, differ_from=differ_from)
    return form, seal(session, form, by=sealer, at=at + timedelta(days=1))


def draft(
    session: Session, title: str, *, purpose: FormPurpose, seed: int, author: int, at: datetime,
    differ_from: ExamForm | None,
) -> ExamForm:  # fmt: skip
    policy = newest(session, DocumentKind.EXAM_POLICY)
    if policy is None:
        raise RuleViolation("Set the site up first: flask --app wsgi setup")
    return draft_form(
        session, title=title, purpose=purpose, blueprint=blueprint_plans.load_default(session, at=at),
        policy=policy, seed=seed, differ_from=[differ_from] if differ_from else [], by=author, at=at,
    )  # fmt: skip


def hold_every_kind(session: Session, form: ExamForm, committee: Committee, *, at: datetime) -> None:
    """Questions of the other kinds, each in place of the first one drawn that it fits for."""
    items = add_other_kinds(session, committee, at=at)
    for item in items:
        drawn = [entry for entry in form.part_one if entry.item_version.item not in items]
        entry = next(entry for entry in drawn if item.latest in replacements_for(session, form, entry))
        exchange(session, form, entry, item.latest, by=committee.author, at=at + timedelta(days=8))
