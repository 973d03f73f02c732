"""The receipt of a part as PDF, for its candidate."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from babel.dates import format_date, format_datetime

from examapp.delivery.hand_in_receipt import HandInReceipt, ReceiptAnswer
from examapp.delivery.models import ClosedBy
from examapp.endorsements.signing import Signer
from examapp.translation import Texts, texts_in
from examapp.typesetting import pdf

# Pairs of question and letter beside each other.
ACROSS = 5

# As in the United States, whose zones have names there.
LOCALES = {"en": "en_US", "es": "es_US"}


def receipt_pdf(
    receipt: HandInReceipt, signer: Signer, *, locale: str, zone: tzinfo, verify_url: str, at: datetime
) -> bytes:
    _ = texts_in(locale)
    part = part_title(_, receipt.hand_in.part)
    questions = [answer for answer in receipt.answers if answer.chosen is None]
    day = format_date(at.astimezone(zone).date(), "long", locale)
    return pdf(
        "examapp.delivery",
        "documents/hand_in_receipt.typ",
        {
            "lang": locale,
            "association": _("New Mexico Association for Infant Mental Health"),
            "code": receipt.code,
            "texts": {
                "title": _("Receipt of %(part)s", part=part),
                "code": _("Hand-in code"),
                "verify": _("To check this code, open %(url)s and type it in.", url=verify_url),
                "answers": _("Your answers as they were handed in"),
                "question": _("No."),
                "letter": _("Answer"),
                "evidence": _("What proves them"),
                "footer": _("Receipt of %(part)s, printed %(day)s", part=part, day=day),
            },
            "facts": facts(_, receipt, locale, zone),
            "across": ACROSS,
            "letters": letters([answer for answer in questions if answer.is_letter]),
            "long": [[str(answer.number), answer.value or "–"] for answer in questions if not answer.is_letter],
            "essays": [essay(_, answer) for answer in receipt.answers if answer.chosen is not None],
            "evidence": [
                [_("Digest of the log"), receipt.hand_in.chain],
                [_("Exam form"), receipt.hand_in.form_sha256],
                [_("Signature"), in_lines(receipt.signature(signer).rpartition(".")[2])],
                [_("Signing key"), signer.key_id],
            ],
        },
    )


def part_title(_: Texts, code: str) -> str:
    return {"part_one": _("Part One"), "part_two": _("Part Two")}.get(code, code)


def in_lines(signature: str) -> str:
    """A signature has no place where a line could break."""
    half = len(signature) // 2
    return f"{signature[:half]} {signature[half:]}"


def facts(_: Texts, receipt: HandInReceipt, locale: str, zone: tzinfo) -> list[list[str]]:
    hand_in = receipt.hand_in
    closers = {
        ClosedBy.CANDIDATE: _("by yourself"),
        ClosedBy.DEADLINE: _("by the end of the time"),
        ClosedBy.STAFF: _("by the proctor"),
    }
    return [
        [_("Candidate"), receipt.candidate],
        [_("Registration"), hand_in.registration],
        [_("Administration"), receipt.administration],
        [_("Started"), format_datetime(hand_in.started_at, "long", zone, LOCALES[_.locale])],
        [
            _("Handed in"),
            f"{format_datetime(hand_in.closed_at, 'long', zone, LOCALES[_.locale])}, {closers[hand_in.closed_by]}",
        ],
        [_("Changes saved"), str(hand_in.events)],
    ]


def letters(answers: Sequence[ReceiptAnswer]) -> list[list[str]]:
    """The rows of a table that is read down its columns."""
    height = -(-len(answers) // ACROSS)
    cells = [[str(answer.number), answer.value or "–"] for answer in answers]
    cells += [["", ""]] * (height * ACROSS - len(cells))
    return [[text for cell in cells[row::height] for text in cell] for row in range(height)]


def essay(_: Texts, answer: ReceiptAnswer) -> dict[str, object]:
    words = len(answer.value.split())
    note = _("chosen by you") if answer.chosen else _("not chosen")
    length = _("%(words)s words", words=words)
    return {
        "title": _("Essay %(number)s", number=answer.number),
        "note": f"{note}, {length}",
        "lines": [line.strip() for line in answer.value.splitlines()] if words else ["–"],
    }
