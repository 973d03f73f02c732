"""What a candidate takes home of a part: their own answers, the times, and what proves them. Nothing of the exam.

A question is its number and the letters that were chosen, or the words that were typed; an essay is the candidate's own
text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from examapp.delivery.hand_in import HandIn, code_of, hand_in_of
from examapp.delivery.models import AttemptPart
from examapp.delivery.numbering import Numbering, numbering_of
from examapp.delivery.part_content import PartContent
from examapp.delivery.responses import PartResponses, logged_responses_of
from examapp.endorsements.signing import Signer

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ReceiptAnswer:
    """One answer as the candidate knows it."""

    # As on the page, counted from 1.
    number: int
    # The letters chosen, or the text written; "" for none.
    value: str
    # Of an essay: whether it is among those to be read. None for a question.
    chosen: bool | None = None
    # Of a question: whether one letter says it.
    is_letter: bool = True


@dataclass(frozen=True)
class HandInReceipt:
    hand_in: HandIn
    code: str
    candidate: str
    administration: str
    answers: list[ReceiptAnswer]

    @property
    def content(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "schema_version": SCHEMA_VERSION,
            "hand_in_code": self.code,
            "candidate": self.candidate,
            "administration": self.administration,
            **self.hand_in.statement,
            "answers": [answer_content(answer) for answer in self.answers],
        }

    def signature(self, signer: Signer) -> str:
        """A detached JWS (RFC 7515, appendix F) over the canonical JSON of the content."""
        header, _, signature = signer.sign(self.content).split(".")
        return f"{header}..{signature}"


def answer_content(answer: ReceiptAnswer) -> dict[str, Any]:
    if answer.chosen is None:
        return {"question": answer.number, "answer": answer.value}
    return {"essay": answer.number, "chosen": answer.chosen, "text": answer.value}


def receipt_of(session: Session, part: AttemptPart, content: PartContent, signer: Signer) -> HandInReceipt | None:
    """The receipt of a part; None while it is open, and on an installation that has no key yet."""
    hand_in, code = hand_in_of(part), code_of(part, signer)
    if hand_in is None or code is None:
        return None
    registration, responses = part.attempt.registration, logged_responses_of(session, [part.id])[part.id]
    numbering = numbering_of(registration, content)
    answers = [*answered_questions(numbering, responses), *essays(numbering, content, responses)]
    return HandInReceipt(hand_in, code, registration.candidate.name, registration.administration.title, answers)


def answered_questions(numbering: Numbering, responses: PartResponses) -> Iterable[ReceiptAnswer]:
    for item, question in numbering.questions.items():
        answer = numbering.shown(item, responses.answers.get(item, ""))
        yield ReceiptAnswer(numbering.numbers[item], answer, is_letter=not question.typed_as)


def essays(numbering: Numbering, content: PartContent, responses: PartResponses) -> Iterable[ReceiptAnswer]:
    offered = [(essay.code, group.compulsory) for group in content.groups for essay in group.essays]
    for code, compulsory in offered:
        chosen = compulsory or code in responses.chosen
        yield ReceiptAnswer(numbering.numbers[code], responses.answers.get(code, ""), chosen)
