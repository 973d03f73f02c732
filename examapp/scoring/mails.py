"""What candidates are told: that their result is released, the same letter whatever the outcome and without a score;
and what was decided about changes of theirs that came late."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.accounts.outbox import write_mail
from examapp.delivery.models import AttemptPart, LateAcceptance
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.registration.models import Registration
from examapp.translation import Texts, texts_in
from question_bank.exam_policy import FeedbackDetail, policy_of
from question_bank.rule_documents import RuleDocument


def result_released(
    session: Session, registration: Registration, record: WrittenExaminationRecord, *, public_url: str, at: datetime
) -> None:
    """Tell the candidate that the result, or a corrected one, can be read."""
    candidate = registration.candidate
    _ = texts_in(candidate.locale)
    title = registration.administration.title
    if record.replaces_id is None:
        subject = _("Your result of the written examination")
        body = _("The result of “%(title)s” has been released. Your letter is ready to read.", title=title)
    else:
        subject = _("Corrected result of your written examination")
        body = _("The result of “%(title)s” has been corrected. Your new letter is ready to read.", title=title)
    detail = policy_of(session.get_one(RuleDocument, record.policy_id)).feedback
    tells = {
        FeedbackDetail.DECISION: _("It tells the decision."),
        FeedbackDetail.PARTS: _("It tells the decision and what you reached in each part."),
        FeedbackDetail.AREAS: _("It tells the decision, and what you reached in each part and area."),
    }[detail]
    where = _("Sign in and open “My results”: %(address)s", address=f"{public_url}/results/{registration.code}")
    greeting = _("Dear %(name)s,", name=candidate.name)
    text = "\n\n".join([greeting, f"{body} {tells}", where])
    write_mail(session, candidate, subject=subject, body=text, at=at, dedupe_key=f"result:{record.number}")


def late_changes_accepted(session: Session, part: AttemptPart, decision: LateAcceptance, *, at: datetime) -> None:
    _ = texts_in(part.attempt.registration.candidate.locale)
    told = _("The endorsement office has decided to count them: they are scored like every other answer of yours.")
    write_late_mail(session, part, decision, [came_late(_, part), told], at=at)


def late_changes_declined(
    session: Session, part: AttemptPart, decision: LateAcceptance, *, reason: str, at: datetime
) -> None:
    _ = texts_in(part.attempt.registration.candidate.locale)
    told = _("The endorsement office has decided not to count them. What was saved in time is scored as it is.")
    why = _("The reason: %(reason)s", reason=reason)
    answer = _("If you do not agree, write to the endorsement office.")
    write_late_mail(session, part, decision, [came_late(_, part), told, why, answer], at=at)


def came_late(_: Texts, part: AttemptPart) -> str:
    return _(
        "Changes of yours in %(part)s of “%(title)s” arrived after its end.",
        part={"part_one": _("Part One"), "part_two": _("Part Two")}.get(part.part, part.part),
        title=part.attempt.registration.administration.title,
    )


def write_late_mail(
    session: Session, part: AttemptPart, decision: LateAcceptance, paragraphs: list[str], *, at: datetime
) -> None:
    candidate = part.attempt.registration.candidate
    _ = texts_in(candidate.locale)
    text = "\n\n".join([_("Dear %(name)s,", name=candidate.name), *paragraphs])
    subject = _("Changes that came late in your written examination")
    write_mail(session, candidate, subject=subject, body=text, at=at, dedupe_key=f"late-changes:{decision.id}")
