"""Giving essays to raters: two different people each, a third where needed, and nobody whom they know."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.registration.models import Administration, Registration
from examapp.scoring.attempts import one_at_a_time
from examapp.scoring.codes import new_code
from examapp.scoring.conflicts import barred_raters, note_conflict
from examapp.scoring.models import EssayResponse, EssayResponseSource, RatingTask
from examapp.scoring.readings import AT_PRESENT, THIRD, EssayReadings, readings_of, readings_of_essay
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_forms import key_document, newest_key

# An essay and the number of a reading that nobody has yet.
OpenReading = tuple[EssayReadings, int]


def open_readings(essays: Iterable[EssayReadings]) -> list[OpenReading]:
    """Every reading that an essay needs and nobody has been given."""
    return [
        (essay, reading)
        for essay in essays
        for reading in essay.wanted
        if reading not in {task.reading for task in essay.tasks}
    ]


def assign(session: Session, administration: Administration, raters: Sequence[User], *, by: int, at: datetime) -> int:
    """Give every open reading to one of these raters, as evenly as the conflicts allow: all of them or none."""
    one_at_a_time(session, administration)
    refuse_non_raters(raters)
    form = administration.form_sha256
    keys = {form: key_document(newest_key(session, form))}
    wanted = open_readings(readings_of(session, [administration], keys=keys, as_of=AT_PRESENT))
    left_over = give(session, administration, wanted, raters, at=at)
    if left_over:
        codes = sorted({essay.response.code for essay, _ in left_over})
        raise RuleViolation(
            "Too few raters for %(count)s readings, of %(codes)s. Each essay needs %(needed)s different raters who "
            "neither know the candidate nor reviewed the portfolio. Choose more raters.",
            count=len(left_over),
            codes=", ".join(codes),
            needed=max(len(essay.wanted) for essay, _ in left_over),
        )
    audit.record(
        session, "readings.assigned", "administration", administration.id, by=by, at=at,
        readings=len(wanted), raters=sorted(rater.id for rater in raters),
    )  # fmt: skip
    session.flush()
    return len(wanted)


def refuse_non_raters(raters: Sequence[User]) -> None:
    if not raters:
        raise RuleViolation("Choose the raters who will read these essays.")
    for rater in raters:
        if Role.RATER not in rater.roles or not rater.is_active:
            raise RuleViolation("%(name)s is not an active rater.", name=rater.name)


def give(
    session: Session,
    administration: Administration,
    wanted: Sequence[OpenReading],
    raters: Sequence[User],
    *,
    at: datetime,
) -> list[OpenReading]:
    """Make a task of each reading that one of the raters may take; returns those that none may."""
    load = load_of(session, administration)
    barred = barred_raters(session, raters, {essay.registration.candidate_id for essay, _ in wanted})
    readers = {essay.response.id: {task.rater_id for task in essay.tasks} for essay, _ in wanted}

    def eligible(essay: EssayReadings) -> list[User]:
        excluded = readers[essay.response.id] | barred[essay.registration.candidate_id]
        return [rater for rater in raters if rater.id not in excluded]

    left_over = []
    # Essays with the least choice first, so that the rest can even out the load.
    for essay, reading in sorted(wanted, key=lambda entry: (len(eligible(entry[0])), entry[0].response.code, entry[1])):
        rater = min(eligible(essay), key=lambda rater: (load[rater.id], rater.id), default=None)
        if rater is None:
            left_over.append((essay, reading))
            continue
        session.add(new_task(essay.response, rater, reading, at))
        load[rater.id] += 1
        readers[essay.response.id].add(rater.id)
    session.flush()
    return left_over


def new_task(response: EssayResponse, rater: User, reading: int, at: datetime) -> RatingTask:
    return RatingTask(
        code=new_code("T"), response=response, rater_id=rater.id, reading=reading, assigned_at=at, levels={}, comment=""
    )


def load_of(session: Session, administration: Administration) -> Counter[int]:
    """How many readings each rater has in this administration."""
    rows = session.execute(
        select(RatingTask.rater_id, func.count())
        .join(EssayResponse, EssayResponse.id == RatingTask.essay_response_id)
        .where(EssayResponse.administration_id == administration.id)
        .group_by(RatingTask.rater_id)
    )
    return Counter(dict(rows.all()))


def raters_at_work(session: Session, administration: Administration) -> list[User]:
    """The active raters who have readings in this administration."""
    readers = load_of(session, administration)
    people = session.scalars(select(User).where(User.id.in_(readers)).order_by(User.name, User.id))
    return [person for person in people if Role.RATER in person.roles and person.is_active]


def give_to_raters_at_work(session: Session, response: EssayResponse, *, at: datetime) -> None:
    """Fill what an essay lacks from the raters at work; what none of them may take waits for an administrator."""
    essay = readings_of_essay(session, response, as_of=AT_PRESENT)
    if essay is None:
        return
    administration = essay.registration.administration
    give(session, administration, open_readings([essay]), raters_at_work(session, administration), at=at)


def after_lock(session: Session, response: EssayResponse, *, at: datetime) -> None:
    """When both readings are locked and do not stand by themselves, a third rater gets the essay."""
    one_at_a_time(session, session.get_one(Administration, response.administration_id))
    essay = readings_of_essay(session, response, as_of=AT_PRESENT)
    if essay is None or not essay.reasons or THIRD in {task.reading for task in essay.tasks}:
        return
    audit.record(
        session, "adjudication.opened", "essay_response", response.code, by=None, at=at,
        reasons=[reason.value for reason in essay.reasons],
    )  # fmt: skip
    give_to_raters_at_work(session, response, at=at)


def reassign(session: Session, task: RatingTask, rater: User, *, by: int, at: datetime) -> RatingTask:
    """Give a reading that is not locked to somebody else, who starts afresh."""
    refuse_non_raters([rater])
    candidate_id = candidate_of(session, task.response)
    if rater.id == task.rater_id:
        raise RuleViolation("%(name)s has this reading already.", name=rater.name)
    if rater.id in barred_raters(session, [rater], {candidate_id})[candidate_id]:
        raise RuleViolation(
            "%(name)s knows this candidate or reviewed the portfolio. Choose another rater.", name=rater.name
        )
    if rater.id in {other.rater_id for other in task.response.tasks}:
        raise RuleViolation("%(name)s has another reading of this essay. Choose another rater.", name=rater.name)
    response, reading = task.response, task.reading
    take_back(session, task)
    replacement = new_task(response, rater, reading, at)
    session.add(replacement)
    session.flush()
    audit.record(
        session, "reading.reassigned", "essay_response", response.code, by=by, at=at,
        reading=reading, from_rater=task.rater_id, to_rater=rater.id,
    )  # fmt: skip
    return replacement


def take_back(session: Session, task: RatingTask) -> None:
    """Remove a task that is not locked; its draft goes with it."""
    removed = session.execute(
        delete(RatingTask)
        .where(RatingTask.id == task.id, RatingTask.locked_at.is_(None))
        .returning(RatingTask.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if removed is None:
        raise RuleViolation("This reading is locked, so it stays with its rater.")
    response = task.response
    session.expunge(task)
    session.expire(response, ["tasks"])


def candidate_of(session: Session, response: EssayResponse) -> int:
    return session.scalars(
        select(Registration.candidate_id)
        .join(EssayResponseSource, EssayResponseSource.registration_id == Registration.id)
        .where(EssayResponseSource.essay_response_id == response.id)
    ).one()


def recuse(session: Session, task: RatingTask, *, reason: str, at: datetime) -> None:
    """A rater recognises the person: the conflict is kept and the reading goes to somebody else."""
    if task.locked_at:
        raise RuleViolation("This reading is locked, so it stays with its rater.")
    declare_conflict(
        session, task.rater_id, candidate_of(session, task.response), reason=reason, by=task.rater_id, at=at
    )


def declare_conflict(session: Session, rater_id: int, candidate_id: int, *, reason: str, by: int, at: datetime) -> None:
    """Keep a conflict, and take from the rater every reading of this candidate that is not locked."""
    note_conflict(session, rater_id, candidate_id, reason=reason, by=by, at=at)
    tasks = session.scalars(
        select(RatingTask)
        .join(EssayResponseSource, EssayResponseSource.essay_response_id == RatingTask.essay_response_id)
        .join(Registration, Registration.id == EssayResponseSource.registration_id)
        .where(
            RatingTask.rater_id == rater_id,
            RatingTask.locked_at.is_(None),
            Registration.candidate_id == candidate_id,
        )
    ).all()
    for task in tasks:
        response = task.response
        take_back(session, task)
        give_to_raters_at_work(session, response, at=at)
