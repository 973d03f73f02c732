"""Short ways to what an examination needs before it begins. Everything is a real row; nothing is committed here."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from examapp.accounts.models import User
from examapp.delivery import attempts
from examapp.delivery.models import AttemptPart
from examapp.delivery.tokens import Ticket
from examapp.endorsements import requirements
from examapp.endorsements.models import EndorsementFile
from examapp.registration.models import Administration, Registration
from examapp.registration.practice import open_practice
from question_bank import exam_policy
from question_bank.exam_forms import FormKey, SealedForm
from question_bank.exam_policy import ExamPolicy
from question_bank.item_kinds import (
    QUESTIONS,
    MarkingRule,
    Option,
    Premise,
    Rubric,
    RubricDimension,
    RubricLevel,
)
from question_bank.items import ItemKind
from question_bank.rule_documents import canonical_json, sha256_of
from question_bank.sealed_documents import (
    EssayKey,
    ItemKey,
    KeyDocument,
    SealedDocument,
    SealedEssay,
    SealedItem,
    SealedSlotGroup,
)

# (code, level, track, choose, essays): Level 3 answers two of three; Level 4 Clinical one compulsory and one of two.
Groups = tuple[tuple[str, int, str | None, int, list[str]], ...]
GROUPS: Groups = (
    ("l3-clinical", 3, None, 2, ["RFV-0001", "RFV-0002", "RFV-0003"]),
    ("l4-clinical-supervisory", 4, "clinical", 1, ["RFV-0004"]),
    ("l4-clinical-clinical", 4, "clinical", 1, ["RFV-0001", "RFV-0002"]),
)


def sealed_item(number: int) -> SealedItem:
    options = [Option(id=letter, text=f"Answer {letter} to question {number}") for letter in "abcd"]
    stem = f"A family of four visits for the {number}. time. What does the specialist do first?"
    return SealedItem(code=f"TF-{number:04}", version=1, kind="single_best_answer", stem=stem, options=options)


def sealed_essay(code: str) -> SealedEssay:
    return SealedEssay(
        code=code,
        version=1,
        title=f"Vignette {code}",
        stimulus=f"Ana brings her daughter, ten months old, to the visit.\n\nThis is the vignette {code}.",
        prompt="What do you notice, and what would you do next?",
    )


def sealed_form(
    db: Session, at: datetime, *, items: int = 4, title: str = "Spring form", groups: Groups = GROUPS,
    spanish: bool = False, first: int = 1, purpose: str = "exam", together: Sequence[str] = (),
) -> SealedForm:  # fmt: skip
    """A sealed form of a few items and four vignettes; the key of every item is "b".

    The essays that stand ``together`` are about the vignette of the first of them.
    """
    essays = sorted({code for *_, codes in groups for code in codes})
    document = SealedDocument(
        schema_version=1,
        title=title,
        purpose=purpose,
        part_one=[sealed_item(number) for number in range(first, first + items)],
        slot_groups=[
            SealedSlotGroup(code=code, level=level, track=track, title="Vignettes", choose=choose, essays=codes)
            for code, level, track, choose, codes in groups
        ],
        essays={code: sealed_essay(code) for code in essays},
    )
    for code in together:
        document.essays[code] = document.essays[code].model_copy(
            update={"stimulus": document.essays[together[0]].stimulus}
        )
    keys = {item.code: ItemKey(key="b", area="theoretical-foundations", terms=[]) for item in document.part_one}
    return sealed(db, at, document, keys, spanish=spanish)


def sealed(
    db: Session, at: datetime, document: SealedDocument, items: dict[str, ItemKey], *, spanish: bool = False
) -> SealedForm:
    """This document as a sealed form with these keys of its questions."""
    if spanish:
        document = document.model_copy(update={"schema_version": 2, "translations": {"es": in_spanish(document)}})
    text = canonical_json(document.model_dump(mode="json"))
    form = db.get(SealedForm, sha256_of(text))
    if form:
        return form
    form = SealedForm(sha256=sha256_of(text), document=text, sealed_at=at)
    db.add(form)
    db.flush()
    keys = KeyDocument(
        items=items,
        essays={code: EssayKey(rubric=rubric(), area="reflection") for code in document.essays},
    )
    db.add(
        FormKey(form_sha256=form.sha256, version=1, keys=keys.model_dump(mode="json"), reason="Test.", created_at=at)
    )
    db.flush()
    return form


# One question of each kind, with its key and how it is marked.
KINDS: dict[ItemKind, tuple[str, MarkingRule]] = {
    ItemKind.SINGLE_BEST_ANSWER: ("b", MarkingRule.ALL_OR_NOTHING),
    ItemKind.MULTIPLE_RESPONSE: ("a,c", MarkingRule.PARTIAL),
    ItemKind.TRUE_FALSE: ("a", MarkingRule.ALL_OR_NOTHING),
    ItemKind.MATCHING: ("1:b,2:a,3:b", MarkingRule.PARTIAL),
    ItemKind.SHORT_TEXT: ("Serve and return\nDar y recibir", MarkingRule.ALL_OR_NOTHING),
}


def form_of_every_kind(
    db: Session, at: datetime, *, spanish: bool = False, purpose: str = "exam", groups: Groups = GROUPS
) -> SealedForm:
    """A sealed form of five questions, one of each kind in the order of ``KINDS``: TF-0001 to TF-0005."""
    whole = SealedDocument.model_validate_json(sealed_form(db, at, items=5, purpose=purpose, groups=groups).document)
    items = [of_kind(item, kind) for item, kind in zip(whole.part_one, KINDS, strict=True)]
    document = whole.model_copy(update={"title": "Form of every kind", "part_one": items})
    keys = {
        item.code: ItemKey(kind=kind, key=key, rule=rule, area="theoretical-foundations", terms=[])
        for item, (kind, (key, rule)) in zip(items, KINDS.items(), strict=True)
    }
    return sealed(db, at, document, keys, spanish=spanish)


def of_kind(item: SealedItem, kind: ItemKind) -> SealedItem:
    """The same question as one of another kind."""
    question = QUESTIONS[kind]
    fixed = [Option(id=id_, text=text) for id_, text in question.fixed_texts.get("en", {}).items()]
    options = [] if kind is ItemKind.SHORT_TEXT else fixed or item.options
    lines = [Premise(id=id_, text=f"Line {id_}") for id_ in "123"] if kind is ItemKind.MATCHING else []
    return item.model_copy(update={"kind": kind, "options": options, "premises": lines})


def practice_form(db: Session, at: datetime) -> SealedForm:
    """A practice form of four items and the vignettes of Level 3; it shares nothing with the other forms."""
    groups = (("l3-clinical", 3, None, 2, ["RFV-0901", "RFV-0902", "RFV-0903"]),)
    return sealed_form(db, at, title="Practice form", groups=groups, first=901, purpose="practice")


def in_spanish(document: SealedDocument) -> dict[str, dict[str, str]]:
    """Every text of a form after "ES: ", by code and place."""
    texts = {
        item.code: {**item.asked, **{o.id: o.text for o in item.options}, **{p.id: p.text for p in item.premises}}
        for item in document.part_one
    }
    for code, essay in document.essays.items():
        texts[code] = {"title": essay.title, "stimulus": essay.stimulus, "prompt": essay.prompt}
    return {code: {place: f"ES: {text}" for place, text in of.items()} for code, of in texts.items()}


def whole_form(db: Session, at: datetime, *, policy: ExamPolicy | None = None, title: str = "Whole form") -> SealedForm:
    """A sealed form that follows an exam policy, the shipped one unless another is given."""
    policy = policy or exam_policy.default_exam_policy()
    numbers = {slot: place * 10 for place, slot in enumerate(sorted({group.slot for group in policy.slot_groups}))}
    groups = tuple(
        (g.code, g.level, g.track, g.choose, [f"RFV-{numbers[g.slot] + n:04}" for n in range(1, g.offered + 1)])
        for g in policy.slot_groups
    )
    items = sum(part.item_count or 0 for part in policy.parts)
    return sealed_form(db, at, items=items, title=title, groups=groups)


def rubric() -> Rubric:
    """Two dimensions of four levels."""
    titles = ("Missing", "Beginning", "Competent", "Strong")
    levels = [RubricLevel(level=n, title=title, descriptor=title) for n, title in enumerate(titles, start=1)]
    return Rubric(dimensions=[RubricDimension(code=c, title=c.title(), levels=levels) for c in ("insight", "planning")])


def administration(db: Session, at: datetime, by: User, **values: Any) -> Administration:
    """An administration whose window opened an hour ago and closes in eight hours."""
    made = Administration(
        **{
            "title": f"Administration {secrets.token_hex(3)}",
            "opens_at": at - timedelta(hours=1),
            "closes_at": at + timedelta(hours=8),
            "time_zone": "America/Denver",
            "form_sha256": values.pop("form_sha256", None) or sealed_form(db, at).sha256,
            "policy_id": exam_policy.load_default(db, at=at).id,
            "created_at": at,
            "created_by_id": by.id,
            **values,
        }
    )
    db.add(made)
    db.flush()
    return made


def practice(db: Session, at: datetime, by: User, **values: Any) -> Administration:
    """A practice examination that opened an hour ago, for a year."""
    exam_policy.load_default(db, at=at)
    begun = at - timedelta(hours=1)
    usual = {"title": "Try it first", "time_zone": "America/Denver", "closes_at": at + timedelta(days=365)}
    form = values.pop("form_sha256", None) or practice_form(db, at).sha256
    return open_practice(db, **{**usual, **values}, form_sha256=form, by=by.id, at=begun)


def registration(db: Session, at: datetime, candidate: User, given: Administration, **values: Any) -> Registration:
    """A registration at Level 3 for both parts, with an endorsement file of its own."""
    level, track = values.pop("level", 3), values.pop("track", "")
    file = EndorsementFile(
        number=f"EF-{secrets.token_hex(4)}",
        user_id=candidate.id,
        level=level,
        track=track,
        requirements_id=requirements.load_default(db, at=at).id,
        opened_at=at,
    )
    db.add(file)
    db.flush()
    made = Registration(
        **{
            "code": f"R-{secrets.token_hex(3).upper()}",
            "administration": given,
            "candidate": candidate,
            "file": file,
            "level": level,
            "track": track,
            "policy_id": given.policy_id,
            "parts": [exam_policy.PART_ONE, exam_policy.PART_TWO],
            "registered_at": at - timedelta(days=30),
            "registered_by_id": given.created_by_id,
            **values,
        }
    )
    db.add(made)
    db.flush()
    return made


def started_part(db: Session, at: datetime, sitting: Registration, code: str = exam_policy.PART_ONE) -> AttemptPart:
    """The honour statement accepted and the part started."""
    return attempts.start_part(db, sitting, code, at=at, accepts_honour=True)


def ticket(part: AttemptPart) -> Ticket:
    """What the attempt token of the tab that holds the lease says."""
    sitting = part.attempt.registration
    return Ticket(
        part.id, part.lease_epoch, part.lease_holder, part.attempt.form_sha256, part.part, sitting.level, sitting.track
    )
