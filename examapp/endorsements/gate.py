"""The gate to the written examination: both levels of the portfolio review, by two people, and not too long ago."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from examapp.endorsements.components import latest_record, same_reviewer
from examapp.endorsements.models import ComponentRecord, ComponentState, EndorsementFile
from examapp.endorsements.requirements import REVIEWS
from question_bank.errors import RuleViolation
from question_bank.exam_policy import ExamPolicy


@dataclass(frozen=True)
class Eligibility:
    """Why a file does not pass the gate, each reason a sentence that says what to do; none when it passes."""

    reasons: list[RuleViolation]
    # The last day of the approval to sit; None when nothing has been approved or the policy asks for no review.
    valid_until: date | None

    @property
    def ok(self) -> bool:
        return not self.reasons


def eligibility(file: EndorsementFile, policy: ExamPolicy, at: datetime) -> Eligibility:
    """Whether the file passes the gate on the day of ``at``, which is the day in its own time zone."""
    if not policy.required_for(file.level, file.track or None):
        return Eligibility(
            [RuleViolation("The exam policy does not ask for the written examination at this level and track.")], None
        )
    if not policy.two_level_review_first:
        return Eligibility([], None)
    reviews = [latest_record(file, code) for code in REVIEWS]
    reasons = [reason for level, review in enumerate(reviews, start=1) if (reason := missing(level, review))]
    if reasons:
        return Eligibility(reasons, None)
    first, second = (review for review in reviews if review)
    if same_reviewer(first, second):
        reasons.append(
            RuleViolation(
                "Both levels of the portfolio review name %(name)s. Record the second level by another reviewer.",
                name=first.verified_by,
            )
        )
    until = approved_until(first, second, policy)
    if at.date() > until:
        reasons.append(
            RuleViolation(
                "The approval to sit ended on %(day)s. Have the portfolio looked at again and record the new review.",
                day=until,
            )
        )
    return Eligibility(reasons, until)


def missing(level: int, review: ComponentRecord | None) -> RuleViolation | None:
    if review is not None and review.state == ComponentState.MET:
        return None
    return RuleViolation(
        "Level %(level)s of the portfolio review is not recorded as met. Record it in the endorsement file.",
        level=level,
    )


def approved_until(first: ComponentRecord, second: ComponentRecord, policy: ExamPolicy) -> date:
    """The approval counts from the later review. A met review always has its day."""
    later = max(review.occurred_on for review in (first, second) if review.occurred_on)
    return later + timedelta(days=policy.eligibility_days)
