"""Sealing a form, and reading what was sealed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank import audit
from question_bank.errors import RuleViolation
from question_bank.exam_forms.checks import problems_of
from question_bank.exam_forms.composition import question_of, spanish_of
from question_bank.exam_forms.models import ExamForm, FormEntry, FormKey, SealedForm, refuse_sealed
from question_bank.exam_policy import policy_of
from question_bank.item_kinds import Essay
from question_bank.items import ItemVersion, ReviewState
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
from question_bank.translations import SPANISH

# Sealed documents by digest. A document of a given digest never changes, so it stays for the life of the process.
documents: dict[str, SealedDocument] = {}


def seal(session: Session, form: ExamForm, *, by: int, at: datetime) -> SealedForm:
    """Freeze the form: its document under its digest, and version 1 of its keys."""
    refuse_sealed(form)
    problems = problems_of(session, form)
    if problems:
        raise RuleViolation("This form cannot be sealed yet. %(problems)s", problems=" ".join(map(str, problems)))
    text = canonical_json(document_of(form).model_dump(mode="json"))
    sealed = SealedForm(sha256=sha256_of(text), document=text, sealed_at=at)
    session.add(sealed)
    session.flush()
    keys = keys_of(form).model_dump(mode="json")
    session.add(
        FormKey(form_sha256=sealed.sha256, version=1, keys=keys, reason="As sealed.", created_at=at, created_by_id=by)
    )
    form.sealed_sha256, form.sealed_at, form.sealed_by_id = sealed.sha256, at, by
    session.flush()
    audit.record(
        session, "exam_form.sealed", "exam_form", form.id, by=by, at=at, title=form.title, sha256=sealed.sha256
    )
    return sealed


def document_of(form: ExamForm) -> SealedDocument:
    """What candidates would see of the form as it stands."""
    groups = [
        SealedSlotGroup(
            code=group.code,
            level=group.level,
            track=group.track,
            title=group.title,
            choose=group.choose,
            essays=[entry.item_version.item.code for entry in form.slot_group(group.code)],
        )
        for group in policy_of(form.policy).slot_groups
    ]
    translations = translations_of(form)
    return SealedDocument(
        schema_version=2 if translations else 1,
        title=form.title,
        purpose=form.purpose,
        part_one=[sealed_item(entry.item_version) for entry in form.part_one],
        slot_groups=groups,
        essays={v.item.code: sealed_essay(v) for v in essay_versions(form)},
        translations={SPANISH: translations} if translations else {},
    )


def translations_of(form: ExamForm) -> dict[str, dict[str, str]]:
    """The Spanish of every item and vignette that has it whole and up to date, by code."""
    versions = [entry.item_version for entry in form.entries]
    return {version.item.code: texts for version in versions if (texts := spanish_of(version))}


def sealed_item(version: ItemVersion) -> SealedItem:
    content = question_of(version)
    return SealedItem(
        code=version.item.code,
        version=version.number,
        kind=version.item.kind,
        stem=content.stem,
        options=content.offered(),
        premises=content.premises_offered(),
        stimulus=content.stimulus,
    )


def sealed_essay(version: ItemVersion) -> SealedEssay:
    content = Essay.model_validate(version.content)
    return SealedEssay(
        code=version.item.code,
        version=version.number,
        title=version.title,
        stimulus=content.stimulus,
        prompt=content.prompt,
    )


def essay_versions(form: ExamForm) -> list[ItemVersion]:
    return [entry.item_version for entry in form.entries if entry.slot_group]


def keys_of(form: ExamForm) -> KeyDocument:
    return KeyDocument(
        items={entry.item_version.item.code: item_key(entry) for entry in form.part_one},
        essays={
            version.item.code: EssayKey(rubric=Essay.model_validate(version.content).rubric, area=version.area or "")
            for version in essay_versions(form)
        },
    )


def item_key(entry: FormEntry) -> ItemKey:
    version = entry.item_version
    content = question_of(version)
    return ItemKey(
        kind=version.item.kind,
        key=content.key_text(),
        rule=content.rule,
        area=version.area or "",
        terms=version.terms,
        pretest=version.state is ReviewState.PRETEST,
    )


def sealed_document(session: Session, sha256: str) -> SealedDocument:
    """What candidates see of a sealed form. Read from the database once a process, then from memory."""
    if sha256 not in documents:
        text = session.get_one(SealedForm, sha256).document
        if sha256_of(text) != sha256:
            raise ValueError(f"The sealed form {sha256} is not what its digest says: the database was tampered with.")
        documents[sha256] = SealedDocument.model_validate_json(text)
    return documents[sha256]


def newest_key(session: Session, sha256: str) -> FormKey:
    """The keys that apply now: the latest version."""
    return session.scalars(
        select(FormKey).where(FormKey.form_sha256 == sha256).order_by(FormKey.version.desc()).limit(1)
    ).one()


def newest_keys(session: Session, sha256s: Collection[str]) -> dict[str, FormKey]:
    """The same for each of these forms."""
    keys = session.scalars(select(FormKey).where(FormKey.form_sha256.in_(sha256s)).order_by(FormKey.version))
    return {key.form_sha256: key for key in keys}


def key_document(form_key: FormKey) -> KeyDocument:
    return KeyDocument.model_validate(form_key.keys)
