"""What candidates are told by mail, in their language.

Times stand in the zone of the examination, and in the candidate's own when their clocks differ.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from examapp.accounts.outbox import write_mail
from examapp.registration.models import Accommodation, AccommodationRequest, Registration, RequestDecision
from examapp.translation import Texts, texts_in

# Both as in the United States, whose zones have names there.
FORMATS = {
    "en": ("en_US", "EEEE, MMMM d, y, h:mm a zzz"),
    "es": ("es_US", "EEEE d 'de' MMMM 'de' y, h:mm a zzz"),
}


def registered(session: Session, registration: Registration, *, at: datetime) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _(
        "You are registered for the written examination “%(title)s”. Your registration code is %(code)s.",
        title=registration.administration.title,
        code=registration.code,
    )
    advice = _(
        "You can start at any time in this window, but everything ends when it closes. Sign in a few days before, "
        "open “My examination” and read how it works."
    )
    # A second registration after a withdrawal is another event, hence another mail.
    key = f"registered:{registration.code}:{registration.registered_at.timestamp()}"
    write(
        session, registration, _("You are registered for the written examination"),
        [body, window_text(registration, _), advice], at=at, key=key,
    )  # fmt: skip


def withdrawn(session: Session, registration: Registration, *, at: datetime) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _(
        "Your registration %(code)s for “%(title)s” is withdrawn. "
        "If you did not expect this, ask the endorsement office.",
        code=registration.code,
        title=registration.administration.title,
    )
    write(session, registration, _("Your registration is withdrawn"), [body], at=at)


def window_moved(session: Session, registration: Registration, *, at: datetime) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _("The time of “%(title)s” has changed.", title=registration.administration.title)
    write(session, registration, _("New time of your written examination"), [body, window_text(registration, _)], at=at)


def cancelled(session: Session, registration: Registration, *, at: datetime) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _(
        "“%(title)s” will not take place. The endorsement office will offer you another date.",
        title=registration.administration.title,
    )
    write(session, registration, _("Your written examination is cancelled"), [body], at=at)


def request_received(session: Session, request: AccommodationRequest, *, at: datetime) -> None:
    registration = request.registration
    _ = texts_in(registration.candidate.locale)
    locale, pattern = FORMATS[_.locale]
    zone = ZoneInfo(registration.candidate.time_zone)
    body = _("Your request for an accommodation for “%(title)s” has arrived.", title=registration.administration.title)
    due = _(
        "You will have an answer by %(time)s. Until then you can see or withdraw the request under “My examination”.",
        time=format_datetime(request.due_at, pattern, tzinfo=zone, locale=locale),
    )
    write(session, registration, _("Your request for an accommodation"), [body, due], at=at)


def request_decided(session: Session, request: AccommodationRequest, *, at: datetime) -> None:
    registration = request.registration
    _ = texts_in(registration.candidate.locale)
    title = registration.administration.title
    sentences = {
        RequestDecision.GRANTED: _("Your request for an accommodation for “%(title)s” is granted.", title=title),
        RequestDecision.PARTLY_GRANTED: _(
            "Your request for an accommodation for “%(title)s” is granted in part.", title=title
        ),
        RequestDecision.REFUSED: _("Your request for an accommodation for “%(title)s” is not granted.", title=title),
    }
    advice = _("If you have a question about this, ask the endorsement office before the examination.")
    if request.decision is not RequestDecision.REFUSED:
        advice = _("Another mail says exactly what is arranged.")
    said = [sentences[decision] for decision in [request.decision] if decision]
    note = [request.decision_note] if request.decision_note else []
    write(session, registration, _("Your request for an accommodation"), [*said, *note, advice], at=at)


def accommodation_granted(
    session: Session, registration: Registration, accommodation: Accommodation, *, at: datetime
) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _("You have been granted for “%(title)s”:", title=registration.administration.title)
    lines = [body, *(f"– {line}" for line in granted_lines(accommodation, _))]
    advice = _("The clock of the examination includes it.")
    subject = _("Accommodation for your written examination")
    write(session, registration, subject, ["\n".join(lines), advice], at=at)


def granted_lines(accommodation: Accommodation, _: Texts) -> list[str]:
    """What an accommodation gives, a line each."""
    lines = []
    if accommodation.factor > 1:
        factor = f"{accommodation.factor.normalize():f}"
        lines.append(_("%(factor)s times the usual time in each part", factor=factor))
    if accommodation.extra_minutes:
        lines.append(_("%(minutes)s minutes more in each part", minutes=accommodation.extra_minutes))
    if accommodation.break_minutes:
        lines.append(
            _(
                "%(minutes)s minutes of breaks in each part, in which you stop the clock yourself",
                minutes=accommodation.break_minutes,
            )
        )
    return [*lines, accommodation.arrangements] if accommodation.arrangements else lines


def accommodation_revoked(session: Session, registration: Registration, *, at: datetime) -> None:
    _ = texts_in(registration.candidate.locale)
    body = _(
        "The accommodation for “%(title)s” is no longer in force. "
        "If you did not expect this, ask the endorsement office.",
        title=registration.administration.title,
    )
    write(session, registration, _("Accommodation for your written examination"), [body], at=at)


def write(
    session: Session,
    registration: Registration,
    subject: str,
    paragraphs: list[str],
    *,
    at: datetime,
    key: str | None = None,
) -> None:
    greeting = texts_in(registration.candidate.locale)("Dear %(name)s,", name=registration.candidate.name)
    body = "\n\n".join([greeting, *paragraphs])
    write_mail(session, registration.candidate, subject=subject, body=body, at=at, dedupe_key=key)


def window_text(registration: Registration, _: Texts) -> str:
    """The window in the zone of the examination; in the candidate's too when their clocks differ then."""
    administration, own_zone = registration.administration, registration.candidate.time_zone
    lines = [window_line(administration.opens_at, administration.closes_at, administration.time_zone, _)]
    here, there = ZoneInfo(own_zone), ZoneInfo(administration.time_zone)
    opens_at = administration.opens_at
    if opens_at.astimezone(here).utcoffset() != opens_at.astimezone(there).utcoffset():
        line = window_line(administration.opens_at, administration.closes_at, own_zone, _)
        lines.append(_("On your clock: %(window)s", window=line))
    return "\n".join(lines)


def window_line(opens_at: datetime, closes_at: datetime, zone: str, _: Texts) -> str:
    locale, pattern = FORMATS[_.locale]
    opening, closing = (
        format_datetime(value, pattern, tzinfo=ZoneInfo(zone), locale=locale) for value in (opens_at, closes_at)
    )
    return _("It opens on %(opening)s and closes on %(closing)s.", opening=opening, closing=closing)
