"""Enemies stay apart on a form, and vignette sets together."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import exam_forms
from question_bank.enemies import declare
from question_bank.exam_forms import NotEnoughItems
from tests.bank import Bank
from tests.drafted_forms import codes, draft, sentences


def test_enemies_do_not_meet_on_a_form(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    first, second = (entry.item_version.item for entry in form.part_one[:2])
    declare(db, first, second, reason="One gives the other away", by=bank.author_id, at=at)
    assert sentences(db, form) == [
        f"{', '.join(sorted([first.code, second.code]))} are enemies (One gives the other away). Exchange one of them."
    ]
    with pytest.raises(NotEnoughItems, match="Enemies and vignette sets leave no form"):
        draft(db, bank, "Form B")
    entry = form.part_one[0]
    spare, foe = (bank.item(entry.item_version.area or "", entry.item_version.primary_term) for _ in range(2))
    db.flush()
    declare(db, foe.item, form.part_one[5].item_version.item, reason="Same fact", by=bank.author_id, at=at)
    assert exam_forms.replacements_for(db, form, entry) == [spare]
    assert not {first.code, second.code} <= codes(draft(db, bank, "Form B"))


def test_enemies_among_vignettes_do_not_meet_either(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    policy, (teaching,) = form.slot_group("l4-policy-program")[0], form.slot_group("l4-faculty-teaching")
    spare, of_part_one = bank.vignette("teaching"), form.part_one[0].item_version.item
    db.flush()
    declare(db, spare.item, policy.item_version.item, reason="Same family", by=bank.author_id, at=at)
    assert exam_forms.replacements_for(db, form, teaching) == []
    for seed in range(3):
        drawn = draft(db, bank, f"Form {seed}", seed=seed)
        assert (len(drawn.slot_group("l4-faculty-teaching")), sentences(db, drawn)) == (1, [])
    declare(db, teaching.item_version.item, of_part_one, reason="Same fact", by=bank.author_id, at=at)
    drawn = draft(db, bank, "Nothing is left")
    assert drawn.slot_group("l4-faculty-teaching") == []
    assert not any("are enemies" in sentence for sentence in sentences(db, drawn))


def test_a_vignette_set_stands_on_a_form_whole_and_with_its_vignette(db: Session, bank: Bank) -> None:
    bank.story = "Ana is two."
    bank.fill()
    form = draft(db, bank)
    first, second = form.part_one[:2]
    first.item_version.item.set_code = second.item_version.item.set_code = first.item_version.item.code
    assert sentences(db, form) == []
    assert exam_forms.replacements_for(db, form, first) == []
    assert exam_forms.document_of(form).part_one[0].stimulus == "Ana is two."
    second.item_version = bank.item(second.item_version.area or "", second.item_version.primary_term)
    assert "is torn" in sentences(db, form)[0]


def test_a_vignette_set_has_one_vignette_on_a_form(db: Session, bank: Bank) -> None:
    bank.fill()
    form = draft(db, bank)
    bank.story = "Ana is two."
    first = form.part_one[0].item_version
    form.part_one[1].item_version = other = bank.item(first.area or "", first.primary_term)
    first.item.set_code = other.item.set_code = first.item.code
    assert f"The items of the vignette set of {first.item.code} have different vignettes." in sentences(db, form)
