"""Enemies stay apart on a form, and vignette sets together."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from question_bank import exam_forms
from question_bank.enemies import declare
from question_bank.exam_forms import ExamForm, FormEntry, NotEnoughItems
from question_bank.exam_policy import PART_TWO
from question_bank.item_pool import versions_in_use
from question_bank.item_sets import join
from question_bank.items import ItemKind, ItemVersion, ReviewState
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


def essays_about(bank: Bank, count: int = 2, slot: str = "clinical", story: str = "Ana is two.") -> list[ItemVersion]:
    """Essays in use that are one vignette set."""
    versions = [bank.vignette(slot) for _ in range(count)]
    for version in versions:
        version.content = {**version.content, "stimulus": story}
        version.item.set_code = versions[0].item.code
    bank.db.flush()
    return versions


def offered(form: ExamForm, group: str) -> list[str]:
    return [entry.item_version.item.code for entry in form.slot_group(group)]


def test_a_set_of_essays_is_drawn_whole_and_in_one_piece(db: Session, bank: Bank) -> None:
    """Of three clinical places of Level 3 a set takes two; where there is one place, it is not drawn.

    Level 4 is offered two clinical ones that Level 3 is offered too: the set, or two single ones.
    """
    bank.fill()
    first, second = (version.item.code for version in essays_about(bank))
    teaching = {version.item.code for version in essays_about(bank, 2, "teaching")}
    found = set()
    for seed in range(8):
        form = draft(db, bank, f"Form {seed}", seed=seed)
        assert sentences(db, form) == []
        assert not teaching & codes(form)
        for group in ("l3-clinical", "l4-clinical-clinical"):
            stands = offered(form, group)
            assert set(stands) <= set(offered(form, "l3-clinical"))
            found.add((first in stands, second in stands))
            assert not found & {(True, False), (False, True)}
            assert first not in stands or stands.index(second) == stands.index(first) + 1
    assert found == {(True, True), (False, False)}


@pytest.mark.parametrize("kind", [ItemKind.ESSAY, ItemKind.SINGLE_BEST_ANSWER])
def test_items_just_joined_are_drawn_once_the_shared_vignette_is_in_use(
    db: Session, bank: Bank, at: datetime, kind: ItemKind
) -> None:
    bank.fill()
    second = bank.vignette() if kind is ItemKind.ESSAY else bank.item()
    bank.story = "Ana is two."
    first = bank.vignette() if kind is ItemKind.ESSAY else bank.item()
    db.flush()
    join(db, second.item, first.item, by=bank.author_id, at=at)
    pair = {first.item.code, second.item.code}
    for seed in range(4):
        form = draft(db, bank, f"Form {seed}", seed=seed)
        assert (sentences(db, form), pair & codes(form)) == ([], set())
    second.state, shared = ReviewState.RETIRED, second.item.latest
    db.flush()
    shared.state, shared.submitted_at, shared.approved_at = ReviewState.OPERATIONAL, at, at
    drawn = [draft(db, bank, f"Form {seed}", seed=seed) for seed in range(4, 8)]
    assert [sentences(db, form) for form in drawn] == [[]] * 4
    assert any(pair <= codes(form) for form in drawn)


def test_a_set_of_essays_fills_a_group_that_single_ones_leave_open(db: Session, bank: Bank) -> None:
    bank.fill()
    for version in versions_in_use(db, ItemKind.ESSAY)[:2]:
        version.state = ReviewState.RETIRED
    pair = [version.item.code for version in essays_about(bank)]
    for seed in range(3):
        form = draft(db, bank, f"Form {seed}", seed=seed)
        assert set(pair) < set(offered(form, "l3-clinical"))
        assert sentences(db, form) == []


def test_what_is_shown_already_comes_first_in_a_group_that_it_cannot_fill(db: Session, bank: Bank) -> None:
    """Of the three clinical ones of Level 3 one is meant for Level 4 too, which is offered two."""
    bank.fill()
    for version in versions_in_use(db, ItemKind.ESSAY)[:3]:
        version.state = ReviewState.RETIRED
    both = bank.vignette()
    for level in (3, 3, 4, 4, 4):
        bank.vignette(levels=[level])
    db.flush()
    for seed in range(4):
        assert offered(draft(db, bank, f"Form {seed}", seed=seed), "l4-clinical-clinical")[0] == both.item.code


def test_a_set_is_as_used_as_the_most_used_of_it(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    versions_in_use(db, ItemKind.ESSAY)[0].state = ReviewState.RETIRED
    (used,) = essays_about(bank, 1)
    exam_forms.seal(db, draft(db, bank), by=bank.author_id, at=at)
    essays_about(bank, 1)[0].item.set_code = used.item.set_code
    unused = {bank.vignette().item.code for _ in range(3)}
    db.flush()
    for seed in range(4):
        assert set(offered(draft(db, bank, f"Form {seed}", seed=seed), "l3-clinical")) == unused


def test_a_set_of_essays_is_kept_off_with_any_of_it(db: Session, bank: Bank, at: datetime) -> None:
    bank.fill()
    form = draft(db, bank)
    first, second = essays_about(bank)
    db.flush()
    declare(db, second.item, form.part_one[0].item_version.item, reason="Same fact", by=bank.author_id, at=at)
    for seed in range(3):
        assert first.item.code not in codes(draft(db, bank, f"Form {seed}", seed=seed))


def test_a_vignette_known_from_another_form_is_not_asked_about(db: Session, bank: Bank) -> None:
    group = "l4-faculty-teaching"
    bank.fill(forms=2)
    earlier = draft(db, bank)
    for version in versions_in_use(db, ItemKind.ESSAY):
        if version.content["slot"] == "teaching":
            version.state = ReviewState.RETIRED
    known, other = earlier.slot_group(group)[0].item_version, bank.vignette("teaching")
    known.item.set_code = other.item.set_code = known.item.code
    db.flush()
    assert offered(draft(db, bank, "Form B"), group) == [other.item.code]
    later = draft(db, bank, "Form C", differ_from=[earlier])
    assert offered(later, group) == []
    later.entries.append(FormEntry(part=PART_TWO, slot_group=group, position=1, item_version=other))
    assert sentences(db, later) == [
        f"{other.item.code}, or its vignette, stands on “Form A” too, from which this form must differ. Exchange it."
    ]


@pytest.mark.parametrize(
    ("order", "stories", "said"),
    [
        ("ABx", ("Ana.", "Ana."), ""),
        ("xAB", ("Ana.", "Ana."), ""),
        ("AxB", ("Ana.", "Ana."), "is torn"),
        ("Ax", ("Ana.", "Ana."), "is torn"),
        ("ABx", ("Ana.", "Eva."), "have different vignettes"),
    ],
)
def test_a_set_of_essays_that_is_torn_or_tells_two_stories_is_not_sealed(
    db: Session, bank: Bank, order: str, stories: tuple[str, str], said: str
) -> None:
    bank.fill()
    form = draft(db, bank)
    entries = form.slot_group("l3-clinical")
    pair = [essays_about(bank, 1, story=story)[0] for story in stories]
    pair[1].item.set_code = pair[0].item.code
    versions = dict(zip("ABx", [*pair, entries[2].item_version], strict=True))
    for entry in entries:
        form.entries.remove(entry)
    db.flush()
    form.entries += [
        FormEntry(part=PART_TWO, slot_group="l3-clinical", position=place, item_version=versions[one])
        for place, one in enumerate(order, start=1)
    ]
    found = [sentence for sentence in sentences(db, form) if "The items of" in sentence or "torn" in sentence]
    assert [said in sentence for sentence in found] == [True] * bool(said)


def test_essays_of_a_set_are_exchanged_for_newer_versions_only(db: Session, bank: Bank) -> None:
    first, second = essays_about(bank)
    bank.fill()
    for version in versions_in_use(db, ItemKind.ESSAY)[2:4]:
        version.state = ReviewState.RETIRED
    form = draft(db, bank)
    (entry,) = (e for e in form.slot_group("l3-clinical") if e.item_version is first)
    (alone,) = (e for e in form.slot_group("l3-clinical") if e.item_version not in (first, second))
    assert exam_forms.replacements_for(db, form, entry) == []
    newer = bank.newer(first)
    assert exam_forms.replacements_for(db, form, entry) == [newer]
    assert not {first, second, newer} & set(exam_forms.replacements_for(db, form, alone))
