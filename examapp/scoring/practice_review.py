"""What a candidate looks at after practising a part: their answers beside the keys and reasons, or the rubrics.

Keys are shown for a practice only, whose form holds nothing but samples, and only once the part is closed.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.delivery.models import AttemptPart
from examapp.delivery.part_content import PartContent, content_of
from examapp.delivery.responses import responses_of
from examapp.scoring.marking import stored
from question_bank.exam_forms import key_document, newest_key, sealed_document
from question_bank.items import Item, ItemVersion
from question_bank.sealed_documents import KeyDocument, SealedItem


@dataclass(frozen=True)
class PracticeReview:
    content: PartContent
    # By item or essay code, as the log keeps it.
    answers: dict[str, str]
    keys: KeyDocument
    # By item code, why the key is best.
    rationales: dict[str, str]

    def mark(self, item: SealedItem) -> Decimal:
        return stored(self.keys.items[item.code].mark(self.answers.get(item.code, "")))

    @property
    def counted(self) -> list[SealedItem]:
        """The questions that are not only tried out."""
        return [item for item in self.content.items if not self.keys.items[item.code].pretest]

    @property
    def right(self) -> int:
        return sum(self.mark(item) == 1 for item in self.counted)

    @property
    def marks(self) -> Decimal:
        return sum(map(self.mark, self.counted), Decimal())


def is_shown(part: AttemptPart) -> bool:
    """Whether the keys of this part may be seen by its candidate."""
    registration = part.attempt.registration
    practised = registration.practice_round > 0 and registration.administration.practice
    return practised and part.closed_at is not None


def review_of(session: Session, part: AttemptPart) -> PracticeReview:
    """The whole part, as it was given."""
    registration, form = part.attempt.registration, sealed_document(session, part.attempt.form_sha256)
    content = content_of(form, part.part, registration.level, registration.track)
    return PracticeReview(
        content=content,
        answers=responses_of(session, [part.id])[part.id].answers,
        keys=key_document(newest_key(session, part.attempt.form_sha256)),
        rationales=rationales_of(session, content.items),
    )


def rationales_of(session: Session, items: list[SealedItem]) -> dict[str, str]:
    """Of the very versions that were sealed: their texts are fixed since they were submitted for review."""
    numbers = {item.code: item.version for item in items}
    rows = session.execute(
        select(Item.code, ItemVersion.number, ItemVersion.rationale)
        .join(ItemVersion.item)
        .where(Item.code.in_(numbers))
    )
    return {code: rationale for code, number, rationale in rows if numbers[code] == number}
