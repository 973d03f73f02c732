"""Rating, scoring and releasing the past administration of the demonstration."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.demo.administrations import Cast
from examapp.demo.answers import rubric_level
from examapp.demo.people import PAST, PastCandidate
from examapp.endorsements.signing import Signer
from examapp.registration.models import Administration, Registration
from examapp.scoring import assignment, essays, ratings, release, runs
from examapp.scoring.models import EssayResponse, EssayResponseSource, RatingTask

# The third is asked only where two readings do not settle an essay.
FIRST_READERS = ("rater", "reviewer", "rater2")
ADJUDICATOR = "rater3"


def release_past(
    session: Session, cast: Cast, administration: Administration, signer: Signer, *, public_url: str, at: datetime
) -> None:
    """From the closed window to released results, over three weeks."""
    admin, second = cast.id("admin"), cast.id("admin2")
    essays.collect(session, administration, by=admin, at=at)
    readers = [cast.users[mailbox] for mailbox in FIRST_READERS]
    assignment.assign(session, administration, readers, by=admin, at=at + timedelta(hours=1))
    rate_all(session, cast, administration, at=at + timedelta(days=4))
    assignment.assign(
        session, administration, [*readers, cast.users[ADJUDICATOR]], by=admin, at=at + timedelta(days=12)
    )
    rate_all(session, cast, administration, at=at + timedelta(days=14))
    run = runs.score(session, administration, by=admin, at=at + timedelta(days=18))
    proposal = release.propose(session, run, by=admin, at=at + timedelta(days=19))
    release.confirm(session, proposal, by=second, at=at + timedelta(days=20), signer=signer, public_url=public_url)


def rate_all(session: Session, cast: Cast, administration: Administration, *, at: datetime) -> None:
    """Lock every reading that waits, a few minutes after each other."""
    by_name = {past.name: past for past in PAST}
    open_tasks = session.execute(
        select(RatingTask, User.name)
        .join(EssayResponse, EssayResponse.id == RatingTask.essay_response_id)
        .join(EssayResponseSource, EssayResponseSource.essay_response_id == EssayResponse.id)
        .join(Registration, Registration.id == EssayResponseSource.registration_id)
        .join(User, User.id == Registration.candidate_id)
        .where(RatingTask.locked_at.is_(None), EssayResponse.administration_id == administration.id)
        .order_by(RatingTask.code)
    ).all()
    for number, (task, name) in enumerate(open_tasks):
        rate(session, cast, task, by_name[name], at=at + timedelta(minutes=11 * number))


def rate(session: Session, cast: Cast, task: RatingTask, past: PastCandidate, *, at: datetime) -> None:
    ref = cast.refs[task.response.item]
    levels = {
        dimension.code: rubric_level(past, ref, dimension.code, str(task.rater_id))
        for dimension in ratings.rubric_of(session, task).dimensions
    }
    ratings.save_draft(session, task, levels=levels, comment="", seen=task.saved_at, at=at)
    ratings.lock(session, task, seen=task.saved_at, at=at + timedelta(minutes=1))
