"""A part on paper: the same sealed form as on the screen, whose it is, and how long they may write.

Who prints is audited with the administration: whoever has read a form does not sit it (registration/insiders.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from examapp.delivery.clock import allowance
from examapp.delivery.option_order import option_order
from examapp.delivery.part_content import PartContent, content_of
from examapp.delivery.time_ledger import extra_seconds
from examapp.registration.models import Administration, Registration
from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_forms import sealed_document
from question_bank.exam_policy import PartRules, policy_of
from question_bank.item_kinds import Option
from question_bank.sealed_documents import LANGUAGE, SealedItem


class PrintSize(StrEnum):
    NORMAL = "normal"
    LARGE = "large"


@dataclass(frozen=True)
class PaperEdition:
    """One booklet: of one candidate, or a blank one for a level and track."""

    administration: Administration
    registration: Registration | None
    rules: PartRules
    level: int
    track: str
    content: PartContent
    size: PrintSize
    # Of the questions: a booklet has no switch.
    language: str

    @property
    def minutes(self) -> int:
        extra = extra_seconds(self.registration, self.rules.minutes) if self.registration else 0
        return (allowance(self.rules.minutes) + extra) // 60

    @property
    def break_minutes(self) -> int:
        granted = self.registration.accommodation if self.registration else None
        return granted.break_minutes if granted else 0

    def said(self, code: str, place: str, text: str) -> str:
        """A text of an item or essay in the language of this booklet."""
        return dict(self.content.said(code, place, text))[self.language]

    def options(self, item: SealedItem) -> list[Option]:
        """In the order of this candidate, so that the letters are those of the page."""
        if self.registration is None or not self.administration.shuffle_options:
            return item.options
        order = option_order(self.registration.code, item)
        return sorted(item.options, key=lambda option: order.index(option.id))


def edition_of(
    session: Session, registration: Registration, part: str, size: PrintSize, language: str = LANGUAGE
) -> PaperEdition:
    """The booklet of one candidate."""
    if not registration.active:
        raise RuleViolation("This registration is no longer in force.")
    if part not in registration.parts:
        raise RuleViolation("%(name)s does not take this part.", name=registration.candidate.name)
    rules = policy_of(registration.policy).part(part)
    level, track = registration.level, registration.track
    content = content_for(session, registration.administration, part, level, track, language)
    return PaperEdition(registration.administration, registration, rules, level, track, content, size, language)


def blank_edition(
    session: Session,
    administration: Administration,
    part: str,
    level: int,
    track: str,
    size: PrintSize,
    language: str = LANGUAGE,
) -> PaperEdition:
    """A booklet for anybody of a level and track, who writes their registration code on it."""
    if administration.shuffle_options:
        raise RuleViolation("Here each candidate has options in an order of their own. Print a copy for each of them.")
    rules = policy_of(administration.policy).part(part)
    content = content_for(session, administration, part, level, track, language)
    return PaperEdition(administration, None, rules, level, track, content, size, language)


def content_for(
    session: Session, administration: Administration, part: str, level: int, track: str, language: str
) -> PartContent:
    content = content_of(sealed_document(session, administration.form_sha256), part, level, track)
    if not content.codes:
        raise RuleViolation("The form has nothing for this part at this level and track.")
    if language not in content.languages:
        raise RuleViolation("Not all of this part is in this language. Print it in English.")
    return content


def note_printing(session: Session, edition: PaperEdition, *, by: int, at: datetime) -> None:
    """Who prints a form is written down; once the window is over nobody does."""
    administration, registration = edition.administration, edition.registration
    if administration.cancelled_at or at >= administration.closes_at:
        raise RuleViolation("The examination is over, so nothing is printed any more.")
    audit.record(
        session, "paper.printed", "administration", administration.id, by=by, at=at,
        part=edition.rules.code, size=edition.size, language=edition.language, level=edition.level, track=edition.track,
        registration=registration.code if registration else "",
    )  # fmt: skip
    session.flush()
