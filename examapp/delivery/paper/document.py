"""The paper edition as PDF: cover, questions, answer sheet. Of keys, rationales and marks it knows nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from examapp.delivery.hand_in_document import LOCALES, part_title
from examapp.delivery.numbering import OPTION_LETTERS
from examapp.delivery.paper.edition import PaperEdition
from examapp.delivery.part_content import EssayGroup
from examapp.printed_text import blocks, line
from examapp.translation import Texts, texts_in
from examapp.typesetting import pdf
from question_bank.framework import Framework
from question_bank.sealed_documents import Asked, SealedEssay

# So much of a digest tells forms apart for people.
DIGITS_OF_FORM = 12


def paper_pdf(
    edition: PaperEdition, framework: Framework, locale: str, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> bytes:
    """The booklet, with the words around the questions in this language."""
    _ = texts_in(locale)
    return pdf(
        "examapp.delivery",
        "documents/paper_edition.typ",
        {
            "lang": locale,
            "content_lang": edition.language,
            "size": edition.size,
            "association": _("New Mexico Association for Infant Mental Health"),
            "title": part_title(_, edition.rules.code),
            "administration": edition.administration.title,
            "code": edition.registration.code if edition.registration else "",
            "form": edition.administration.form_sha256[:DIGITS_OF_FORM],
            "texts": texts(_),
            "facts": facts(_, edition, framework),
            "instructions": instructions(_, edition),
            **questions(_, edition),
        },
        pictures,
    )


def texts(_: Texts) -> dict[str, str]:
    return {
        "instructions": _("Instructions"),
        "honour": _("Honour statement"),
        "promise": _(
            "I am the person registered for this examination. I work alone: without another person, without notes, "
            "books or other programs. I do not copy, keep or pass on anything of the questions, during the "
            "examination or after it. I know that the examination may be declared void if I break this promise."
        ),
        "signature": _("Signature"),
        "questions": _("Questions"),
        "vignettes": _("Vignettes"),
        "sheet": _("Answer sheet"),
        "code": _("Registration"),
        "started": _("Started, day and time"),
        "ended": _("Ended, day and time"),
        "form": _("Form"),
        "page": _("page"),
    }


def facts(_: Texts, edition: PaperEdition, framework: Framework) -> list[list[str]]:
    track, administration = framework.track_title(edition.track), edition.administration
    level = _("Level %(level)s", level=edition.level)
    minutes = _("%(minutes)s minutes", minutes=edition.minutes)
    breaks = [_("%(minutes)s minutes", minutes=edition.break_minutes)] if edition.break_minutes else []
    return [
        [_("Examination"), administration.title],
        [_("Level"), f"{level}, {_.of_rules(track)}" if track else level],
        [_("Your time"), minutes],
        *([_("Breaks"), words] for words in breaks),
        [_("Not after"), moment(_, administration.closes_at, administration.time_zone)],
        [_("Exam form"), administration.form_sha256[:DIGITS_OF_FORM]],
        [_("Registration"), edition.registration.code if edition.registration else ""],
    ]


def moment(_: Texts, at: datetime, zone: str) -> str:
    return format_datetime(at, "long", ZoneInfo(zone), LOCALES[_.locale])


def instructions(_: Texts, edition: PaperEdition) -> list[str]:
    answering = (
        [
            _("Fill in one circle on the answer sheet for each question."),
            _("To change an answer, cross the circle out and fill in another one."),
            *other_ways(_, edition),
        ]
        if edition.content.items
        else [
            _("Write your answers on the lined pages at the end. Say on each page which vignette it answers."),
            _("If there is not enough room, ask for more paper and write the number of the vignette on it."),
        ]
    )
    return [
        _("Do not open the booklet before the proctor tells you to."),
        _("The proctor writes on the answer sheet when you begin and when you end."),
        *answering,
        _("Only the answer sheet is read. You may write in the booklet, but nothing in it counts."),
        _("Give everything back at the end, the booklet too."),
    ]


def other_ways(_: Texts, edition: PaperEdition) -> list[str]:
    """How questions are answered that have not one circle; nothing where every one has."""
    if not any(item.question.typed_as for item in edition.content.items):
        return []
    return [
        _("Where a question says that several answers may be right, fill in every circle that is."),
        _("Where there are lines instead of circles, write the letter, or your words, on the line."),
    ]


# The questions, and the sheet to answer them on


def questions(_: Texts, edition: PaperEdition) -> dict[str, Any]:
    content = edition.content
    numbers = count(1)
    items = [
        {
            "number": next(numbers),
            # Printed once, before the first question about it.
            "stimulus": blocks(edition.said(item.code, "stimulus", item.stimulus)) if begins else [],
            "stem": blocks(edition.said(item.code, "stem", item.stem)),
            "asks": _(item.question.asks) if item.question.asks else "",
            "lines": [
                [str(place), line(edition.said(item.code, premise.id, premise.text))]
                for place, premise in enumerate(item.premises, start=1)
            ],
            "options": [
                [letter, line(edition.said(item.code, option.id, option.text))]
                for letter, option in zip(OPTION_LETTERS, edition.options(item), strict=False)
            ],
        }
        for begins, item in zip(begins_vignette(content.items), content.items, strict=True)
    ]
    groups = [vignettes(_, edition, group, numbers) for group in content.groups]
    return {"items": items, "groups": groups, "essays": [page for group in groups for page in group["pages"]]}


def begins_vignette(asked: Sequence[Asked]) -> list[bool]:
    """For each question, or essay, whether it has a vignette that is not that of the one before."""
    before = ["", *(one.stimulus for one in asked)]
    return [bool(one.stimulus) and one.stimulus != last for last, one in zip(before, asked, strict=False)]


def vignettes(_: Texts, edition: PaperEdition, group: EssayGroup, numbers: "count[int]") -> dict[str, Any]:
    """The vignettes of a slot group, and a set of lined pages for each answer that is asked for."""
    essays = [
        essay_printed(_, edition, essay, next(numbers), begins=begins)
        for begins, essay in zip(begins_vignette(group.essays), group.essays, strict=True)
    ]
    choose = min(group.group.choose, len(essays))
    rule = (
        _("Everybody answers this one.")
        if group.compulsory
        else _("Answer %(choose)s of these %(offered)s.", choose=choose, offered=len(essays))
    )
    titles = [[essay["number"], essay["title"]] for essay in essays]
    pages = [[title] for title in titles] if group.compulsory else [titles] * choose
    return {"title": _.of_rules(group.group.title), "rule": rule, "essays": essays, "pages": pages}


def essay_printed(_: Texts, edition: PaperEdition, essay: SealedEssay, number: int, *, begins: bool) -> dict[str, Any]:
    """Its vignette is printed once, before the first prompt about it, and says to which prompts it belongs."""
    together = list(edition.content.told_together(essay))
    belongs = ""
    if begins and together:
        belongs = _("This text belongs to the prompts %(first)s to %(last)s.", first=together[0], last=together[-1])
    return {
        "number": _("Prompt %(number)s", number=number) if together else _("Vignette %(number)s", number=number),
        "title": edition.said(essay.code, "title", essay.title),
        "belongs": belongs,
        "stimulus": blocks(edition.said(essay.code, "stimulus", essay.stimulus)) if begins else [],
        "prompt": blocks(edition.said(essay.code, "prompt", essay.prompt)),
    }
