"""Exam forms: drafted, checked, changed, sealed for ever."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank import exam_forms
from question_bank.assembly import Missing
from question_bank.audit import AuditEvent
from question_bank.errors import RuleViolation
from question_bank.exam_forms import ExamForm, FormEntry, FormKey, FormPurpose, NotEnoughItems, SealedForm
from question_bank.exam_forms.sealing import documents
from question_bank.items import ItemVersion, ReviewState
from question_bank.rule_documents import canonical_json, sha256_of
from tests.bank import Bank
from tests.drafted_forms import codes, draft, sentences


def sealed(db: Session, bank: Bank) -> SealedForm:
    bank.fill()
    return exam_forms.seal(db, draft(db, bank), by=bank.author_id, at=bank.at)


def test_a_draft_follows_blueprint_and_policy(db: Session, bank: Bank) -> None:
    bank.fill()
    form = draft(db, bank)
    assert len(form.part_one) == 60
    assert len(form.slot_group("l3-clinical")) == 3
    assert sentences(db, form) == []


def test_groups_share_vignettes_where_level_and_track_fit(db: Session, bank: Bank) -> None:
    bank.fill(forms=2)
    form = draft(db, bank)
    of_level_3 = {entry.item_version_id for entry in form.slot_group("l3-clinical")}
    assert {entry.item_version_id for entry in form.slot_group("l4-clinical-clinical")} <= of_level_3


def test_a_vignette_for_another_track_is_not_drawn(db: Session, bank: Bank) -> None:
    bank.fill()
    faculty_only = bank.vignette("policy", levels=[4], tracks=["research_faculty"])
    assert faculty_only.item.code not in codes(draft(db, bank))


def test_the_same_seed_drafts_the_same_form(db: Session, bank: Bank) -> None:
    bank.fill(forms=2)
    first, second = draft(db, bank, "A", seed=4), draft(db, bank, "B", seed=4)
    assert [e.item_version_id for e in first.entries] == [e.item_version_id for e in second.entries]
    assert exam_forms.shared_with(db, second) == {"A": len(codes(first))}


def test_forms_that_must_differ_share_nothing(db: Session, bank: Bank) -> None:
    bank.fill(forms=2)
    first = draft(db, bank, "A")
    second = draft(db, bank, "B", differ_from=[first])
    assert not codes(first) & codes(second)
    assert exam_forms.shared_with(db, second) == {}
    assert sentences(db, second) == []


def test_a_bank_that_is_too_small_is_told_in_words(db: Session, bank: Bank) -> None:
    for number in range(14):
        bank.item("direct-service-skills", "observation", key="abcd"[number % 4])
    with pytest.raises(NotEnoughItems) as refused:
        draft(db, bank)
    assert Missing("direct-service-skills", "", needed=16, in_use=14, excluded=0) in refused.value.missing
    assert Missing("direct-service-skills", "safety", needed=1, in_use=0, excluded=0) in refused.value.missing


def test_items_taken_by_the_other_form_are_named_in_the_shortage(db: Session, bank: Bank) -> None:
    bank.fill()
    with pytest.raises(NotEnoughItems, match="cannot fill this blueprint") as refused:
        draft(db, bank, "B", differ_from=[draft(db, bank, "A")])
    assert Missing("thinking", "", needed=3, in_use=3, excluded=3) in refused.value.missing


def test_a_missing_vignette_keeps_the_form_from_being_sealed(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    for entry in form.slot_group("l4-faculty-research"):
        form.entries.remove(entry)
    assert sentences(db, form) == ["Level 4, Research Faculty, Research prompt: 1 needed, 0 in use and on the form."]
    with pytest.raises(RuleViolation, match="cannot be sealed yet"):
        exam_forms.seal(db, form, by=bank.author_id, at=at)


def test_a_retired_item_and_a_doubled_stem_are_found(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    retired, changed = [entry for entry in form.part_one if entry.item_version.area == "thinking"][:2]
    twin = bank.item("thinking", "planning", stem=f"  {retired.item_version.content['stem'].upper()}")
    exam_forms.exchange(db, form, changed, twin, by=bank.author_id, at=at)
    retired.item_version.state = ReviewState.RETIRED
    code = retired.item_version.item.code
    found = sentences(db, form)
    assert f"{code} version 1 is not in use. Exchange it." in found
    assert any(code in sentence and "have the same stem" in sentence for sentence in found)


def test_what_is_tried_out_stands_besides_what_counts_and_is_sealed_as_such(
    db: Session, bank: Bank, at: datetime
) -> None:
    bank.fill()
    form = draft(db, bank)
    tried = bank.item("thinking", "judgment", state=ReviewState.PRETEST)
    db.flush()
    form.entries.append(FormEntry(part="part_one", slot_group="", position=61, item_version_id=tried.id))
    db.flush()
    db.refresh(form)
    assert sentences(db, form) == []
    keys = exam_forms.key_document(exam_forms.newest_key(db, exam_forms.seal(db, form, by=1, at=at).sha256))
    assert [code for code, key in keys.items.items() if key.pretest] == [tried.item.code]


@pytest.mark.parametrize("state", [ReviewState.APPROVED, ReviewState.PRETEST])
def test_every_essay_counts_so_its_vignette_is_in_use(db: Session, bank: Bank, state: ReviewState) -> None:
    bank.fill()
    form = draft(db, bank)
    vignette = form.slot_group("l3-clinical")[0].item_version
    vignette.state = state
    assert f"{vignette.item.code} version 1 is not in use. Exchange it." in sentences(db, form)


def test_uneven_keys_are_a_note_not_a_problem(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill(keys="b")
    form = draft(db, bank)
    assert [str(note) for note in exam_forms.notes_of(db, form)] == [
        "The key is B in 60 of 60 items, more than 40 in a hundred.",
        "The same letter is the key 60 times in a row.",
    ]
    assert exam_forms.seal(db, form, by=bank.author_id, at=at)


def test_an_item_is_exchanged_for_one_of_the_same_cell(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    spare = bank.item("thinking", "judgment")
    other_area = bank.item("reflection", "curiosity")
    entry = next(e for e in form.part_one if e.item_version.area == "thinking")
    assert exam_forms.replacements_for(db, form, entry) == [spare]
    exam_forms.exchange(db, form, entry, spare, by=bank.author_id, at=at)
    assert spare.item.code in codes(form)
    with pytest.raises(RuleViolation, match="does not fit here"):
        exam_forms.exchange(db, form, entry, other_area, by=bank.author_id, at=at)


def test_a_newer_version_may_replace_the_older_one(db: Session, bank: Bank) -> None:
    bank.fill()
    form = draft(db, bank)
    entry = form.part_one[0]
    newer = bank.newer(entry.item_version)
    assert newer in exam_forms.replacements_for(db, form, entry)
    assert f"{newer.item.code} version 1 is not in use. Exchange it." in sentences(db, form)


def test_the_last_item_of_a_term_is_exchanged_only_for_the_same_term(db: Session, bank: Bank) -> None:
    bank.fill()
    form = draft(db, bank)
    of_term = [e for e in form.part_one if e.item_version.primary_term == "safety"]
    same, other = bank.item("direct-service-skills", "safety"), bank.item("direct-service-skills", "observation")
    assert exam_forms.replacements_for(db, form, of_term[0]) == [same]
    assert other not in exam_forms.replacements_for(db, form, of_term[0])


def test_a_vignette_is_exchanged_for_one_of_the_same_slot(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    spare = bank.vignette("teaching")
    (entry,) = form.slot_group("l4-faculty-teaching")
    assert exam_forms.replacements_for(db, form, entry) == [spare]
    exam_forms.exchange(db, form, entry, spare, by=bank.author_id, at=at)
    assert sentences(db, form) == []


def test_the_sealed_document_is_its_digest_and_holds_no_secret(db: Session, bank: Bank) -> None:
    form = sealed(db, bank)
    assert form.sha256 == sha256_of(form.document)
    assert "Secret" not in form.document
    for word in ("key", "rationale", "rubric", "pretest", "reference"):
        assert f'"{word}"' not in form.document


def test_sealing_the_same_content_again_gives_the_same_digest(db: Session, bank: Bank) -> None:
    bank.fill()
    form = draft(db, bank)
    assert exam_forms.document_of(form) == exam_forms.document_of(db.get_one(ExamForm, form.id))
    digest = exam_forms.seal(db, form, by=bank.author_id, at=bank.at).sha256
    assert form.sealed_sha256 == digest


def test_a_form_in_english_only_is_sealed_as_before_there_were_translations(db: Session, bank: Bank) -> None:
    form = sealed(db, bank)
    assert '"schema_version":1' in form.document
    assert "translations" not in form.document
    read = exam_forms.sealed_document(db, form.sha256)
    assert canonical_json(read.model_dump(mode="json")) == form.document
    assert read.whole_translations(["l3-clinical"]) == {}


def test_a_form_is_sealed_with_the_spanish_that_is_whole_and_true(db: Session, bank: Bank) -> None:
    bank.spanish = True
    bank.fill()
    form = draft(db, bank)
    old = form.part_one[0]
    changed = bank.item(old.item_version.area or "", old.item_version.primary_term, key="b")
    changed.content = {**changed.content, "stem": "The English has changed since."}
    exam_forms.exchange(db, form, old, changed, by=bank.author_id, at=bank.at)
    document = exam_forms.sealed_document(db, exam_forms.seal(db, form, by=bank.author_id, at=bank.at).sha256)
    in_english, *in_both = [item.code for item in document.part_one]
    assert document.schema_version == 2
    assert document.translations["es"].keys() == {*in_both, *document.essays}
    assert document.translations["es"][in_both[0]]["stem"] == f"ES: {document.part_one[1].stem}"
    assert document.whole_translations(in_both).keys() == {"es"}
    assert document.whole_translations([in_english, *in_both]) == document.whole_translations([]) == {}


def test_the_keys_stand_in_a_row_of_their_own(db: Session, bank: Bank) -> None:
    key = exam_forms.newest_key(db, sealed(db, bank).sha256)
    keys = exam_forms.key_document(key)
    assert key.version == 1
    assert len(keys.items) == 60
    assert {item.key for item in keys.items.values()} == set("abcd")
    assert all(essay.rubric.dimensions for essay in keys.essays.values())


def test_the_sealed_document_is_read_once_and_then_from_memory(db: Session, bank: Bank) -> None:
    form = sealed(db, bank)
    document = exam_forms.sealed_document(db, form.sha256)
    assert len(document.part_one) == 60
    assert [group.code for group in document.slot_groups_for(3, None)] == ["l3-clinical"]
    assert exam_forms.sealed_document(db, form.sha256) is document


def test_a_document_that_is_not_what_its_digest_says_is_refused(db: Session, at: datetime) -> None:
    db.add(SealedForm(sha256="0" * 64, document="{}", sealed_at=at))
    db.flush()
    with pytest.raises(ValueError, match="tampered"):
        exam_forms.sealed_document(db, "0" * 64)
    assert "0" * 64 not in documents


@pytest.mark.parametrize("change", [update(SealedForm).values(document="{}"), update(FormKey).values(keys={})])
def test_the_database_refuses_to_change_what_is_sealed(db: Session, bank: Bank, change: object) -> None:
    sealed(db, bank)
    with pytest.raises(IntegrityError, match="append-only"):
        db.execute(change)  # type: ignore[call-overload]  # an update of either table


def test_a_sealed_form_is_not_sealed_exchanged_or_discarded(db: Session, bank: Bank, at: datetime) -> None:
    sealed(db, bank)
    form = db.scalars(select(ExamForm)).one()
    entry = form.part_one[0]
    with pytest.raises(RuleViolation, match="nothing in it can change"):
        exam_forms.seal(db, form, by=bank.author_id, at=at)
    with pytest.raises(RuleViolation, match="nothing in it can change"):
        exam_forms.exchange(db, form, entry, entry.item_version, by=bank.author_id, at=at)
    with pytest.raises(RuleViolation, match="nothing in it can change"):
        exam_forms.discard(db, form, by=bank.author_id, at=at)


def test_a_discarded_draft_is_gone_and_written_down(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    exam_forms.discard(db, draft(db, bank), by=bank.author_id, at=at)
    assert db.scalars(select(ExamForm)).all() == []
    actions = db.scalars(select(AuditEvent.action).where(AuditEvent.target_kind == "exam_form")).all()
    assert actions == ["exam_form.drafted", "exam_form.discarded"]


def test_two_forms_cannot_have_one_title(db: Session, bank: Bank) -> None:
    bank.fill()
    draft(db, bank, "Spring")
    with pytest.raises(RuleViolation, match="Another form is called “Spring”"):
        draft(db, bank, "Spring", seed=2)


def test_a_forms_questions_are_to_be_read_since_its_first_item_was_begun(db: Session, bank: Bank) -> None:
    form = sealed(db, bank)
    [entry, *_] = db.scalars(select(ExamForm)).one().part_one
    entry.item_version.item.created_at = bank.at - timedelta(days=90)
    db.flush()
    assert exam_forms.written_since(db, form.sha256) == bank.at - timedelta(days=90)
    assert bank.item("thinking", "judgment").item.created_at == bank.at  # of no form


def test_a_practice_form_is_made_of_samples_only(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    with pytest.raises(NotEnoughItems):
        draft(db, bank, purpose=FormPurpose.PRACTICE)
    bank.samples = True
    bank.fill()
    form = draft(db, bank, purpose=FormPurpose.PRACTICE)
    assert all(entry.item_version.item.is_sample for entry in form.entries)
    spare = bank.item(form.part_one[0].item_version.area or "", form.part_one[0].item_version.primary_term)
    assert spare in exam_forms.replacements_for(db, form, form.part_one[0])
    spare.item.is_sample = False
    assert spare not in exam_forms.replacements_for(db, form, form.part_one[0])
    form.part_one[0].item_version.item.is_sample = False
    (problem,) = sentences(db, form)
    assert "is not a sample" in problem


def test_a_practice_form_may_serve_some_levels_and_tracks_only(db: Session, bank: Bank) -> None:
    bank.samples = True
    bank.fill()
    retired = db.scalars(select(ItemVersion).where(ItemVersion.title != "")).all()[0]  # one of three clinical ones
    retired.state = ReviewState.RETIRED
    form = draft(db, bank, purpose=FormPurpose.PRACTICE)
    assert form.slot_group("l3-clinical") == []
    assert sentences(db, form) == []


def test_an_exam_form_keeps_clear_of_every_practice_form(db: Session, bank: Bank, at: datetime) -> None:
    bank.samples = True
    bank.fill(forms=2)
    early = draft(db, bank, "Exam")
    practice = draft(db, bank, "Practice", purpose=FormPurpose.PRACTICE, differ_from=[early], seed=2)
    late = draft(db, bank, "Another exam", seed=3)
    assert not codes(late) & codes(practice)
    late.part_one[0].item_version = practice.part_one[0].item_version
    assert any("stands on “Practice” too" in sentence for sentence in sentences(db, late))
    shown = draft(db, bank, "What was given", purpose=FormPurpose.PRACTICE, differ_from=[practice], seed=4)
    assert any("practice form and on an exam form" in str(note) for note in exam_forms.notes_of(db, shown))


def test_a_question_is_tried_out_on_a_form_besides_what_counts(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    trial = bank.item(state=ReviewState.PRETEST)
    db.flush()
    assert exam_forms.trials_for(db, form) == [trial]
    exam_forms.add_trial(db, form, trial, by=bank.author_id, at=at)
    assert (len(form.part_one), exam_forms.trials_for(db, form), sentences(db, form)) == (61, [], [])
    assert form.part_one[-1].item_version is not trial
    with pytest.raises(RuleViolation, match="cannot be tried out"):
        exam_forms.add_trial(db, form, trial, by=bank.author_id, at=at)
    with pytest.raises(RuleViolation, match="counts on this form"):
        exam_forms.remove_trial(db, form, form.part_one[-1], by=bank.author_id, at=at)
    entry = next(entry for entry in form.part_one if entry.item_version is trial)
    exam_forms.remove_trial(db, form, entry, by=bank.author_id, at=at)
    assert (len(form.part_one), sentences(db, form)) == (60, [])
    exam_forms.add_trial(db, form, trial, by=bank.author_id, at=at)
    keys = exam_forms.key_document(
        exam_forms.newest_key(db, exam_forms.seal(db, form, by=bank.author_id, at=at).sha256)
    )
    assert [code for code, key in keys.items.items() if key.pretest] == [trial.item.code]
