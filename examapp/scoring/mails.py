"""What candidates are told when their result is released: the same letter whatever the outcome, without a score."""

from datetime import datetime

from sqlalchemy.orm import Session

from examapp.accounts.outbox import write_mail
from examapp.endorsements.models import WrittenExaminationRecord
from examapp.registration.models import Registration
from examapp.translation import texts_in


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
    where = _("Sign in and open “My results”: %(address)s", address=f"{public_url}/results/{registration.code}")
    greeting = _("Dear %(name)s,", name=candidate.name)
    text = "\n\n".join([greeting, body, where])
    write_mail(session, candidate, subject=subject, body=text, at=at, dedupe_key=f"result:{record.number}")
